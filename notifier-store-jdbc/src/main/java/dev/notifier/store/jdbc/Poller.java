package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for free deliveries: at once when told that there are some, often while there are many, and
 * otherwise when the next one is due, or once a second. Does the errands of every second as well.
 */
final class Poller {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final Duration SHORTEST = Duration.ofMillis(25);
  private static final Duration WHILE_LANES_ARE_FULL = Duration.ofMillis(2);
  private static final long NOTIFY_AT_MOST_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long REFRESH_LANES_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Something that is done every second. */
  interface Errand {
    void run() throws SQLException;
  }

  private final HeldConnection held;
  private final Dialect dialect;
  private final Claiming claiming;
  private final List<Errand> errands;
  private final DatabaseClock clock;
  private final LongSupplier nanos;

  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile boolean woken;
  private volatile boolean othersMustKnow;
  private long notifiedAt;
  private long errandsAt;
  private long lanesAt;
  private boolean failing;
  private final Set<Errand> failedErrands = new HashSet<>(); // those whose failure was logged

  Poller(
      HeldConnection held,
      Dialect dialect,
      Claiming claiming,
      List<Errand> errands,
      DatabaseClock clock,
      LongSupplier nanos) {
    this.held = held;
    this.dialect = dialect;
    this.claiming = claiming;
    this.errands = errands;
    this.clock = clock;
    this.nanos = nanos;
    this.errandsAt = nanos.getAsLong() - LONGEST.toNanos();
    this.lanesAt = nanos.getAsLong() - REFRESH_LANES_EVERY_NANOS;
    this.notifiedAt = nanos.getAsLong() - NOTIFY_AT_MOST_EVERY_NANOS;
  }

  /** Looks at once, because somebody says that there are free deliveries. */
  void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /** Looks at once, and tells the other nodes too: this one has written free deliveries. */
  void freeRowsWritten() {
    othersMustKnow = true;
    wake();
  }

  /** Looks for work until it is told to stop. */
  void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      Duration pause = lookOnce();
      if (!woken && !stopped) {
        LockSupport.parkNanos(this, pause.toNanos());
        Thread.interrupted(); // only stop() ends this
      }
      woken = false;
    }
  }

  private Duration lookOnce() {
    try {
      woken = false;
      Duration pause = look();
      if (failing) {
        log.info("the database answers again");
        failing = false;
      }
      return pause;
    } catch (SQLException | RuntimeException | Error e) { // it would be the end of this thread
      if (!failing) {
        log.error("could not look for deliveries in the database; it is tried every second", e);
      }
      failing = true;
      return LONGEST;
    }
  }

  private Duration look() throws SQLException {
    if (isTime(lanesAt, REFRESH_LANES_EVERY_NANOS)) {
      claiming.refreshLanes();
      lanesAt = nanos.getAsLong();
    }
    if (isTime(errandsAt, LONGEST.toNanos())) {
      errandsAt = nanos.getAsLong();
      errands.forEach(this::run);
    }
    if (othersMustKnow && isTime(notifiedAt, NOTIFY_AT_MOST_EVERY_NANOS)) {
      othersMustKnow = false;
      notifiedAt = nanos.getAsLong();
      held.inTransaction(
          connection -> {
            dialect.notifyFreeRows(connection);
            return true;
          });
    }
    return claim();
  }

  /** An errand that fails must not hold up the deliveries. */
  private void run(Errand errand) {
    try {
      errand.run();
      failedErrands.remove(errand);
    } catch (SQLException | RuntimeException e) {
      if (failedErrands.add(errand)) {
        log.error("something that is done every second failed; it is tried again", e);
      }
    }
  }

  private boolean isTime(long last, long every) {
    return nanos.getAsLong() - last >= every;
  }

  private Duration claim() throws SQLException {
    Claiming.Round round = claiming.claimRound();
    if (round.mayHaveMore()) {
      return WHILE_LANES_ARE_FULL;
    }
    if (round.claimed() > 0 || othersMustKnow) {
      return SHORTEST;
    }
    long untilNext = claiming.nextDue() - clock.millis() - Claiming.AHEAD.toMillis();
    long millis = Math.min(Math.max(untilNext, SHORTEST.toMillis()), LONGEST.toMillis());
    return Duration.ofMillis(millis);
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
