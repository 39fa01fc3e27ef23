package dev.notifier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * What nothing may be sent to, and why.
 *
 * @param target an address or a recipient, on one channel or on all
 * @param reason why, in words for an operator; on one line, and cut to some 500 characters
 * @param source who said so
 * @param since when it was suppressed, cut to milliseconds
 */
public record Suppression(SuppressionTarget target, String reason, Source source, Instant since) {
  /** Creates the suppression. */
  public Suppression {
    Objects.requireNonNull(target, "target");
    reason = Reasons.tidy(reason);
    Objects.requireNonNull(source, "source");
    since = Objects.requireNonNull(since, "since").truncatedTo(ChronoUnit.MILLIS);
  }

  /** Who said that nothing may be sent. */
  public enum Source {
    /** The application or its operator, by {@link Suppressions#add}. */
    MANUAL,
    /** A list that was imported. */
    IMPORT,
    /** A channel, as the result of an attempt: the recipient is gone or has opted out. */
    CHANNEL,
    /** A provider, after it had accepted a message: a bounce, a complaint, an opt-out. */
    CALLBACK
  }
}
