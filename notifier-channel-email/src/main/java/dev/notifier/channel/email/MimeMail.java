package dev.notifier.channel.email;

import dev.notifier.Attachment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message as RFC 5322 and MIME have it. Immutable.
 *
 * <p>It is written here and not by {@code MimeBodyPart}, which looks a service up on the class path
 * for every part of every message (the greater part of the work of sending one), and which makes up
 * new boundaries and a new {@code Message-ID} each time: but for its date a retry has the very same
 * bytes.
 *
 * <p>The texts with the images in them come first, the files last: {@code mixed(alternative(text,
 * related(html, images)), files)}, of which is left out what has one part only.
 */
final class MimeMail {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

  private final EmailMessage message;
  private final Instant date;
  private final MimePart content;

  /** Creates the written form of a message. */
  MimeMail(EmailMessage message, Instant date) {
    this.message = message;
    this.date = date;
    this.content = withFiles();
  }

  /** Returns what is written. */
  EmailMessage message() {
    return message;
  }

  /** Writes it, with CRLF at the end of every line and without dot-stuffing. */
  void writeTo(OutputStream out) throws IOException {
    HeaderLines headers = headers();
    StringBuilder head = new StringBuilder();
    for (DkimSigner signer : message.signers()) {
      head.append(signer.signatureOf(headers, this::writeBody, date)).append("\r\n");
    }
    head.append(headers).append("\r\n");
    out.write(head.toString().getBytes(StandardCharsets.UTF_8));
    writeBody(out);
  }

  private void writeBody(OutputStream out) throws IOException {
    content.writeBodyTo(out);
    out.write('\r');
    out.write('\n');
  }

  // --- Headers ----------------------------------------------------------------------------------

  private HeaderLines headers() {
    Charset charset = message.charset();
    HeaderLines headers = new HeaderLines();
    headers.add("Date", DATE.format(date));
    headers.add("From", message.from().headerValue(charset));
    message.replyTo().ifPresent(box -> headers.add("Reply-To", box.headerValue(charset)));
    headers.add("To", message.to().headerValue(charset));
    if (!message.cc().isEmpty()) {
      headers.add("Cc", headerValue(message.cc()));
    }
    headers.add("Message-ID", '<' + message.messageId() + '>');
    message
        .subject()
        .ifPresent(text -> headers.add("Subject", HeaderText.text("Subject", text, charset)));
    for (HeaderField field : message.headers()) {
      headers.add(field.name(), HeaderText.text(field, charset));
    }
    headers.add("MIME-Version", "1.0");
    content.addHeadersTo(headers);
    return headers;
  }

  private String headerValue(List<Mailbox> mailboxes) {
    return mailboxes.stream()
        .map(mailbox -> mailbox.headerValue(message.charset()))
        .collect(Collectors.joining(",\r\n "));
  }

  // --- Parts ------------------------------------------------------------------------------------

  private MimePart withFiles() {
    return together("mixed", texts(), files(message.attachments(), false));
  }

  /** The plainest first: RFC 2046, 5.1.4. */
  private MimePart texts() {
    String text = message.text().orElse(null);
    MimePart html = htmlWithImages();
    if (html == null) {
      return plain(text == null ? "" : text);
    }
    return text == null ? html : together("alternative", plain(text), List.of(html));
  }

  private MimePart plain(String text) {
    return new TextPart("text/plain", text, message.charset());
  }

  private @Nullable MimePart htmlWithImages() {
    return message
        .html()
        .map(html -> new TextPart("text/html", html, message.charset()))
        .map(html -> together("related", html, files(message.inlineImages(), true)))
        .orElse(null);
  }

  private static List<MimePart> files(List<Attachment> files, boolean areImagesOfText) {
    List<MimePart> parts = new ArrayList<>();
    files.forEach(file -> parts.add(new FilePart(file, areImagesOfText)));
    return parts;
  }

  private MimePart together(String subtype, MimePart first, List<MimePart> others) {
    if (others.isEmpty()) {
      return first;
    }
    // RFC 2387, 3.1 wants the type of the first part repeated.
    String type =
        "multipart/" + subtype + (subtype.equals("related") ? "; type=\"text/html\"" : "");
    String boundary = "=_" + subtype + "_" + message.delivery();
    return new MultiPart(type, boundary, Stream.concat(Stream.of(first), others.stream()).toList());
  }
}
