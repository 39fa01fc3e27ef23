package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.InvalidNotificationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message as Amazon SES wants it: as MIME, which carries everything, and its recipients. */
final class SesMail {
  private static final long MOST_BYTES = 40L * 1024 * 1024;

  private SesMail() {}

  /**
   * Checks that SES can carry a message.
   *
   * @throws InvalidNotificationException if it cannot
   */
  static void check(EmailMessage message) {
    if (message.needsUtf8()) {
      throw new InvalidNotificationException(
          "SES takes only ASCII before the @ of an address (it has no SMTPUTF8)");
    }
    checkSize(MessageSize.atLeast(message));
  }

  private static void checkSize(long bytes) {
    if (bytes > MOST_BYTES) {
      throw new InvalidNotificationException(
          "SES takes at most "
              + MOST_BYTES
              + " bytes with everything encoded, but the message has about "
              + bytes);
    }
  }

  /**
   * Returns the body of the request.
   *
   * @throws InvalidNotificationException if the message is too large
   */
  static byte[] json(EmailMessage message, Instant date, Optional<String> configurationSet) {
    Map<String, String> tags = EventTags.of(message);
    ObjectNode mail = Json.object();
    ObjectNode destination = mail.putObject("Destination");
    addAddresses("ToAddresses", List.of(message.to()), destination);
    addAddresses("CcAddresses", message.cc(), destination);
    addAddresses("BccAddresses", message.bcc(), destination);
    mail.putObject("Content")
        .putObject("Raw")
        .put("Data", Base64.getEncoder().encodeToString(mime(message, tags, date)));
    ArrayNode named = mail.putArray("EmailTags");
    tags.forEach((name, value) -> named.addObject().put("Name", name).put("Value", value));
    configurationSet.ifPresent(name -> mail.put("ConfigurationSetName", name));
    return Json.write(mail);
  }

  private static void addAddresses(String name, List<Mailbox> mailboxes, ObjectNode destination) {
    if (!mailboxes.isEmpty()) {
      ArrayNode addresses = destination.putArray(name);
      mailboxes.forEach(mailbox -> addresses.add(mailbox.address().text()));
    }
  }

  /** SES gives the message another id, so that bounces find their way back by these headers. */
  private static byte[] mime(EmailMessage message, Map<String, String> tags, Instant date) {
    ByteArrayOutputStream mime = new ByteArrayOutputStream();
    tags.forEach(
        (name, value) ->
            mime.writeBytes(
                (EventTags.header(name) + ": " + value + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
    try {
      new MimeMail(message, date).writeTo(mime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    checkSize(mime.size());
    return mime.toByteArray();
  }
}
