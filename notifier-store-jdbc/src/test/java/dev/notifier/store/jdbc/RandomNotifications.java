package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.Content;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.OnAmbiguity;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Route;
import dev.notifier.TemplateReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Makes notifications of every shape from a seed. */
final class RandomNotifications {
  private static final String[] CHANNELS = {"email", "sms", "telegram", "webhook", "pager", "log"};
  private static final int[] ALPHABET =
      "abc xyz 0189 .,:;#@äöüßéαβγ漢字\u200b😀𝄞".codePoints().toArray();

  private static final Locale[] LOCALES = {Locale.GERMANY, Locale.ENGLISH, Locale.ROOT};
  private static final ZoneId[] ZONES = {
    ZoneId.of("Europe/Vienna"), ZoneOffset.UTC, ZoneOffset.ofHours(-3)
  };

  private final Random random;

  RandomNotifications(long seed) {
    this.random = new Random(seed);
  }

  Notification next() {
    List<String> channels = channels();
    Notification.Builder builder = Notification.to(recipient(channels));
    List<String> route = route(builder, channels);
    if (random.nextInt(10) > 0) {
      builder.subject(text(30));
    }
    builder.text(text(random.nextInt(20) == 0 ? 5000 : 300) + "!");
    if (random.nextBoolean()) {
      builder.html("<p>" + text(300) + "</p>");
    }
    for (String channel : route) {
      if (random.nextInt(4) == 0) {
        builder.contentFor(channel, Content.text(text(50) + "!").withSubject(text(10)));
      }
      if (random.nextInt(4) == 0) {
        builder.options(ChannelOptions.of(channel, options()));
      }
    }
    if (random.nextBoolean()) {
      builder.data(map(0));
    }
    for (int i = random.nextInt(12) - 9; i > 0; i--) {
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      Attachment file = Attachment.of("file " + text(5) + i + ".bin", "application/x-any", bytes);
      builder.attach(random.nextInt(3) == 0 ? file.inline("image-" + i) : file);
    }
    rest(builder);
    if (random.nextInt(4) == 0) {
      return template(builder).build();
    }
    Notification built = builder.build();
    return random.nextInt(4) > 0
        ? built
        : built.rendered(
            random.nextBoolean()
                ? TemplateReference.active("order-shipped")
                : TemplateReference.version("order-shipped", 1 + random.nextInt(300)),
            built.contentByChannel(),
            built.options());
  }

  /** One that is rendered later, as schedules hold it. */
  private Notification.Builder template(Notification.Builder builder) {
    Map<String, Object> data = new LinkedHashMap<>(map(0));
    data.put("null", null);
    data.put("times", times());
    return random.nextBoolean()
        ? builder.template("digest", data)
        : builder.template("digest", 1 + random.nextInt(300), data);
  }

  private List<Object> times() {
    Instant time =
        Instant.ofEpochSecond(
            random.nextInt() * 3L, random.nextBoolean() ? 0 : random.nextInt(1_000_000));
    LocalDateTime local = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    return Arrays.asList(
        time,
        local,
        local.toLocalDate(),
        local.toLocalTime(),
        time.atOffset(ZoneOffset.ofHoursMinutes(-3, -30)),
        time.atZone(oneOf(ZONES)),
        null);
  }

  private void rest(Notification.Builder builder) {
    builder.priority(oneOf(Priority.values()));
    builder.onAmbiguity(oneOf(OnAmbiguity.values()));
    builder.fallbackOn(oneOf(Route.FallbackOn.values()));
    if (random.nextInt(3) == 0) {
      builder.fallbackAfter(Duration.ofNanos(1 + random.nextInt(Integer.MAX_VALUE)));
    }
    if (random.nextInt(3) == 0) {
      builder.expiresAfter(
          random.nextBoolean() ? Duration.ofDays(365) : Duration.ofMillis(1 + random.nextInt(99)));
    }
    if (random.nextInt(3) == 0) {
      builder.idempotencyKey("k" + text(20));
    }
    if (random.nextInt(3) == 0) {
      builder.correlationId("c" + text(20));
    }
    if (random.nextInt(3) == 0) {
      builder.tag("t" + text(20), "t" + text(3));
    }
    if (random.nextInt(3) == 0) {
      builder.sendAt(Instant.ofEpochMilli(Math.abs((long) random.nextInt()) * 1000));
    }
    if (random.nextInt(3) == 0) {
      builder.replayOf(new NotificationId(new UUID(random.nextLong(), random.nextLong())));
    }
    if (random.nextInt(3) == 0) {
      builder.category("c-" + random.nextInt(100));
    }
    if (random.nextInt(3) == 0) {
      builder.transactional();
    }
    if (random.nextInt(3) == 0) {
      builder.locale(oneOf(LOCALES)).zone(oneOf(ZONES));
    }
  }

  private <T> T oneOf(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private List<String> channels() {
    List<String> all = new ArrayList<>(List.of(CHANNELS));
    Collections.shuffle(all, random);
    return all.subList(0, 1 + random.nextInt(all.size()));
  }

  private Recipient recipient(List<String> channels) {
    Recipient recipient =
        random.nextBoolean()
            ? Recipient.named("r" + text(20))
            : Recipient.of(new Address(ChannelId.of(channels.get(0)), address(channels.get(0))));
    for (String channel : channels) {
      if (recipient.address(ChannelId.of(channel)).isEmpty()) {
        recipient = recipient.address(channel, address(channel));
      }
    }
    if (random.nextInt(3) == 0) {
      recipient = recipient.locale(oneOf(LOCALES)).zone(oneOf(ZONES));
    }
    if (random.nextInt(3) == 0) {
      recipient = recipient.quietHours(oneOf(ZONES), LocalTime.of(22, 30), LocalTime.of(6, 0, 1));
    }
    return recipient;
  }

  private String address(String channel) {
    return switch (channel) {
      case "email" -> "user" + random.nextInt() + "@exämple.com";
      case "sms" -> "+4915" + (10_000_000 + random.nextInt(89_999_999));
      case "telegram" -> "@name" + random.nextInt(1000);
      case "webhook" -> "https://example.com/" + random.nextInt(1000) + "?a=b:c";
      default -> "x" + text(30) + "x";
    };
  }

  private List<String> route(Notification.Builder builder, List<String> channels) {
    switch (random.nextInt(3)) {
      case 0 -> {
        return channels;
      }
      case 1 -> {
        builder.via(channels.get(0));
        channels.stream().skip(1).forEach(builder::orElse);
        return channels;
      }
      default -> {
        builder.viaAll(
            channels.get(0), channels.subList(1, channels.size()).toArray(String[]::new));
        return channels;
      }
    }
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      options.put("option" + i, text(20));
    }
    return options;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      values.put(text(8), value(depth));
    }
    return values;
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth < 8 ? 9 : 7)) {
      case 0 -> text(20);
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> random.nextLong();
      case 4 -> random.nextInt(3) == 0 ? (double) random.nextInt(10) : random.nextDouble();
      case 5 -> new BigInteger(random.nextInt(200), random).negate();
      case 6 -> new BigDecimal(new BigInteger(70, random), random.nextInt(40) - 20);
      case 7 -> map(depth + 1);
      default -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(depth + 1));
        }
        yield list;
      }
    };
  }

  private String text(int most) {
    boolean ascii = random.nextInt(3) > 0;
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.appendCodePoint(ALPHABET[random.nextInt(ascii ? 16 : ALPHABET.length)]);
    }
    return text.toString();
  }
}
