package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.Notification;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.james.mime4j.MimeIOException;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;

/** Reads messages as Apache James does, which shares no code with what wrote them. */
final class SecondParser {
  static final Instant NOW = Instant.parse("2024-09-03T10:15:30Z");
  static final Mailbox FROM = Mailbox.parse("from", "Shop <no-reply@shop.example>");

  private SecondParser() {}

  static MessageSettings settings(Charset charset, DkimSigner... signers) {
    return new MessageSettings(ChannelId.of("email"), FROM, null, null, charset, List.of(signers));
  }

  static byte[] written(Notification.Builder notification, MessageSettings settings)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new MimeMail(EmailMessage.of(Attempts.of(notification), settings), NOW).writeTo(out);
    return out.toByteArray();
  }

  /** Reads a message; strictly, so that what is only nearly right fails. */
  static Message read(byte[] message) throws IOException {
    DefaultMessageBuilder builder = new DefaultMessageBuilder();
    builder.setMimeEntityConfig(
        MimeConfig.custom().setStrictParsing(true).setMaxLineLen(1000).build());
    try {
      return builder.parseMessage(new ByteArrayInputStream(message));
    } catch (MimeIOException e) {
      throw new AssertionError(new String(message, StandardCharsets.UTF_8), e);
    }
  }

  static Message read(Notification.Builder notification) throws IOException {
    return read(written(notification, settings(StandardCharsets.UTF_8)));
  }

  /** Describes a tree: {@code multipart/mixed(text/plain, application/pdf)}. */
  static String shape(Entity entity) {
    Body body = entity.getBody();
    return body instanceof Multipart multipart
        ? entity.getMimeType() + multipart.getBodyParts().stream().map(SecondParser::shape).toList()
        : entity.getMimeType();
  }

  static Entity part(Entity entity, int... path) {
    Entity part = entity;
    for (int index : path) {
      part = ((Multipart) part.getBody()).getBodyParts().get(index);
    }
    return part;
  }

  static String text(Entity entity) throws IOException {
    StringWriter text = new StringWriter();
    try (Reader reader = ((TextBody) entity.getBody()).getReader()) {
      reader.transferTo(text);
    }
    return text.toString();
  }

  static byte[] bytes(Entity entity) throws IOException {
    return ((SingleBody) entity.getBody()).getInputStream().readAllBytes();
  }
}
