package dev.notifier.internal.engine;

import dev.notifier.BatchProgress;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The counts of a batch, and the ids of what was accepted of it: eight bytes each, since the second
 * halves of their ids are the same. Thread-safe.
 */
final class BatchTally implements BatchRun {
  private final long group;
  private final Consumer<NotificationId> canceller;
  private final Runnable forget;
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile boolean stopped;

  // All below: guarded by this.
  private final Map<DeliveryStatus, Long> settled = new EnumMap<>(DeliveryStatus.class);
  private long[] ids = new long[16];
  private int size;
  private long accepted;
  private long duplicates;
  private long refused;
  private long pending;
  private boolean allRead;
  private String problem = "";

  BatchTally(long group, Consumer<NotificationId> canceller, Runnable forget) {
    this.group = group;
    this.canceller = canceller;
    this.forget = forget;
  }

  long group() {
    return group;
  }

  boolean isStopped() {
    return stopped;
  }

  synchronized void expect(NotificationId id, int deliveries) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id.value().getMostSignificantBits();
    accepted++;
    pending += deliveries;
  }

  /** Takes back one that was not accepted. Its id stays: to cancel it does nothing. */
  synchronized void unexpect(int deliveries) {
    accepted--;
    pending -= deliveries;
  }

  synchronized void countDuplicate() {
    duplicates++;
  }

  synchronized void countRefused() {
    refused++;
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
      cancelAccepted(); // what was accepted while cancel() was under way
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
    return complete.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  @Override
  public void cancel() {
    stopped = true;
    cancelAccepted();
  }

  private void cancelAccepted() {
    for (long half : acceptedSoFar()) {
      canceller.accept(new NotificationId(new UUID(half, group)));
    }
  }

  private synchronized long[] acceptedSoFar() {
    return Arrays.copyOf(ids, size);
  }

  @Override
  public String toString() {
    return "BatchRun[" + id() + "]";
  }
}
