package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider in a line, and until when it stands at the end of it. Thread-safe.
 *
 * <p>It rests for a minute after a lost answer, a fault of its settings, or three failures in a row
 * that pass; fewer of these are the recipients' own, as with greylisting. Then one message tries it
 * while the others still begin elsewhere; the first one that it accepts ends the rest.
 */
final class LinePlace {
  private static final Logger log = LoggerFactory.getLogger(LinePlace.class);

  private static final Duration REST = Duration.ofMinutes(1);
  private static final int FAILURES_IN_A_ROW = 3;

  private final Channel provider;
  private final InstantSource clock;

  private int failures; // guarded by this
  private @Nullable Instant restsUntil; // guarded by this

  LinePlace(Channel provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  Channel provider() {
    return provider;
  }

  /** Tells whether a message may begin here; after a rest, one a minute may. */
  synchronized boolean isReady() {
    if (restsUntil == null) {
      return true;
    }
    Instant now = clock.instant();
    if (now.isBefore(restsUntil)) {
      return false;
    }
    restsUntil = now.plus(REST);
    return true;
  }

  /** Notes what came of a message that was shown to the provider. */
  void note(DeliveryResult result) {
    if (result instanceof Accepted || isAnswer(result)) {
      recover();
    } else if (isAtTheEndNow(result)) {
      log.warn("{} goes to the end of the line for {}: {}", provider, REST, result.reason());
    }
  }

  private synchronized void recover() {
    failures = 0;
    restsUntil = null;
  }

  /** Counts a failure, and tells whether the provider rests now and did not before. */
  private synchronized boolean isAtTheEndNow(DeliveryResult result) {
    failures++;
    boolean atOnce = result instanceof Ambiguous || result instanceof Permanent;
    if (!atOnce && failures < FAILURES_IN_A_ROW) {
      return false;
    }
    boolean begins = restsUntil == null;
    restsUntil = clock.instant().plus(REST);
    return begins;
  }

  /** A refusal of a message or recipient comes from a provider that works. */
  private static boolean isAnswer(DeliveryResult result) {
    return result instanceof Permanent failure && !failure.configurationFault();
  }
}
