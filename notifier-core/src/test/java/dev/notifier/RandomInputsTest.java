package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.spi.ProviderSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Throws random inputs at everything that an application can build: what comes out is a value or a
 * clear error.
 *
 * <p>A failure names its seed; put that into {@link #SEED} to see it again.
 */
class RandomInputsTest {
  private static final @Nullable Long SEED = null;
  private static final int INPUTS = 10_000;
  private static final int LONGEST_MESSAGE = 400;

  /** Helpful messages of the JVM start like this; ours are the name of the parameter. */
  private static final List<String> NOT_OURS = List.of("Cannot ", "because ");

  private final long seed = SEED != null ? SEED : System.nanoTime();
  private final Random random = new Random(seed);
  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  @Timeout(50)
  void tenThousandRandomInputsGiveAValueOrAClearError() {
    List<Callable<?>> builders =
        List.of(
            this::notification,
            this::notification,
            this::notification,
            this::recipient,
            this::address,
            this::content,
            this::attachment,
            this::retryPolicy,
            this::channelPolicy,
            this::smallPolicy,
            this::result,
            this::readSetting,
            this::notifierBuilder);
    for (int i = 0; i < INPUTS; i++) {
      judge(builders.get(random.nextInt(builders.size())), i);
    }
    System.err.println("random inputs, seed " + seed + ": " + outcomes);
    assertThat(outcomes).containsKeys("value", "InvalidNotificationException");
  }

  /** Every address rule meets every random text, since most of them never get past the channel. */
  @Test
  @Timeout(50)
  void everyAddressRuleGivesAValueOrAClearErrorForRandomText() {
    for (int i = 0; i < INPUTS; i++) {
      ChannelId channel = ChannelId.of(pick("email", "sms", "telegram", "webhook", "pager"));
      judge(() -> new Address(channel, addressLike()).toString(), i);
    }
    System.err.println("random addresses, seed " + seed + ": " + outcomes);
    assertThat(outcomes).containsKeys("value", "InvalidNotificationException");
  }

  private void judge(Callable<?> build, int input) {
    String outcome;
    try {
      assertThat(build.call().toString()).isNotNull();
      outcome = "value";
    } catch (InvalidNotificationException
        | ConfigurationException
        | IllegalArgumentException
        | IllegalStateException
        | NullPointerException e) {
      assertThat(e.getMessage())
          .as("seed %d, input %d: %s", seed, input, e)
          .isNotBlank()
          .hasSizeLessThan(LONGEST_MESSAGE)
          .doesNotContain(NOT_OURS);
      assertThat(e.getMessage().lines()).as("seed %d, input %d: %s", seed, input, e).hasSize(1);
      outcome = e.getClass().getSimpleName();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed + ", input " + input + " gave " + e, e);
    }
    outcomes.merge(outcome, 1, Integer::sum);
  }

  // --- What is built ----------------------------------------------------------------------------

  private Notification notification() {
    Notification.Builder builder = Notification.to(likely() ? usableRecipient() : recipient());
    int calls = random.nextInt(8);
    for (int i = 0; i < calls; i++) {
      switch (random.nextInt(16)) {
        case 0 -> builder.via(channel());
        case 1 -> builder.orElse(channel());
        case 2 -> builder.viaAll(channel(), channels());
        case 3 -> builder.fallbackOn(constant(Route.FallbackOn.values()));
        case 4 -> builder.fallbackAfter(duration());
        case 5 -> builder.subject(text());
        case 6 -> builder.text(text());
        case 7 -> builder.html(text());
        case 8 -> builder.contentFor(channel(), likely() ? content() : null);
        case 9 -> builder.attach(likely() ? attachment() : null);
        case 10 -> builder.maxAttachmentBytes(number());
        case 11 -> builder.priority(constant(Priority.values()));
        case 12 -> builder.onAmbiguity(constant(OnAmbiguity.values()));
        case 13 -> builder.idempotencyKey(text());
        case 14 -> builder.expiresAfter(duration());
        default -> builder.correlationId(text());
      }
    }
    return likely() ? builder.text("x").build() : builder.build();
  }

  private static Recipient usableRecipient() {
    return Recipient.named("x").email("a@b").sms("+14155550100").webhook("https://example.com/");
  }

  private Recipient recipient() {
    Recipient recipient = likely() ? Recipient.named(text()) : Recipient.of(address());
    int calls = random.nextInt(4);
    for (int i = 0; i < calls; i++) {
      recipient =
          switch (random.nextInt(5)) {
            case 0 -> recipient.email(addressLike());
            case 1 -> recipient.sms(addressLike());
            case 2 -> recipient.telegram(addressLike());
            case 3 -> recipient.webhook(addressLike());
            default -> recipient.address(channel(), addressLike());
          };
    }
    return recipient;
  }

  private Address address() {
    return likely()
        ? Address.parse(likely() ? channel() + ":" + addressLike() : text())
        : new Address(ChannelId.of(channel()), addressLike());
  }

  private Content content() {
    return likely()
        ? Content.text(text()).withSubject(text())
        : Content.EMPTY.withHtml(text()).withText(text());
  }

  private Attachment attachment() {
    return switch (random.nextInt(3)) {
      case 0 -> Attachment.of(text(), "text/plain", bytes());
      case 1 -> Attachment.of("a.txt", text(), bytes());
      default -> Attachment.file(path(), number());
    };
  }

  private Path path() {
    try {
      String text = text();
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      return Path.of("missing");
    }
  }

  private RetryPolicy retryPolicy() {
    RetryPolicy policy =
        switch (random.nextInt(4)) {
          case 0 -> RetryPolicy.seconds(number(), number());
          case 1 -> RetryPolicy.delays(duration(), duration());
          case 2 -> RetryPolicy.exponential(duration(), fraction(), duration(), integer());
          default -> RetryPolicy.exponential(duration(), fraction(), duration());
        };
    policy.delayAfter(integer(), duration(), fraction());
    return policy.withJitter(fraction()).withRetryAfterCap(duration());
  }

  private ChannelPolicy channelPolicy() {
    ChannelPolicy.Builder builder = ChannelPolicy.builder();
    int calls = random.nextInt(4);
    for (int i = 0; i < calls; i++) {
      switch (random.nextInt(10)) {
        case 0 -> builder.concurrency(integer());
        case 1 -> builder.capacity(integer());
        case 2 -> builder.overflow(OverflowPolicy.block(duration()));
        case 3 -> builder.retry(constant(Priority.values()), retryPolicy());
        case 4 -> builder.jitter(fraction());
        case 5 -> builder.breaker(CircuitBreakerPolicy.consecutive(integer(), duration()));
        case 6 ->
            builder.recipientBreaker(CircuitBreakerPolicy.outOf(integer(), integer(), duration()));
        case 7 -> builder.rateLimit(new RateLimit(integer(), duration()));
        case 8 -> builder.recipientRateLimit(null);
        default -> builder.configurationFaultPause(duration());
      }
    }
    return builder.build();
  }

  private Object smallPolicy() {
    return switch (random.nextInt(5)) {
      case 0 -> new OverflowPolicy(constant(OverflowPolicy.Action.values()), duration());
      case 1 -> RateLimit.perSecond(integer());
      case 2 -> ChannelId.of(text());
      case 3 -> NotificationId.parse(text());
      default -> new CircuitBreakerPolicy(integer(), integer(), duration());
    };
  }

  private DeliveryResult result() {
    return switch (random.nextInt(4)) {
      case 0 -> DeliveryResult.transientFailure(text(), duration());
      case 1 -> DeliveryResult.permanentFailure(text());
      case 2 -> DeliveryResult.accepted(text());
      default -> DeliveryResult.deferred(null, DeliveryResult.Obstacle.UNAVAILABLE, text());
    };
  }

  private Object readSetting() {
    Map<String, String> values = new HashMap<>();
    values.put("key", text());
    if (unlikely()) {
      values.put(text(), text());
    }
    ProviderSettings settings = ProviderSettings.of("notifier.pager.", values);
    Object value =
        switch (random.nextInt(7)) {
          case 0 -> settings.required("key");
          case 1 -> settings.secret("key");
          case 2 -> settings.integer("key", 1, 9);
          case 3 -> settings.flag("key");
          case 4 -> settings.duration("key");
          case 5 -> settings.oneOf("key", Priority.class);
          default ->
              settings.optional(pick("key", "other", null)); // keys are the plug-in's own words
        };
    settings.checkAllRead();
    return value;
  }

  private Object notifierBuilder() {
    NotifierBuilder builder = Notifier.builder();
    return switch (random.nextInt(7)) {
      case 0 -> builder.name(text());
      case 1 -> builder.history(integer(), duration());
      case 2 -> builder.idempotencyWindow(duration());
      case 3 -> builder.longestLife(duration());
      case 4 -> builder.policy(text(), ChannelPolicy.defaults());
      case 5 -> builder.channel(text(), attempt -> DeliveryResult.accepted());
      default -> builder.defaultPolicy(null);
    };
  }

  // --- What it is built from --------------------------------------------------------------------

  private boolean likely() {
    return random.nextInt(4) > 0;
  }

  private boolean unlikely() {
    return random.nextInt(20) == 0;
  }

  private String channel() {
    return likely() ? pick("email", "sms", "telegram", "webhook", "pager") : text();
  }

  private String[] channels() {
    List<String> channels = new ArrayList<>();
    while (random.nextBoolean()) {
      channels.add(channel());
    }
    return channels.toArray(new String[0]);
  }

  private String addressLike() {
    String address =
        switch (random.nextInt(6)) {
          case 0 -> word(1 + random.nextInt(70)) + "@" + word(1 + random.nextInt(70)) + ".com";
          case 1 -> "+" + (1 + Math.abs(random.nextLong() >> random.nextInt(50)));
          case 2 -> Long.toString(random.nextLong() >> random.nextInt(60));
          case 3 -> "https://" + word(1 + random.nextInt(20)) + "/" + word(random.nextInt(9));
          case 4 -> pick("a@b.c", "+14155550100", "@news", "https://example.com/hook?a=b#c");
          default -> text();
        };
    return address == null || likely() ? address : mutated(address);
  }

  private String mutated(String text) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + character() + text.substring(at);
  }

  private @Nullable String text() {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> "";
      case 2 -> " ".repeat(random.nextInt(4));
      case 3 -> word(random.nextInt(10));
      case 4 -> word(random.nextInt(300));
      case 5 -> word(1) + pick(".", "-", "..", "@", ":", "/").repeat(random.nextInt(3000));
      case 6 ->
          pick("a.", "a@", "é", "😀", "\ud800", "1", "\r\n", "％").repeat(random.nextInt(3000));
      case 7 -> "x".repeat(random.nextInt(20) == 0 ? 11_000_000 : random.nextInt(70_000));
      case 8 -> pick("true", "5s", "PT5S", "7", "high", "-1", "1e9", "99999999999", "P1Y");
      case 9 -> "PT" + random.nextLong() + "S";
      default -> pick("a", "email", "order-1", "Hello Ada", "text/html", "a.txt", "email:a@b.c");
    };
  }

  private String word(int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(likely() ? (char) ('a' + random.nextInt(26)) : character());
    }
    return word.toString();
  }

  private String character() {
    return switch (random.nextInt(6)) {
      case 0 -> Character.toString((char) random.nextInt(0x20)); // control characters
      case 1 -> Character.toString((char) random.nextInt(0x10000)); // surrogates among them
      case 2 -> Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1));
      case 3 -> pick("\u00ad", "\u200d", "\u3002", "\ufeff", "\u202e", "ß", "İ", "\u0130\u0307");
      default -> Character.toString((char) (0x20 + random.nextInt(0x5f))); // printable ASCII
    };
  }

  private @Nullable Duration duration() {
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1 -> Duration.ZERO;
      case 2 -> Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
      case 3 -> Duration.ofSeconds(Long.MIN_VALUE);
      case 4 -> Duration.ofNanos(random.nextLong());
      case 5 -> Duration.ofNanos(random.nextInt(2_000_000));
      default -> Duration.ofSeconds(random.nextInt(100_000));
    };
  }

  private long number() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> pick(Long.MAX_VALUE, Long.MIN_VALUE, 0L, -1L);
      default -> random.nextInt(3000);
    };
  }

  private int integer() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt();
      case 1 -> pick(Integer.MAX_VALUE, Integer.MIN_VALUE, 0, -1);
      default -> random.nextInt(200);
    };
  }

  private double fraction() {
    return switch (random.nextInt(5)) {
      case 0 -> pick(Double.NaN, Double.POSITIVE_INFINITY, -0.0, -1.0, Double.MIN_VALUE);
      case 1 -> random.nextInt(2000);
      default -> random.nextDouble();
    };
  }

  private byte @Nullable [] bytes() {
    return unlikely() ? null : new byte[random.nextInt(100)];
  }

  private <E extends Enum<E>> @Nullable E constant(E[] constants) {
    return unlikely() ? null : constants[random.nextInt(constants.length)];
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
