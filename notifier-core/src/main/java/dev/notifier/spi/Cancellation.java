package dev.notifier.spi;

import java.util.List;

/**
 * What cancelling a notification came to.
 *
 * @param isComplete whether every delivery of it is cancelled now
 * @param cancelled the deliveries that this call cancelled, as they waited
 */
public record Cancellation(boolean isComplete, List<QueuedDelivery> cancelled) {
  /** A notification that is not known cannot be cancelled. */
  public static final Cancellation NONE = new Cancellation(false, List.of());

  /** Creates the answer with a copy of the list. */
  public Cancellation {
    cancelled = List.copyOf(cancelled);
  }
}
