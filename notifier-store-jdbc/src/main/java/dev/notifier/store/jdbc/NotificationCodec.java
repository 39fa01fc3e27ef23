package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.Content;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.OnAmbiguity;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Restored;
import dev.notifier.Route;
import dev.notifier.StoreException;
import dev.notifier.TemplateReference;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a notification as two arrays of bytes: the envelope, and what it says. Thread-safe.
 *
 * <p>The first byte tells the format; then come tagged fields, of which those at their default are
 * left out. To carry a new part of a notification, give it the next number of its group, write it
 * in {@code write…} and read it in {@code read…}: older rows read as its default, and older nodes
 * step over it. A number is never used for something else.
 */
final class NotificationCodec {
  /** The formats. They differ from each other, so that no column can stand in for another. */
  static final byte ENVELOPE = 0x11;

  static final byte CONTENT = 0x21;

  /** The fields of the envelope. */
  private static final class EnvelopeField {
    static final int NAME = 1;
    static final int ADDRESS = 2;
    static final int LEG = 3;
    static final int FALLBACK_ON = 4;
    static final int FALLBACK_AFTER = 5;
    static final int PRIORITY = 6;
    static final int ON_AMBIGUITY = 7;
    static final int IDEMPOTENCY_KEY = 8;
    static final int EXPIRES_AFTER = 9;
    static final int CORRELATION_ID = 10;
    static final int OPTIONS = 11;
    static final int SEND_AT = 12;
    static final int QUIET_HOURS = 13;
    static final int RECIPIENT_LOCALE = 14;
    static final int RECIPIENT_ZONE = 15;
    static final int LOCALE = 16;
    static final int ZONE = 17;
    static final int TEMPLATE = 18;
    static final int TEMPLATE_VERSION = 19;
    static final int TAG = 20;
    static final int REPLAY_OF = 21;
    static final int CATEGORY = 22;
    static final int TRANSACTIONAL = 23;
  }

  /** The fields of a channel's options in the envelope. */
  private static final class OptionField {
    static final int CHANNEL = 1;
    static final int KEY = 2;
    static final int VALUE = 3;
  }

  /** The fields of the content, and of a channel's own content within it. */
  private static final class ContentField {
    static final int SUBJECT = 1;
    static final int TEXT = 2;
    static final int HTML = 3;
    static final int CHANNEL = 4;
    static final int OF_CHANNEL = 5;
    static final int DATA = 6;
    static final int ATTACHMENT = 7;
    static final int TEMPLATE_DATA = 8; // only while it is not rendered
  }

  /** The fields of an attachment. */
  private static final class AttachmentField {
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int BYTES = 3;
    static final int CONTENT_ID = 4;
  }

  private static final ThreadLocal<WireWriter> writers = ThreadLocal.withInitial(WireWriter::new);

  private NotificationCodec() {}

  // --- Writing ----------------------------------------------------------------------------------

  /** Returns everything but what the notification says. */
  static byte[] envelope(Notification notification) {
    WireWriter out = writers.get();
    out.start(ENVELOPE);
    writeRecipient(out, notification.recipient());
    writeRoute(out, notification.route());
    if (notification.priority() != Priority.NORMAL) {
      out.varint(EnvelopeField.PRIORITY, Codes.of(notification.priority()));
    }
    if (notification.onAmbiguity() != OnAmbiguity.RETRY) {
      out.varint(EnvelopeField.ON_AMBIGUITY, Codes.of(notification.onAmbiguity()));
    }
    notification.idempotencyKey().ifPresent(key -> out.text(EnvelopeField.IDEMPOTENCY_KEY, key));
    notification
        .expiresAfter()
        .ifPresent(time -> out.varint(EnvelopeField.EXPIRES_AFTER, time.toNanos()));
    notification.correlationId().ifPresent(id -> out.text(EnvelopeField.CORRELATION_ID, id));
    notification.sendAt().ifPresent(time -> out.varint(EnvelopeField.SEND_AT, time.toEpochMilli()));
    for (String tag : notification.tags()) {
      out.text(EnvelopeField.TAG, tag);
    }
    notification.replayOf().ifPresent(id -> out.bytes(EnvelopeField.REPLAY_OF, DeliveryKey.of(id)));
    writeTemplate(out, notification);
    notification.category().ifPresent(category -> out.text(EnvelopeField.CATEGORY, category));
    if (notification.isTransactional()) {
      out.varint(EnvelopeField.TRANSACTIONAL, 1);
    }
    if (!notification.options().isEmpty()) {
      new TreeMap<>(notification.options())
          .forEach((channel, values) -> writeOptions(out, channel, values));
    }
    return out.toBytes();
  }

  private static void writeTemplate(WireWriter out, Notification notification) {
    Recipient recipient = notification.recipient();
    if (!notification.locale().equals(recipient.locale().orElse(Locale.ROOT))) {
      out.text(EnvelopeField.LOCALE, notification.locale().toLanguageTag());
    }
    if (!notification.zone().equals(recipient.zone().orElse(ZoneOffset.UTC))) {
      out.text(EnvelopeField.ZONE, notification.zone().getId());
    }
    notification
        .template()
        .ifPresent(
            template -> {
              out.text(EnvelopeField.TEMPLATE, template.name());
              template
                  .version()
                  .ifPresent(version -> out.varint(EnvelopeField.TEMPLATE_VERSION, version));
            });
  }

  private static void writeRecipient(WireWriter out, Recipient recipient) {
    recipient
        .quietHours()
        .ifPresent(
            hours ->
                out.text(
                    EnvelopeField.QUIET_HOURS,
                    hours.from() + " " + hours.to() + " " + hours.zone().getId()));
    recipient
        .locale()
        .ifPresent(locale -> out.text(EnvelopeField.RECIPIENT_LOCALE, locale.toLanguageTag()));
    recipient.zone().ifPresent(zone -> out.text(EnvelopeField.RECIPIENT_ZONE, zone.getId()));
    recipient.name().ifPresent(name -> out.text(EnvelopeField.NAME, name));
    for (Address address : recipient.addresses()) {
      out.text(EnvelopeField.ADDRESS, address.channel().value() + ":" + address.value());
    }
  }

  private static void writeRoute(WireWriter out, Route route) {
    for (List<ChannelId> leg : route.legs()) {
      out.text(EnvelopeField.LEG, joined(leg));
    }
    if (route.fallbackOn() != Route.FallbackOn.EXHAUSTION) {
      out.varint(EnvelopeField.FALLBACK_ON, Codes.of(route.fallbackOn()));
    }
    route
        .fallbackAfter()
        .ifPresent(time -> out.varint(EnvelopeField.FALLBACK_AFTER, time.toNanos()));
  }

  private static String joined(List<ChannelId> leg) {
    if (leg.size() == 1) {
      return leg.get(0).value();
    }
    return String.join(",", leg.stream().map(ChannelId::value).toList());
  }

  private static void writeOptions(WireWriter out, ChannelId channel, Map<String, String> values) {
    out.startGroup(EnvelopeField.OPTIONS);
    out.text(OptionField.CHANNEL, channel.value());
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              out.text(OptionField.KEY, key);
              out.text(OptionField.VALUE, value);
            });
    out.endGroup();
  }

  /** Returns what the notification says, on whichever channel, and what goes with it. */
  static byte[] content(Notification notification) {
    WireWriter out = writers.get();
    out.start(CONTENT);
    writeContent(out, notification.content());
    if (!notification.contentByChannel().isEmpty()) {
      new TreeMap<>(notification.contentByChannel())
          .forEach((channel, content) -> writeContentOf(out, channel, content));
    }
    if (!notification.data().isEmpty()) {
      out.startGroup(ContentField.DATA);
      PlainValueCodec.writeMap(out, notification.data());
      out.endGroup();
    }
    if (notification.isUnrendered()) {
      out.startGroup(ContentField.TEMPLATE_DATA);
      PlainValueCodec.writeMap(out, notification.templateData());
      out.endGroup();
    }
    for (Attachment attachment : notification.attachments()) {
      writeAttachment(out, attachment);
    }
    return out.toBytes();
  }

  private static void writeContent(WireWriter out, Content content) {
    content.subject().ifPresent(subject -> out.text(ContentField.SUBJECT, subject));
    content.text().ifPresent(text -> out.text(ContentField.TEXT, text));
    content.html().ifPresent(html -> out.text(ContentField.HTML, html));
  }

  private static void writeContentOf(WireWriter out, ChannelId channel, Content content) {
    out.startGroup(ContentField.OF_CHANNEL);
    out.text(ContentField.CHANNEL, channel.value());
    writeContent(out, content);
    out.endGroup();
  }

  private static void writeAttachment(WireWriter out, Attachment attachment) {
    out.startGroup(ContentField.ATTACHMENT);
    out.text(AttachmentField.NAME, attachment.name());
    out.text(AttachmentField.TYPE, attachment.contentType());
    out.bytes(AttachmentField.BYTES, attachment.bytes());
    attachment.contentId().ifPresent(id -> out.text(AttachmentField.CONTENT_ID, id));
    out.endGroup();
  }

  // --- Reading ----------------------------------------------------------------------------------

  /**
   * Returns the notification.
   *
   * @param content what it says; null for a notification without content
   * @throws StoreException if the bytes are of an unknown format, or damaged
   */
  static Notification decode(byte[] envelope, byte @Nullable [] content) {
    EnvelopeParts parts =
        guarded("envelope", () -> readEnvelope(reader("envelope", ENVELOPE, envelope)));
    Notification.Builder builder = guarded("envelope", parts::toBuilder);
    if (content != null) {
      guarded("content", () -> readContent(reader("content", CONTENT, content), builder, parts));
    }
    return guarded("envelope", () -> parts.ofItsTemplate(builder).build());
  }

  /** Whatever garbage comes to, it is one kind of trouble, and shows none of the bytes. */
  private static <T> T guarded(String part, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException
        | InvalidNotificationException
        | ArithmeticException
        | ArrayIndexOutOfBoundsException
        | DateTimeException e) {
      throw damaged(part, e instanceof WireReader.MalformedBytes ? e : null);
    }
  }

  private static StoreException damaged(String part, @Nullable Throwable cause) {
    return new StoreException(
        "the " + part + " of a stored notification is damaged: restore the row from a backup",
        cause);
  }

  private static WireReader reader(String part, byte format, byte[] bytes) {
    if (bytes.length == 0) {
      throw damaged(part, null);
    }
    if (bytes[0] == PayloadCipher.SEALED) {
      throw new StoreException(
          "the "
              + part
              + " of a stored notification is encrypted: set notifier.store.jdbc.encryption.keys",
          null);
    }
    if (bytes[0] != format) {
      throw new StoreException(
          "the "
              + part
              + " of a stored notification is of format "
              + (bytes[0] & 0xFF)
              + ", but this version of notifier-store-jdbc reads format "
              + format
              + " only: a newer version wrote it, upgrade this node; or the row is damaged",
          null);
    }
    return new WireReader(bytes);
  }

  private static EnvelopeParts readEnvelope(WireReader in) {
    EnvelopeParts parts = new EnvelopeParts();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case EnvelopeField.NAME -> parts.name = in.text();
        case EnvelopeField.ADDRESS -> parts.addresses.add(address(in.text()));
        case EnvelopeField.LEG -> parts.legs.add(leg(in.text()));
        case EnvelopeField.FALLBACK_ON -> parts.fallbackOn = Codes.fallbackOn(in.smallVarint());
        case EnvelopeField.FALLBACK_AFTER -> parts.fallbackAfter = Duration.ofNanos(in.varint());
        case EnvelopeField.PRIORITY -> parts.priority = Codes.priority(in.smallVarint());
        case EnvelopeField.ON_AMBIGUITY -> parts.onAmbiguity = Codes.onAmbiguity(in.smallVarint());
        case EnvelopeField.IDEMPOTENCY_KEY -> parts.idempotencyKey = in.text();
        case EnvelopeField.EXPIRES_AFTER -> parts.expiresAfter = Duration.ofNanos(in.varint());
        case EnvelopeField.CORRELATION_ID -> parts.correlationId = in.text();
        case EnvelopeField.OPTIONS -> parts.options.add(readOptions(in));
        case EnvelopeField.SEND_AT -> parts.sendAt = Instant.ofEpochMilli(in.varint());
        case EnvelopeField.QUIET_HOURS -> parts.quietHours = in.text();
        case EnvelopeField.RECIPIENT_LOCALE ->
            parts.recipientLocale = Locale.forLanguageTag(in.text());
        case EnvelopeField.RECIPIENT_ZONE -> parts.recipientZone = ZoneId.of(in.text());
        case EnvelopeField.LOCALE -> parts.locale = Locale.forLanguageTag(in.text());
        case EnvelopeField.ZONE -> parts.zone = ZoneId.of(in.text());
        case EnvelopeField.TEMPLATE -> parts.template = in.text();
        case EnvelopeField.TEMPLATE_VERSION -> parts.templateVersion = in.smallVarint();
        case EnvelopeField.TAG -> parts.tags.add(in.text());
        case EnvelopeField.REPLAY_OF -> parts.replayOf = DeliveryKey.notification(in.bytes());
        case EnvelopeField.CATEGORY -> parts.category = in.text();
        case EnvelopeField.TRANSACTIONAL -> parts.transactional = in.varint() != 0;
        default -> in.skip();
      }
    }
    return parts;
  }

  /** The builder needs recipient and route first, but they are spread over several fields. */
  private static final class EnvelopeParts {
    private final List<Address> addresses = new ArrayList<>(2);
    private final List<List<ChannelId>> legs = new ArrayList<>(2);
    private final List<ChannelOptions> options = new ArrayList<>(0);
    private final List<String> tags = new ArrayList<>(0);
    private Route.FallbackOn fallbackOn = Route.FallbackOn.EXHAUSTION;
    private Priority priority = Priority.NORMAL;
    private OnAmbiguity onAmbiguity = OnAmbiguity.RETRY;
    private @Nullable String name;
    private @Nullable Duration fallbackAfter;
    private @Nullable String idempotencyKey;
    private @Nullable Duration expiresAfter;
    private @Nullable String correlationId;
    private @Nullable Instant sendAt;
    private @Nullable String quietHours;
    private @Nullable Locale recipientLocale;
    private @Nullable ZoneId recipientZone;
    private @Nullable Locale locale;
    private @Nullable ZoneId zone;
    private @Nullable String template;
    private int templateVersion;
    private @Nullable NotificationId replayOf;
    private @Nullable String category;
    private boolean transactional;
    private @Nullable Map<String, Object> templateData; // null once it is rendered

    Notification.Builder toBuilder() {
      if (legs.isEmpty() || addresses.isEmpty()) {
        throw new WireReader.MalformedBytes("there is no route or no address");
      }
      Notification.Builder builder =
          Restored.notification(recipient(), Restored.route(legs, fallbackOn))
              .priority(priority)
              .onAmbiguity(onAmbiguity);
      options.forEach(builder::options);
      tags.forEach(builder::tag);
      if (fallbackAfter != null) {
        builder.fallbackAfter(fallbackAfter);
      }
      if (idempotencyKey != null) {
        builder.idempotencyKey(idempotencyKey);
      }
      if (expiresAfter != null) {
        builder.expiresAfter(expiresAfter);
      }
      if (correlationId != null) {
        builder.correlationId(correlationId);
      }
      if (sendAt != null) {
        builder.sendAt(sendAt);
      }
      if (category != null) {
        builder.category(category);
      }
      if (transactional) {
        builder.transactional();
      }
      if (locale != null) {
        builder.locale(locale);
      }
      if (zone != null) {
        builder.zone(zone);
      }
      if (replayOf != null) {
        builder.replayOf(replayOf);
      }
      return builder;
    }

    private Recipient recipient() {
      Recipient recipient = Restored.recipient(name, addresses);
      if (recipientLocale != null) {
        recipient = recipient.locale(recipientLocale);
      }
      if (recipientZone != null) {
        recipient = recipient.zone(recipientZone);
      }
      if (quietHours != null) {
        String[] hours = quietHours.split(" ", 3);
        recipient =
            recipient.quietHours(
                ZoneId.of(hours[2]), LocalTime.parse(hours[0]), LocalTime.parse(hours[1]));
      }
      return recipient;
    }

    /** Names the template that it was made from, or will be, if there is one. */
    Notification.Builder ofItsTemplate(Notification.Builder builder) {
      if (template == null) {
        return builder;
      }
      if (templateData == null) {
        return builder.renderedFrom(
            templateVersion == 0
                ? TemplateReference.active(template)
                : TemplateReference.version(template, templateVersion));
      }
      return templateVersion == 0
          ? builder.template(template, templateData)
          : builder.template(template, templateVersion, templateData);
    }
  }

  private static Address address(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new WireReader.MalformedBytes("an address has no channel");
    }
    return Restored.address(ChannelId.of(text.substring(0, colon)), text.substring(colon + 1));
  }

  private static List<ChannelId> leg(String text) {
    List<ChannelId> leg = new ArrayList<>(1);
    int start = 0;
    for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', start)) {
      leg.add(ChannelId.of(text.substring(start, comma)));
      start = comma + 1;
    }
    leg.add(ChannelId.of(text.substring(start)));
    return leg;
  }

  private static ChannelOptions readOptions(WireReader in) {
    String channel = "";
    String key = "";
    Map<String, String> values = new LinkedHashMap<>();
    in.enterGroup();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case OptionField.CHANNEL -> channel = in.text();
        case OptionField.KEY -> key = in.text();
        case OptionField.VALUE -> values.put(key, in.text());
        default -> in.skip();
      }
    }
    return ChannelOptions.of(channel, values);
  }

  private static Notification.Builder readContent(
      WireReader in, Notification.Builder builder, EnvelopeParts parts) {
    ContentParts general = new ContentParts();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case ContentField.OF_CHANNEL -> {
          ContentParts own = readContentOf(in);
          builder.contentFor(own.channel, own.toContent());
        }
        case ContentField.DATA -> {
          in.enterGroup();
          builder.data(PlainValueCodec.readMap(in));
        }
        case ContentField.TEMPLATE_DATA -> {
          in.enterGroup();
          parts.templateData = PlainValueCodec.readMap(in);
        }
        case ContentField.ATTACHMENT -> builder.attach(readAttachment(in));
        default -> general.read(field, in);
      }
    }
    return builder.content(general.toContent());
  }

  private static ContentParts readContentOf(WireReader in) {
    ContentParts parts = new ContentParts();
    in.enterGroup();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      parts.read(field, in);
    }
    return parts;
  }

  private static final class ContentParts {
    private String channel = "";
    private @Nullable String subject;
    private @Nullable String text;
    private @Nullable String html;

    void read(int field, WireReader in) {
      switch (field) {
        case ContentField.SUBJECT -> subject = in.text();
        case ContentField.TEXT -> text = in.text();
        case ContentField.HTML -> html = in.text();
        case ContentField.CHANNEL -> channel = in.text();
        default -> in.skip();
      }
    }

    Content toContent() {
      return subject == null && text == null && html == null
          ? Content.EMPTY
          : Restored.content(subject, text, html);
    }
  }

  private static Attachment readAttachment(WireReader in) {
    String name = "";
    String type = "";
    byte[] bytes = new byte[0];
    @Nullable String contentId = null;
    in.enterGroup();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case AttachmentField.NAME -> name = in.text();
        case AttachmentField.TYPE -> type = in.text();
        case AttachmentField.BYTES -> bytes = in.bytes();
        case AttachmentField.CONTENT_ID -> contentId = in.text();
        default -> in.skip();
      }
    }
    return Restored.attachment(name, type, bytes, contentId);
  }
}
