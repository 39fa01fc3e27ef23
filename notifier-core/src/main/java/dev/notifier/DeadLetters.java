package dev.notifier;

import java.util.List;

/** The notifications of which a delivery failed on its whole route. Thread-safe. */
public interface DeadLetters {
  /**
   * Returns the newest dead letters, newest first.
   *
   * @param limit from 1 to 10,000
   */
  List<NotificationReport> newest(int limit);
}
