package dev.notifier;

import java.time.Duration;

/**
 * How well the store works: a snapshot of what this process knows, taken without asking a database.
 *
 * @param isUp whether it can be reached, and takes and gives notifications
 * @param reason what is wrong, in words for an operator; empty if nothing is
 * @param unwritten how many results wait to be written
 * @param lost how many deliveries turned out to be another process's while this one held them;
 *     after a pause or a lost connection that is normal
 * @param lag how late the most overdue delivery is that lies in the store, waits for a channel of
 *     this process, and is held by no process; as of the last look, which is made every second
 *     while the store can be reached
 * @param lease whether this process may act on what it holds
 */
public record StoreHealth(
    boolean isUp, String reason, int unwritten, long lost, Duration lag, Lease lease) {
  private static final StoreHealth UP =
      new StoreHealth(true, "", 0, 0, Duration.ZERO, Lease.NOT_NEEDED);

  /** Returns the health of a store that cannot fail. */
  public static StoreHealth up() {
    return UP;
  }

  /** Whether this process may act on what it holds of a shared store. */
  public enum Lease {
    /** The store is this process's alone. */
    NOT_NEEDED,
    /** It may. */
    HELD,
    /** It may not until it can renew its lease: others may hold what it did. */
    LOST
  }
}
