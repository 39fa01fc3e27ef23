package dev.notifier;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The one rule for local times that a clock change skips or repeats: what is skipped happens at the
 * next instant that exists, what is repeated happens the first time.
 *
 * <p>So a later local time never comes before an earlier one.
 */
final class LocalTimes {
  private LocalTimes() {}

  /** Returns when it is this local time. */
  static Instant first(LocalDateTime local, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change == null) {
      return local.toInstant(rules.getOffset(local));
    }
    return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
  }

  /** Returns when it is this local time for the last time. */
  static Instant last(LocalDateTime local, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isOverlap()
        ? local.toInstant(change.getOffsetAfter())
        : first(local, zone);
  }

  /**
   * Returns the local time at an instant; when that was a local time before already, the end of
   * what is repeated.
   */
  static LocalDateTime unrepeated(Instant instant, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    LocalDateTime local = LocalDateTime.ofInstant(instant, rules.getOffset(instant));
    ZoneOffsetTransition change = rules.getTransition(local);
    boolean repeated =
        change != null && change.isOverlap() && !instant.isBefore(change.getInstant());
    return repeated ? change.getDateTimeBefore() : local;
  }
}
