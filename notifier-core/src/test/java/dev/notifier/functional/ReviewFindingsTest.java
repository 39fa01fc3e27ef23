package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats;
import dev.notifier.ChannelStats.Event;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.OverflowPolicy;
import dev.notifier.RateLimit;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.spi.SteppedNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a reviewer broke once. */
class ReviewFindingsTest {
  private static final Channel ACCEPTS = attempt -> DeliveryResult.accepted();
  private static final Channel BUSY = attempt -> DeliveryResult.transientFailure("busy");

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));

  private SteppedNotifier notifier(Channel mail, Channel pager, ChannelPolicy mailPolicy) {
    return Notifier.builder()
        .discovery(false)
        .clock(time::get)
        .channel("mail", mail)
        .channel("pager", pager)
        .policy("mail", mailPolicy)
        .policy(
            "pager", ChannelPolicy.builder().capacity(2).overflow(OverflowPolicy.reject()).build())
        .buildStepped();
  }

  private static Notification.Builder toBoth(int number) {
    return Notification.to(
            Recipient.named("user-" + number)
                .address("mail", "m" + number)
                .address("pager", "p" + number))
        .via("mail")
        .orElse("pager")
        .text("hello");
  }

  @Test
  void anOpenBreakerFallsBackAtOnceAlthoughTheRateLimitIsUsedUp() {
    ChannelPolicy policy =
        ChannelPolicy.builder()
            .retry(RetryPolicy.none())
            .breaker(CircuitBreakerPolicy.consecutive(2, Duration.ofMinutes(5)))
            .rateLimit(RateLimit.perMinute(4))
            .build();
    try (SteppedNotifier notifier = notifier(BUSY, ACCEPTS, policy)) {
      for (int number = 0; number < 30; number++) {
        notifier.send(toBoth(number).build());
        notifier.runDue();
      }
      assertThat(notifier.stats().total(Event.SENT)).isEqualTo(30);
    }
  }

  @Test
  void alarmsTakeNoRoomInTheLaneOfTheNextChannel() {
    ChannelPolicy patient =
        ChannelPolicy.builder().retry(RetryPolicy.seconds(3600)).withoutBreakers().build();
    try (SteppedNotifier notifier = notifier(BUSY, ACCEPTS, patient)) {
      for (int number = 0; number < 10; number++) {
        notifier.send(toBoth(number).fallbackAfter(Duration.ofMinutes(10)).build());
      }

      ChannelStats pager = notifier.stats().channels().get(ChannelId.of("pager"));
      assertThat(pager.waiting() + pager.delayed()).isZero();
      NotificationId direct =
          notifier.send(Notification.to("pager:direct").text("hello").build()).id();
      notifier.runDue();
      assertThat(notifier.find(direct).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);

      time.updateAndGet(now -> now.plus(Duration.ofMinutes(10)));
      notifier.runDue();
      assertThat(notifier.stats().total(Event.SENT)).isEqualTo(11);
    }
  }

  @Test
  void aClockThatWasSetBackEndsTheHoldOfALane() {
    Channel holds =
        new Channel() {
          private boolean asked;

          @Override
          public DeliveryResult send(DeliveryAttempt attempt) {
            boolean first = !asked;
            asked = true;
            return first
                ? DeliveryResult.deferred(
                    time.get().plusSeconds(60), DeliveryResult.Obstacle.CHANNEL_LIMIT, "enough")
                : DeliveryResult.accepted();
          }
        };
    try (SteppedNotifier notifier = notifier(holds, ACCEPTS, ChannelPolicy.defaults())) {
      NotificationId id = notifier.send(Notification.to("mail:ada").text("hello").build()).id();
      notifier.runDue();
      assertThat(notifier.find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.QUEUED);

      time.updateAndGet(now -> now.minus(Duration.ofHours(1)));
      notifier.runDue();
      assertThat(notifier.find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
    }
  }

  @Test
  void aNameThatLooksLikeAnAddressSharesNoIdempotencyKeyWithIt() {
    try (SteppedNotifier notifier = notifier(ACCEPTS, ACCEPTS, ChannelPolicy.defaults())) {
      Notification byAddress =
          Notification.to("mail:ada").text("hello").idempotencyKey("order-1").build();
      Notification byName =
          Notification.to(Recipient.named("mail:ada").address("mail", "bob"))
              .text("hello")
              .idempotencyKey("order-1")
              .build();
      assertThat(notifier.send(byAddress).isDuplicate()).isFalse();
      assertThat(notifier.send(byName).isDuplicate()).isFalse();
      assertThat(notifier.send(byName).isDuplicate()).isTrue();
    }
  }

  @Test
  void theDomainOfAnEmailAddressIsTheSameInAnyCase() {
    assertThat(Address.parse("email:Ada@EXAMPLE.com"))
        .isEqualTo(Address.parse("email:Ada@example.com"))
        .isNotEqualTo(Address.parse("email:ada@example.com"));
  }

  @Test
  void aChannelWhoseVerificationFailsHidesNoOther() {
    Channel broken =
        new Channel() {
          @Override
          public DeliveryResult send(DeliveryAttempt attempt) {
            return DeliveryResult.accepted();
          }

          @Override
          public Verification verify() {
            throw new IllegalStateException("a secret");
          }
        };
    try (SteppedNotifier notifier = notifier(broken, ACCEPTS, ChannelPolicy.defaults())) {
      assertThat(notifier.verify()).hasSize(2);
      Verification found = notifier.verify().get(ChannelId.of("mail"));
      assertThat(found.verdict()).isEqualTo(Verdict.UNKNOWN);
      assertThat(found.detail()).contains("IllegalStateException").doesNotContain("secret");
    }
  }

  @Test
  void historyIsBoundedByTheBytesOfItsContentToo() {
    try (SteppedNotifier notifier = notifier(ACCEPTS, ACCEPTS, ChannelPolicy.defaults())) {
      String large = "x".repeat(10 * 1024 * 1024);
      NotificationId first = sendAndRun(notifier, large);
      NotificationId last = first;
      for (int i = 0; i < 7; i++) {
        last = sendAndRun(notifier, large);
      }
      assertThat(notifier.find(first)).isEmpty();
      assertThat(notifier.find(last)).isPresent();
    }
  }

  private static NotificationId sendAndRun(SteppedNotifier notifier, String text) {
    NotificationId id = notifier.send(Notification.to("mail:ada").text(text).build()).id();
    notifier.runDue();
    return id;
  }
}
