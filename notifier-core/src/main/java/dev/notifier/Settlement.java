package dev.notifier;

import java.time.Instant;
import java.util.Objects;

/** What was decided about a delivery after a worker had it: it is finished, or it goes back. */
public sealed interface Settlement {
  /** Returns why, in words for an operator. */
  String reason();

  /**
   * Nothing more will be tried.
   *
   * @param status one of the settled states
   */
  record Finished(DeliveryStatus status, String reason) implements Settlement {
    /** Creates the settlement. */
    public Finished {
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(reason, "reason");
      if (!status.isSettled()) {
        throw new IllegalArgumentException("a finished delivery cannot be " + status);
      }
    }
  }

  /**
   * The delivery goes back to a queue.
   *
   * @param cause why it goes back
   * @param position the channel that is next, as an index into the leg
   * @param due when it is next
   */
  record Requeued(Cause cause, int position, Instant due, String reason) implements Settlement {
    /** Creates the settlement. */
    public Requeued {
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(due, "due");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Why a delivery goes back to a queue. */
  enum Cause {
    /** The same channel tries again. */
    RETRY,
    /** The next channel of the route takes over. */
    FALL_BACK,
    /** No attempt was made; the same channel tries when the obstacle is gone. */
    DEFERRAL
  }
}
