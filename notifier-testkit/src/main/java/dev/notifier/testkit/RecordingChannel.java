package dev.notifier.testkit;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.List;

/**
 * A channel that accepts everything and remembers it, for tests of what an application sends.
 * Thread-safe.
 */
public final class RecordingChannel implements Channel {
  private final Recorder<DeliveryAttempt> attempts = new Recorder<>();
  private volatile boolean closed;

  /** Creates a channel that has recorded nothing yet. */
  public RecordingChannel() {}

  /** Accepts the attempt and records it. */
  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    attempts.add(attempt);
    return DeliveryResult.accepted();
  }

  /** Returns every attempt so far, in the order in which they came. */
  public List<DeliveryAttempt> attempts() {
    return attempts.items();
  }

  /**
   * Waits until there were at least this many attempts; for notifiers with threads.
   *
   * @return every attempt so far
   * @throws AssertionError if there are fewer when the time is up
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public List<DeliveryAttempt> awaitAttempts(int count, Duration patience)
      throws InterruptedException {
    return attempts.await(DeliveryAttempt.class, count, patience);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Tells whether the channel was closed. */
  public boolean isClosed() {
    return closed;
  }
}
