package dev.notifier.channel.email;

import dev.notifier.Attachment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Locale;

/**
 * A file.
 *
 * @param isImageOfText whether the HTML text shows it, so that it has a content id
 */
record FilePart(Attachment file, boolean isImageOfText) implements MimePart {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, CRLF);

  /** A whole number of lines, so that the chunks of a file join to one encoding. */
  private static final int CHUNK = 57 * 1024;

  @Override
  public void addHeadersTo(HeaderLines headers) {
    headers.add("Content-Type", type());
    headers.add("Content-Transfer-Encoding", "base64");
    headers.add(
        "Content-Disposition",
        (isImageOfText ? "inline" : "attachment") + ";\r\n " + HeaderText.fileName(file.name()));
    if (isImageOfText) {
      headers.add("Content-ID", '<' + file.contentId().orElseThrow() + '>');
    }
  }

  /** A message or multipart must not be encoded (RFC 2045, 6.4), so it travels as mere bytes. */
  private String type() {
    String type = file.contentType().toLowerCase(Locale.ROOT);
    return type.startsWith("message/") || type.startsWith("multipart/")
        ? "application/octet-stream"
        : type;
  }

  @Override
  public void writeBodyTo(OutputStream out) throws IOException {
    try (InputStream in = file.open()) {
      byte[] chunk = in.readNBytes(CHUNK);
      while (chunk.length > 0) {
        out.write(BASE64.encode(chunk));
        chunk = in.readNBytes(CHUNK);
        if (chunk.length > 0) {
          out.write(CRLF);
        }
      }
    }
  }
}
