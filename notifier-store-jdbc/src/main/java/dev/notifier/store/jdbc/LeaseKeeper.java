package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease three times as often as it must, and sees after the nodes that no longer do: it
 * frees what they hold, more than once, since one that only slept may write a last row.
 */
final class LeaseKeeper {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private static final long SWEEP_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Longer than any transaction of a node that ended may go on. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private final Lease lease;
  private final LongSupplier nanos;
  private final long everyNanos;
  private final long sweepAgainNanos;
  private final Runnable freeRowsWritten;
  private final Map<Long, Sweep> swept = new HashMap<>();

  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  LeaseKeeper(Lease lease, Duration leaseTime, LongSupplier nanos, Runnable freeRowsWritten) {
    this.lease = lease;
    this.nanos = nanos;
    this.everyNanos = leaseTime.toNanos() / 3;
    this.sweepAgainNanos = Math.min(2 * leaseTime.toNanos(), SWEEP_AGAIN_NANOS);
    this.freeRowsWritten = freeRowsWritten;
  }

  /** When nothing more was found, and how long it takes until it is looked for again. */
  private record Sweep(long at, long pause) {
    boolean isOver(long now) {
      return now - at >= pause;
    }
  }

  /** Keeps the lease until it is told to stop. */
  void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      long pause = keepOnce();
      if (pause > 0 && !stopped) {
        LockSupport.parkNanos(this, pause);
      }
      Thread.interrupted(); // only stop() ends this
    }
  }

  /** Returns how long to wait until the next time. */
  private long keepOnce() {
    try {
      long renewAt = nanos.getAsLong() + everyNanos;
      lease.renew();
      lookAfterOthers(renewAt);
      if (failure != null) {
        log.info("the lease is renewed again");
        failure = null;
      }
      return renewAt - nanos.getAsLong();
    } catch (SQLException | RuntimeException | Error e) { // an error must not end this thread
      if (failure == null) {
        log.error(
            "the lease could not be renewed; it is tried again, and nothing is sent when its time"
                + " is up",
            e);
      }
      failure = e;
      return Math.min(RETRY_NANOS, everyNanos);
    }
  }

  private void lookAfterOthers(long until) throws SQLException {
    int died = lease.declareDead();
    if (died > 0) {
      log.warn("{} nodes have not renewed their lease; what they held is taken over", died);
    }
    List<Long> all = lease.ended();
    swept.keySet().retainAll(all);
    for (long ended : all) {
      Sweep last = swept.get(ended);
      long now = nanos.getAsLong();
      boolean isDue = last == null || last.isOver(now);
      if (isDue && now - until < 0) { // else when the lease is renewed
        sweep(ended, until);
      }
    }
    lease.forgetEnded(REMEMBERED);
  }

  /**
   * Frees what it held, or as much of it as can be freed before this node's own lease is due. The
   * longer it has ended the less often: H2 reads the whole table for it.
   */
  private void sweep(long ended, long until) throws SQLException {
    int freed = 0;
    int more;
    do {
      more = lease.sweep(ended);
      freed += more;
    } while (more > 0 && nanos.getAsLong() - until < 0);
    if (more == 0) {
      Sweep last = swept.get(ended);
      long pause = last == null || freed > 0 ? sweepAgainNanos : 2 * last.pause();
      swept.put(ended, new Sweep(nanos.getAsLong(), pause));
    }
    if (freed > 0) {
      log.warn("freed {} deliveries that an ended node held", freed);
      freeRowsWritten.run();
    }
  }

  /** Returns why the lease could not be renewed the last time, or null if it could. */
  @Nullable Throwable failure() {
    return failure;
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
