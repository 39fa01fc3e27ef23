package dev.notifier.channel.webhook;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets a bounded number of calls go to one host at a time, so that a slow host cannot hold every
 * worker and starve the others. Thread-safe.
 *
 * <p>A host that answers quickly is waited for, as its next call ends in a moment. A slow one is
 * not: what is for it is put off, spread over the time that the host will need to work it off.
 */
final class HostLimits {
  /** Under this a host is quick, and this is the longest that a worker waits for it. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
  private static final int MAX_HOSTS = 10_000;

  private final int callsPerHost;
  private final InstantSource clock;
  private final LoadingCache<String, Host> hosts =
      Caffeine.newBuilder()
          .maximumSize(MAX_HOSTS)
          .expireAfterAccess(Duration.ofHours(2)) // longer than any call
          .executor(Runnable::run)
          .build(name -> new Host());

  HostLimits(int callsPerHost, InstantSource clock) {
    this.callsPerHost = callsPerHost;
    this.clock = clock;
  }

  /** Returns the state of a host. */
  Host host(String name) {
    return hosts.get(name);
  }

  /** The calls to one host. */
  final class Host {
    private final Semaphore permits = new Semaphore(callsPerHost);

    // Guarded by this.
    private long averageMillis;
    private Instant lastTurn = Instant.MIN;

    private Host() {}

    /**
     * Takes a permit for a call, which must be given back by {@link #leave}.
     *
     * @return false if there is none; then {@link #nextTurn} says when to ask again
     */
    boolean enter() throws InterruptedException {
      if (permits.tryAcquire()) {
        return true;
      }
      if (!isQuick()) {
        return false;
      }
      boolean entered = permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (!entered) {
        slowedDown();
      }
      return entered;
    }

    /** Gives a permit back. */
    void leave(Duration callTook) {
      permits.release();
      learn(callTook.toMillis());
    }

    /** Returns when a delivery that found no permit should ask again. */
    synchronized Instant nextTurn() {
      Instant now = clock.instant();
      Instant earliest = now.plus(SHORTEST_DELAY);
      Instant latest = now.plus(LONGEST_DELAY);
      Instant turn = earliest;
      if (lastTurn.isAfter(now)) {
        turn = lastTurn.plusMillis(averageMillis / callsPerHost);
      }
      turn = turn.isBefore(earliest) ? earliest : turn;
      lastTurn = turn.isAfter(latest) ? latest : turn;
      return lastTurn;
    }

    private synchronized boolean isQuick() {
      return averageMillis <= PATIENCE.toMillis();
    }

    private synchronized void slowedDown() {
      averageMillis = Math.max(averageMillis, 2 * PATIENCE.toMillis());
    }

    private synchronized void learn(long millis) {
      averageMillis = (3 * averageMillis + Math.max(0, millis)) / 4;
    }
  }
}
