package dev.notifier;

/**
 * What was left when a notifier was closed.
 *
 * @param waiting deliveries that were due and had no attempt under way
 * @param delayed deliveries that waited for a retry or the end of a deferral
 * @param interrupted attempts that were under way when the time was up, and were interrupted
 */
public record ShutdownReport(int waiting, int delayed, int interrupted) {
  /** Tells whether nothing was left. */
  public boolean isClean() {
    return waiting == 0 && delayed == 0 && interrupted == 0;
  }
}
