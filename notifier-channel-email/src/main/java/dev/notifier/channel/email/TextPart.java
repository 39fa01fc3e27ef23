package dev.notifier.channel.email;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A text, encoded so that every server passes it on unchanged: as it is where that is safe, or else
 * so that it stays readable in its source, or else in the shortest way.
 */
final class TextPart implements MimePart {
  /** RFC 5322, 2.1.1: what lines should keep to. */
  private static final int LONGEST_LINE = 78;

  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});

  private final String type;
  private final Charset charset;
  private final String encoding;
  private final byte[] body;

  /**
   * Creates the part.
   *
   * @param type {@code text/plain} or {@code text/html}
   * @param charset the one to use if it has all characters of the text; UTF-8 is used otherwise
   */
  TextPart(String type, String text, Charset charset) {
    this.type = type;
    String lines = withCrlf(text);
    if (isSafe(lines)) {
      this.charset = charset;
      this.encoding = "7bit";
      this.body = lines.getBytes(StandardCharsets.US_ASCII);
    } else {
      this.charset = HeaderText.usable(charset, text);
      byte[] bytes = lines.getBytes(this.charset);
      boolean readable = isMostlyAscii(bytes);
      this.encoding = readable ? "quoted-printable" : "base64";
      this.body = readable ? QuotedPrintable.encode(bytes) : BASE64.encode(bytes);
    }
  }

  /** Every kind of line break becomes the one of RFC 5322. */
  private static String withCrlf(String text) {
    StringBuilder lines = new StringBuilder(text.length() + text.length() / 32 + 2);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.append("\r\n");
        boolean both = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
        i += both ? 1 : 0;
      } else {
        lines.append(c);
      }
    }
    return lines.toString();
  }

  /**
   * Short lines of ASCII without spaces at the end, which servers cut off; without {@code From},
   * which mail boxes mark; and without "=_", which boundaries start with.
   */
  private static boolean isSafe(String lines) {
    int start = 0;
    for (int i = 0; i < lines.length(); i++) {
      char c = lines.charAt(i);
      if (c == '\n') {
        start = i + 1;
      } else if (c == '\r') {
        if (i > start && isBlank(lines.charAt(i - 1))) {
          return false;
        }
      } else if (!isPlain(c)
          || i - start == LONGEST_LINE
          || (c == '_' && i > 0 && lines.charAt(i - 1) == '=')
          || (i == start && c == 'F' && lines.startsWith("From ", i))) {
        return false;
      }
    }
    return lines.isEmpty() || !isBlank(lines.charAt(lines.length() - 1));
  }

  private static boolean isPlain(char c) {
    return (c >= ' ' && c <= '~') || c == '\t';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Most European texts, which stay readable in their source; base64 is shorter for others. */
  private static boolean isMostlyAscii(byte[] bytes) {
    int others = 0;
    for (byte octet : bytes) {
      others += octet < 0 ? 1 : 0;
    }
    return others <= bytes.length / 3;
  }

  @Override
  public void addHeadersTo(HeaderLines headers) {
    headers.add("Content-Type", type + "; charset=" + charset.name());
    headers.add("Content-Transfer-Encoding", encoding);
  }

  @Override
  public void writeBodyTo(OutputStream out) throws IOException {
    out.write(body);
  }
}
