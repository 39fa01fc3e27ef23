package dev.notifier.internal.engine;

import dev.notifier.BatchProgress;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The counts of a batch, as the process that sends it sees them. Whether anything is left it asks
 * the store, when nothing more happens here. Thread-safe.
 */
final class BatchTally implements BatchRun {
  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final long group;
  private final Runnable canceller;
  private final BooleanSupplier owes;
  private final Runnable forget;
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile boolean stopped;

  // All below: guarded by this.
  private final Map<DeliveryStatus, Long> settled = new EnumMap<>(DeliveryStatus.class);
  private long accepted;
  private long duplicates;
  private long refused;
  private long pending;
  private boolean allRead;
  private String problem = "";

  /**
   * Creates it.
   *
   * @param canceller cancels what waits of the batch
   * @param owes tells whether anything of the batch is not settled, wherever it is
   * @param forget called when all is settled
   */
  BatchTally(long group, Runnable canceller, BooleanSupplier owes, Runnable forget) {
    this.group = group;
    this.canceller = canceller;
    this.owes = owes;
    this.forget = forget;
  }

  long group() {
    return group;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Lets nothing more be read. */
  void stop() {
    stopped = true;
  }

  /** Lets deliveries be settled that the store may have at any moment now. */
  synchronized void expect(int deliveries) {
    pending += deliveries;
  }

  /** Takes back one that was not accepted. */
  synchronized void unexpect(int deliveries) {
    pending -= deliveries;
  }

  /** Counts one that the store has: no earlier, since a process that dies must not have lied. */
  synchronized void countAccepted() {
    accepted++;
  }

  synchronized void countDuplicate() {
    duplicates++;
  }

  synchronized void countRefused() {
    refused++;
  }

  synchronized long refused() {
    return refused;
  }

  synchronized void settled(DeliveryStatus status) {
    settled.merge(status, 1L, Long::sum);
    pending--;
    completeIfDone();
  }

  void end(String why) {
    synchronized (this) {
      allRead = true;
      problem = why;
      completeIfDone();
    }
    if (stopped) {
      canceller.run(); // what was accepted while cancel() was under way
    }
  }

  private void completeIfDone() {
    if (allRead && pending <= 0) {
      complete.countDown();
      forget.run();
    }
  }

  @Override
  public String id() {
    return HexFormat.of().toHexDigits(group);
  }

  @Override
  public synchronized BatchProgress progress() {
    boolean done = allRead && pending <= 0;
    return new BatchProgress(
        accepted, duplicates, refused, Math.max(0, pending), settled, done, problem);
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    long pendingBefore = -1;
    while (true) {
      long slice = Math.min(left, LOOK_EVERY_NANOS);
      if (complete.await(slice, TimeUnit.NANOSECONDS)) {
        return true;
      }
      left -= slice;
      if (left <= 0) {
        return false;
      }
      long pendingNow = progress().pending();
      if (pendingNow == pendingBefore && !owes.getAsBoolean()) {
        settledElsewhere();
      }
      pendingBefore = pendingNow;
    }
  }

  /** Others have settled what is missing here. */
  private synchronized void settledElsewhere() {
    if (allRead) {
      pending = 0;
      completeIfDone();
    }
  }

  @Override
  public void cancel() {
    stopped = true;
    canceller.run();
  }

  @Override
  public String toString() {
    return "BatchRun[" + id() + "]";
  }
}
