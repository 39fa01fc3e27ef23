package dev.notifier.channel.email;

import dev.notifier.Attachment;
import dev.notifier.InvalidNotificationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes one message as RFC 5322 and MIME have it. Immutable.
 *
 * <p>It is written here and not by {@code MimeBodyPart}, which looks a service up on the class path
 * for every part of every message (the greater part of the work of sending one), and which makes up
 * new boundaries and a new {@code Message-ID} each time: but for its date a retry has the very same
 * bytes.
 */
final class MimeMail {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);
  private static final byte[] CRLF = {'\r', '\n'};
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, CRLF);

  /** A whole number of lines, so that the chunks of a file join to one encoding. */
  private static final int CHUNK = 57 * 1024;

  /** A line break that is not followed by the space which makes it a mere fold. */
  private static final Pattern FORGED_HEADER =
      Pattern.compile("\\r(?!\\n[ \\t])|(?<!\\r)\\n|\\n(?![ \\t])");

  private final EmailMessage message;
  private final Instant date;

  /** Creates the written form of a message. */
  MimeMail(EmailMessage message, Instant date) {
    this.message = message;
    this.date = date;
  }

  /** Returns what is written. */
  EmailMessage message() {
    return message;
  }

  /** Writes it, with CRLF at the end of every line and without dot-stuffing. */
  void writeTo(OutputStream out) throws IOException {
    writeHeaders(out);
    if (message.attachments().isEmpty()) {
      writeContent(out);
    } else {
      writeMixed(out);
    }
  }

  // --- Headers ----------------------------------------------------------------------------------

  private void writeHeaders(OutputStream out) throws IOException {
    header(out, "Date", DATE.format(date));
    header(out, "From", message.from().headerValue());
    if (message.replyTo().isPresent()) {
      header(out, "Reply-To", message.replyTo().get().headerValue());
    }
    header(out, "To", message.to().headerValue());
    if (!message.cc().isEmpty()) {
      header(out, "Cc", headerValue(message.cc()));
    }
    header(out, "Message-ID", '<' + message.messageId() + '>');
    if (message.subject().isPresent()) {
      header(out, "Subject", HeaderText.text("Subject", message.subject().get()));
    }
    for (HeaderField field : message.headers()) {
      header(out, field.name(), HeaderText.text(field.name(), field.value()));
    }
    header(out, "MIME-Version", "1.0");
  }

  private static String headerValue(List<Mailbox> mailboxes) {
    return mailboxes.stream().map(Mailbox::headerValue).collect(Collectors.joining(",\r\n "));
  }

  private static void header(OutputStream out, String name, String value) throws IOException {
    if (FORGED_HEADER.matcher(value).find()) {
      throw new InvalidNotificationException("header " + name + " must not hold a line break");
    }
    line(out, name + ": " + value);
  }

  private static void line(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write(CRLF);
  }

  // --- Text -------------------------------------------------------------------------------------

  private void writeContent(OutputStream out) throws IOException {
    String text = message.text().orElse("");
    String html = message.html().orElse("");
    if (html.isEmpty()) {
      writeText(out, "text/plain", text);
    } else if (text.isEmpty()) {
      writeText(out, "text/html", html);
    } else {
      writeAlternative(out, text, html);
    }
  }

  /** The plainest first: RFC 2046, 5.1.4. */
  private void writeAlternative(OutputStream out, String text, String html) throws IOException {
    String boundary = startMultipart(out, "alternative");
    line(out, "--" + boundary);
    writeText(out, "text/plain", text);
    line(out, "--" + boundary);
    writeText(out, "text/html", html);
    line(out, "--" + boundary + "--");
  }

  /** Starts with "=_", which neither quoted-printable nor base64 can hold: RFC 2045, 6.7. */
  private String startMultipart(OutputStream out, String subtype) throws IOException {
    String boundary = "=_" + subtype + "_" + message.delivery();
    header(out, "Content-Type", "multipart/" + subtype + ";\r\n boundary=\"" + boundary + '"');
    line(out, "");
    return boundary;
  }

  private static void writeText(OutputStream out, String type, String text) throws IOException {
    byte[] bytes = withCrlf(text).getBytes(StandardCharsets.UTF_8);
    boolean readable = isMostlyAscii(bytes);
    header(out, "Content-Type", type + "; charset=UTF-8");
    header(out, "Content-Transfer-Encoding", readable ? "quoted-printable" : "base64");
    line(out, "");
    out.write(readable ? QuotedPrintable.encode(bytes) : BASE64.encode(bytes));
    out.write(CRLF);
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

  /** Most European texts, which stay readable in their source; base64 is shorter for others. */
  private static boolean isMostlyAscii(byte[] bytes) {
    int others = 0;
    for (byte octet : bytes) {
      others += octet < 0 ? 1 : 0;
    }
    return others <= bytes.length / 3;
  }

  // --- Attachments ------------------------------------------------------------------------------

  private void writeMixed(OutputStream out) throws IOException {
    String boundary = startMultipart(out, "mixed");
    line(out, "--" + boundary);
    writeContent(out);
    for (Attachment file : message.attachments()) {
      line(out, "--" + boundary);
      writeAttachment(out, file);
    }
    line(out, "--" + boundary + "--");
  }

  private static void writeAttachment(OutputStream out, Attachment file) throws IOException {
    header(out, "Content-Type", typeOf(file));
    header(out, "Content-Transfer-Encoding", "base64");
    header(out, "Content-Disposition", "attachment;\r\n " + HeaderText.fileName(file.name()));
    line(out, "");
    try (InputStream in = file.open()) {
      for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
        out.write(BASE64.encode(chunk));
        out.write(CRLF);
      }
    }
  }

  /** A message or multipart must not be encoded (RFC 2045, 6.4), so it travels as mere bytes. */
  private static String typeOf(Attachment file) {
    String type = file.contentType().toLowerCase(Locale.ROOT);
    boolean composite = List.of("message", "multipart").contains(type.split("/", 2)[0]);
    return composite ? "application/octet-stream" : type;
  }
}
