package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Small finished values that several tests need. */
public final class Samples {
  /** The channel of most samples. */
  public static final ChannelId EMAIL = ChannelId.of("email");

  /** A point in time at which samples happen. */
  public static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

  private Samples() {}

  /** Returns the id with this number. */
  public static NotificationId id(int number) {
    return new NotificationId(new UUID(0x0193_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
  }

  /** Returns a notification to one e-mail address. */
  public static Notification notification() {
    return Notification.to("email:ada@example.com").text("Hello").build();
  }

  /** Returns an attempt at that notification. */
  public static DeliveryAttempt attempt() {
    return attempt("ada@example.com");
  }

  /** Returns an attempt at a notification to this e-mail address. */
  public static DeliveryAttempt attempt(String address) {
    return DeliveryAttempt.of(
        new DeliveryId(id(1), 0),
        Notification.to("email:" + address).text("Hello").build(),
        EMAIL,
        1);
  }

  /** Returns what is known of a delivery of the notification with the number 1. */
  public static DeliveryReport delivery(int leg, DeliveryStatus status, String reason) {
    AttemptReport attempt =
        new AttemptReport(
            EMAIL, 1, NOON, Duration.ofMillis(5), DeliveryResult.accepted(), Optional.empty());
    return new DeliveryReport(
        new DeliveryId(id(1), leg), EMAIL, status, reason, Optional.empty(), List.of(attempt));
  }
}
