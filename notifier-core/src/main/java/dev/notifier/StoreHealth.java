package dev.notifier;

/**
 * How well the store works: a snapshot of what this process knows, taken without asking a database.
 *
 * @param isUp whether it takes and gives notifications
 * @param reason what is wrong, in words for an operator; empty if nothing is
 * @param unwritten how many results wait to be written
 * @param lost how many deliveries turned out to be another process's while this one held them;
 *     after a pause or a lost connection that is normal
 */
public record StoreHealth(boolean isUp, String reason, int unwritten, long lost) {
  private static final StoreHealth UP = new StoreHealth(true, "", 0, 0);

  /** Returns the health of a store that cannot fail. */
  public static StoreHealth up() {
    return UP;
  }
}
