package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
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

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SWEEP_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Longer than any transaction of a node that ended may go on. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private final Lease lease;
  private final LongSupplier nanos;
  private final long everyNanos;
  private final Runnable freeRowsWritten;
  private final Map<Long, Long> sweptAt = new HashMap<>();

  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  LeaseKeeper(Lease lease, Duration leaseTime, LongSupplier nanos, Runnable freeRowsWritten) {
    this.lease = lease;
    this.nanos = nanos;
    this.everyNanos = leaseTime.toNanos() / 3;
    this.freeRowsWritten = freeRowsWritten;
  }

  /** Keeps the lease until it is told to stop. */
  void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      boolean kept = keepOnce();
      LockSupport.parkNanos(this, kept ? everyNanos : RETRY_NANOS);
      Thread.interrupted(); // only stop() ends this
    }
  }

  private boolean keepOnce() {
    try {
      lease.renew();
      lookAfterOthers();
      if (failure != null) {
        log.info("the lease is renewed again");
        failure = null;
      }
      return true;
    } catch (SQLException | RuntimeException e) {
      if (failure == null) {
        log.error(
            "the lease could not be renewed; it is tried again, and nothing is sent when its time"
                + " is up",
            e);
      }
      failure = e;
      return false;
    }
  }

  private void lookAfterOthers() throws SQLException {
    int died = lease.declareDead();
    if (died > 0) {
      log.warn("{} nodes have not renewed their lease; what they held is taken over", died);
    }
    for (long ended : lease.ended()) {
      Long last = sweptAt.get(ended);
      if (last == null || nanos.getAsLong() - last >= SWEEP_AGAIN_NANOS) {
        sweep(ended);
      }
    }
    lease.forgetEnded(REMEMBERED);
  }

  private void sweep(long ended) throws SQLException {
    int freed = lease.sweep(ended);
    sweptAt.put(ended, nanos.getAsLong());
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
