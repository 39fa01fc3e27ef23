package dev.notifier;

/**
 * How urgent a notification is: it decides the order in a lane and, unless set otherwise, the
 * retries.
 *
 * <p>CRITICAL goes strictly first. The others are ordered by due time plus an offset (HIGH one
 * minute early, LOW five minutes late), so that nothing waits for ever.
 */
public enum Priority {
  /** Strictly first, always admitted to a full lane; retried after 1, 5, 15, 60 and 300 seconds. */
  CRITICAL,
  /** Ahead of NORMAL by a minute; retried after 5, 30 and 120 seconds. */
  HIGH,
  /** The default; retried after 10 and 60 seconds. */
  NORMAL,
  /** Behind NORMAL by five minutes; not retried. */
  LOW
}
