package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.Attachment;
import dev.notifier.InvalidNotificationException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A message as SendGrid wants it: all its recipients in one personalization. */
final class SendGridMail {
  /** "Less than 30 MB", with all attachments and names of fields. */
  private static final long MOST_BYTES = 30_000_000;

  /** What the names of fields and the addresses come to, generously. */
  private static final long FRAME_BYTES = 64 * 1024;

  /** At which SendGrid's parser of names stumbles unless they are quoted. */
  private static final Pattern NEEDS_QUOTES = Pattern.compile("[,;]");

  private SendGridMail() {}

  /**
   * Checks that SendGrid can carry a message with everything in it.
   *
   * @throws InvalidNotificationException if it cannot
   */
  static void check(EmailMessage message) {
    if (message.subject().filter(subject -> !subject.isBlank()).isEmpty()) {
      throw new InvalidNotificationException("SendGrid takes no message without a subject");
    }
    if (message.needsUtf8()) {
      throw new InvalidNotificationException(
          "SendGrid takes only ASCII before the @ of an address");
    }
    checkHeaders(message.headers());
    checkFiles(message);
    checkSize(MessageSize.atLeast(message) + FRAME_BYTES);
  }

  /** SendGrid takes them as an object, in which a name stands once. */
  private static void checkHeaders(List<HeaderField> headers) {
    Set<String> seen = new HashSet<>();
    for (HeaderField field : headers) {
      if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
        throw new InvalidNotificationException(
            "SendGrid takes each header once, but " + field.name() + " comes twice");
      }
    }
  }

  private static void checkFiles(EmailMessage message) {
    Stream.of(message.attachments(), message.inlineImages())
        .flatMap(List::stream)
        .filter(file -> file.size() == 0)
        .findFirst()
        .ifPresent(
            file -> {
              throw new InvalidNotificationException(
                  "SendGrid takes no empty file, but attachment "
                      + HeaderText.quoted(file.name())
                      + " has no bytes");
            });
  }

  private static void checkSize(long bytes) {
    if (bytes >= MOST_BYTES) {
      throw new InvalidNotificationException(
          "SendGrid takes less than "
              + MOST_BYTES
              + " bytes with everything encoded, but the message has about "
              + bytes);
    }
  }

  /**
   * Returns the body of the request.
   *
   * @throws InvalidNotificationException if it is too large
   */
  static byte[] json(EmailMessage message) {
    ObjectNode mail = Json.object();
    addRecipients(message, mail.putArray("personalizations").addObject());
    mail.set("from", mailbox(message.from()));
    message.replyTo().ifPresent(replyTo -> mail.set("reply_to", mailbox(replyTo)));
    mail.put("subject", message.subject().orElseThrow());
    addContent(message, mail.putArray("content"));
    addFiles(message, mail);
    addHeaders(message, mail.putObject("headers"));
    byte[] json = Json.write(mail);
    checkSize(json.length);
    return json;
  }

  private static void addRecipients(EmailMessage message, ObjectNode personalization) {
    personalization.putArray("to").add(mailbox(message.to()));
    addCopies("cc", message.cc(), personalization);
    addCopies("bcc", message.bcc(), personalization);
    EventTags.of(message).forEach(personalization.putObject("custom_args")::put);
  }

  private static void addCopies(String name, List<Mailbox> copies, ObjectNode personalization) {
    if (!copies.isEmpty()) {
      ArrayNode array = personalization.putArray(name);
      copies.forEach(copy -> array.add(mailbox(copy)));
    }
  }

  private static ObjectNode mailbox(Mailbox mailbox) {
    ObjectNode node = Json.object().put("email", mailbox.address().text());
    String name = mailbox.name();
    if (!name.isEmpty()) {
      node.put("name", NEEDS_QUOTES.matcher(name).find() ? HeaderText.quotedString(name) : name);
    }
    return node;
  }

  /** The plainest first. SendGrid takes no empty text, so that a bare subject has a space. */
  private static void addContent(EmailMessage message, ArrayNode content) {
    message.text().ifPresent(text -> addContent("text/plain", text, content));
    message.html().ifPresent(html -> addContent("text/html", html, content));
    if (content.isEmpty()) {
      addContent("text/plain", " ", content);
    }
  }

  private static void addContent(String type, String value, ArrayNode content) {
    content.addObject().put("type", type).put("value", value);
  }

  private static void addFiles(EmailMessage message, ObjectNode mail) {
    if (message.attachments().isEmpty() && message.inlineImages().isEmpty()) {
      return;
    }
    ArrayNode files = mail.putArray("attachments");
    message.attachments().forEach(file -> addFile(file, files).put("disposition", "attachment"));
    for (Attachment image : message.inlineImages()) {
      addFile(image, files)
          .put("disposition", "inline")
          .put("content_id", image.contentId().orElseThrow());
    }
  }

  private static ObjectNode addFile(Attachment file, ArrayNode files) {
    return files
        .addObject()
        .put("content", Base64.getEncoder().encodeToString(file.bytes()))
        .put("type", file.contentType())
        .put("filename", file.name());
  }

  /** A message keeps its id here, too, over retries and from provider to provider. */
  private static void addHeaders(EmailMessage message, ObjectNode headers) {
    headers.put("Message-ID", '<' + message.messageId() + '>');
    for (HeaderField field : message.headers()) {
      String folded = HeaderText.text(field, StandardCharsets.UTF_8);
      headers.put(field.name(), folded.replace("\r\n", "").strip());
    }
  }
}
