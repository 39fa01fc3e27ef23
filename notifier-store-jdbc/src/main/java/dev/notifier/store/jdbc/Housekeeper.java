package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tidies up, every minute, in small steps. Nodes do not agree on who does it: every step may be
 * done twice, and by two at once, and one that fails is done the next minute.
 */
final class Housekeeper {
  private static final Logger log = LoggerFactory.getLogger(Housekeeper.class);

  private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Something to tidy up. */
  interface Chore {
    /** Does some of it on a connection that is given back afterwards. */
    void run(HeldConnection held) throws SQLException;
  }

  private final HeldConnection held;
  private final List<Chore> chores;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private boolean failing;

  Housekeeper(HeldConnection held, List<Chore> chores) {
    this.held = held;
    this.chores = List.copyOf(chores);
  }

  /** Tidies up at once, and then every minute until it is told to stop. */
  void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      tidyUp();
      if (!stopped) {
        long spread = ThreadLocalRandom.current().nextLong(SPREAD_NANOS); // nodes start together
        LockSupport.parkNanos(this, EVERY_NANOS + spread);
      }
      Thread.interrupted(); // only stop() ends this
    }
  }

  /** Does every chore once; one thread at a time. */
  synchronized void tidyUp() {
    boolean failed = false;
    for (Chore chore : chores) {
      if (stopped) {
        return;
      }
      try {
        chore.run(held);
      } catch (SQLException | RuntimeException | Error e) { // it would be the end of this thread
        failed = true;
        if (!failing) {
          log.warn("could not tidy up the database; it is tried again every minute", e);
        }
      } finally {
        held.discard(); // others may need it in the meantime
      }
    }
    failing = failed;
  }

  boolean isStopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
