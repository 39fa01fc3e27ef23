package dev.notifier.internal.engine;

import dev.notifier.ChannelPolicy;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A lane as the engine uses it, one call for each of the engine's steps. */
public final class MeasuredLane {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Lane lane;

  /** Creates a lane that holds so many. */
  public MeasuredLane(int capacity) {
    lane =
        new Lane(
            "measured", ChannelPolicy.builder().capacity(capacity).build(), InstantSource.system());
  }

  /** Queues a delivery as the intake does: room first, then the delivery. */
  public void put(QueuedDelivery delivery) {
    lane.reserve(delivery.priority(), true);
    lane.fill(delivery);
  }

  /** Takes the next delivery as a worker does; null when the lane is closed. */
  public @Nullable QueuedDelivery take(boolean afterOne) {
    try {
      return lane.take(afterOne);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a benchmark", e);
    }
  }

  /** Waits until all deliveries are done, and sends the workers home. */
  public void close() throws InterruptedException {
    lane.refuse();
    lane.awaitQuiet(PATIENCE.toNanos(), Instant.MAX);
    lane.stop();
  }
}
