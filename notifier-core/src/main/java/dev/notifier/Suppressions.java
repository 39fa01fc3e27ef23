package dev.notifier;

import java.util.List;
import java.util.Optional;

/**
 * The addresses to which nothing may be sent.
 *
 * <p>A delivery skips a suppressed address: it takes the next channel of its route, and is
 * SUPPRESSED when there is none. Addresses come here by hand, or when a channel learns that a
 * recipient is gone or has opted out. Thread-safe.
 */
public interface Suppressions {
  /** Suppresses an address; one that is suppressed already keeps its first reason. */
  void add(Address address, String reason);

  /**
   * Allows an address again.
   *
   * @return whether it was suppressed
   */
  boolean remove(Address address);

  /** Returns the suppression of an address, if there is one. */
  Optional<Suppression> find(Address address);

  /**
   * Returns the newest suppressions.
   *
   * @param limit from 1 to 10,000
   */
  List<Suppression> newest(int limit);
}
