package dev.notifier.spi;

import dev.notifier.Notifier;
import java.time.Instant;
import java.util.Optional;

/**
 * A notifier without threads, whose work is done when it is told to: the seam on which test kits
 * are built. Made by {@link dev.notifier.NotifierBuilder#buildStepped}.
 *
 * <p>One thread at a time may step it.
 */
public interface SteppedNotifier extends Notifier {
  /**
   * Makes, on the calling thread, every run of a schedule and every attempt that is due now, and
   * those that become due by them.
   *
   * @return how many deliveries were worked on
   */
  int runDue();

  /**
   * Returns when the next delivery, or run of a schedule, is due; in the past if one is due
   * already.
   */
  Optional<Instant> nextDue();
}
