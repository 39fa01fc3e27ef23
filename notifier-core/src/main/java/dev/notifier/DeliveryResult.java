package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt came to. A channel answers with one of these; it does not throw for a failure
 * that it understands.
 *
 * <p>A reason is for an operator: it names the provider's code and words. Line breaks in it become
 * spaces and it is cut after 500 characters. It must hold no secret.
 */
public sealed interface DeliveryResult {
  /** Returns what happened, in words for an operator. */
  String reason();

  /**
   * The provider accepted the message. That is not proof of delivery.
   *
   * @param providerMessageId the provider's own id of the message, if it gave one
   * @param reason what an operator should know of it, such as that a copy was refused
   */
  record Accepted(Optional<String> providerMessageId, String reason) implements DeliveryResult {
    private static final Accepted PLAIN = new Accepted(Optional.empty());

    /** Creates the result. */
    public Accepted {
      Objects.requireNonNull(providerMessageId, "providerMessageId");
      reason = Reasons.tidy(reason);
    }

    /** Creates the result of which there is nothing more to say. */
    public Accepted(Optional<String> providerMessageId) {
      this(providerMessageId, "accepted by the provider");
    }
  }

  /**
   * The message was not accepted now, and may be later.
   *
   * @param retryAfter the least time to wait, if the provider said one
   */
  record Transient(String reason, Optional<Duration> retryAfter) implements DeliveryResult {
    /** Creates the result. */
    public Transient {
      reason = Reasons.tidy(reason);
      Objects.requireNonNull(retryAfter, "retryAfter");
    }
  }

  /**
   * The message will never be accepted as it is.
   *
   * @param suppressRecipient whether the address is dead or has opted out, so that nothing more may
   *     be sent to it by this channel
   * @param configurationFault whether the fault is the host's own (a bad token, refused
   *     credentials), so that the channel must pause and the message is not to blame
   */
  record Permanent(String reason, boolean suppressRecipient, boolean configurationFault)
      implements DeliveryResult {
    /** Creates the result. */
    public Permanent {
      reason = Reasons.tidy(reason);
      if (suppressRecipient && configurationFault) {
        throw new IllegalArgumentException(
            "a configuration fault is not the recipient's: suppress or configurationFault, not"
                + " both");
      }
    }
  }

  /** The provider may have the message, or not: its answer was lost. */
  record Ambiguous(String reason) implements DeliveryResult {
    /** Creates the result. */
    public Ambiguous {
      reason = Reasons.tidy(reason);
    }
  }

  /**
   * No attempt was made; the delivery waits, and its retries are not used up.
   *
   * @param until when to try again
   * @param obstacle what stands in the way
   */
  record Deferred(Instant until, Obstacle obstacle, String reason) implements DeliveryResult {
    /** Creates the result. */
    public Deferred {
      Objects.requireNonNull(until, "until");
      Objects.requireNonNull(obstacle, "obstacle");
      reason = Reasons.tidy(reason);
    }
  }

  /** Why an attempt is put off. */
  enum Obstacle {
    /** The recipient has had enough for now: this delivery waits. */
    RECIPIENT_LIMIT,
    /** The channel has sent enough for now: its whole lane waits, in order. */
    CHANNEL_LIMIT,
    /** The channel or the recipient fails: this delivery falls back at once, or else waits. */
    UNAVAILABLE
  }

  /** The provider accepted the message and gave no id. */
  static DeliveryResult accepted() {
    return Accepted.PLAIN;
  }

  /** The provider accepted the message under this id. */
  static DeliveryResult accepted(String providerMessageId) {
    return new Accepted(
        Optional.of(Objects.requireNonNull(providerMessageId, "providerMessageId")));
  }

  /** The provider accepted the message under this id, and there is something to say of it. */
  static DeliveryResult accepted(String providerMessageId, String reason) {
    return new Accepted(
        Optional.of(Objects.requireNonNull(providerMessageId, "providerMessageId")), reason);
  }

  /** The message was not accepted now; retry as the policy says. */
  static DeliveryResult transientFailure(String reason) {
    return new Transient(reason, Optional.empty());
  }

  /** The message was not accepted now; the provider asks to wait this long, or said nothing. */
  static DeliveryResult transientFailure(String reason, @Nullable Duration retryAfter) {
    return new Transient(reason, Optional.ofNullable(retryAfter));
  }

  /** The message will never be accepted as it is. */
  static DeliveryResult permanentFailure(String reason) {
    return new Permanent(reason, false, false);
  }

  /** The address is dead or has opted out: nothing more may be sent to it by this channel. */
  static DeliveryResult suppressRecipient(String reason) {
    return new Permanent(reason, true, false);
  }

  /** The channel is set up wrongly: it pauses, and the message waits or takes another channel. */
  static DeliveryResult configurationFault(String reason) {
    return new Permanent(reason, false, true);
  }

  /** The provider may have the message, or not: its answer was lost. */
  static DeliveryResult ambiguous(String reason) {
    return new Ambiguous(reason);
  }

  /** No attempt was made; try again at {@code until}. */
  static DeliveryResult deferred(Instant until, Obstacle obstacle, String reason) {
    return new Deferred(until, obstacle, reason);
  }
}
