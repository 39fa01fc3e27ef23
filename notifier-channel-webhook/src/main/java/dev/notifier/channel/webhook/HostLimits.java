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
 * <p>A few workers wait for a host that answers quickly, as its next call ends in a moment. What
 * finds no place is put off, spread over the time that the host will need to work it off.
 */
final class HostLimits {
  /** Under this a host is quick, and this is the longest that a worker waits for it. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);
  private static final Duration SHORTEST_HORIZON = Duration.ofSeconds(1);
  private static final Duration LONGEST_HORIZON = Duration.ofSeconds(30);
  private static final int HORIZON_IN_CALLS = 5;
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
    private final Semaphore calls = new Semaphore(callsPerHost);
    private final Semaphore placesToWait = new Semaphore(callsPerHost);

    // Guarded by this.
    private int underWay;
    private long averageMillis;
    private Instant lastProgress = Instant.MIN;
    private Instant lastTurn = Instant.MIN;

    private Host() {}

    /**
     * Takes a permit for a call, which must be given back by {@link #leave}.
     *
     * @return false if there is none; then {@link #nextTurn} says when to ask again
     */
    boolean enter() throws InterruptedException {
      boolean entered = calls.tryAcquire() || waitBriefly();
      if (entered) {
        started();
      }
      return entered;
    }

    private boolean waitBriefly() throws InterruptedException {
      if (expectedMillis() > PATIENCE.toMillis() || !placesToWait.tryAcquire()) {
        return false;
      }
      try {
        return calls.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        placesToWait.release();
      }
    }

    /** Gives a permit back. */
    void leave(Duration callTook) {
      ended(callTook.toMillis());
      calls.release();
    }

    private synchronized void started() {
      if (underWay == 0) {
        lastProgress = clock.instant();
      }
      underWay++;
    }

    private synchronized void ended(long millis) {
      underWay--;
      lastProgress = clock.instant();
      averageMillis = (3 * averageMillis + Math.max(0, millis)) / 4;
    }

    /** A host that is silent now takes at least as long as it has been silent. */
    private synchronized long expectedMillis() {
      long silent = underWay == 0 ? 0 : Duration.between(lastProgress, clock.instant()).toMillis();
      return Math.max(averageMillis, silent);
    }

    /**
     * Returns when a delivery that found no permit should ask again: one turn after the other, but
     * not so late that a host which becomes quick would be left waiting.
     */
    synchronized Instant nextTurn() {
      Instant now = clock.instant();
      long expected = expectedMillis();
      Instant turn = later(lastTurn, now).plusMillis(Math.max(1, expected / callsPerHost));
      turn = later(turn, now.plus(SHORTEST_DELAY));
      Duration horizon = horizon(expected);
      if (turn.isAfter(now.plus(horizon))) {
        turn = now.plus(horizon.dividedBy(2)); // the line starts anew, half way
      }
      lastTurn = turn;
      return turn;
    }

    private static Duration horizon(long expectedMillis) {
      Duration wanted = Duration.ofMillis(expectedMillis).multipliedBy(HORIZON_IN_CALLS);
      if (wanted.compareTo(SHORTEST_HORIZON) < 0) {
        return SHORTEST_HORIZON;
      }
      return wanted.compareTo(LONGEST_HORIZON) < 0 ? wanted : LONGEST_HORIZON;
    }

    private static Instant later(Instant one, Instant other) {
      return one.isAfter(other) ? one : other;
    }
  }
}
