package dev.notifier;

import java.util.Objects;

/**
 * What becomes of runs that were missed: whose time passed while no notifier was running, or none
 * could reach the store. A run is missed when it is found more than a minute late; what is found
 * earlier runs in any case.
 *
 * @param kind which of the three
 * @param limit how many runs RUN_ALL makes up for; 1 for the others
 */
public record MisfirePolicy(Kind kind, int limit) {
  private static final int MOST = 1000;

  /** The three ways. */
  public enum Kind {
    /** One run stands for all that are due. */
    RUN_ONCE,
    /** What was missed is left out. */
    SKIP,
    /** What was missed is made up for, up to a limit. */
    RUN_ALL
  }

  /**
   * Creates the policy; the static methods read better.
   *
   * @throws InvalidScheduleException if the limit is not from 1 to 1,000
   */
  public MisfirePolicy {
    Objects.requireNonNull(kind, "kind");
    if (limit < 1 || limit > MOST) {
      throw new InvalidScheduleException(
          "the limit of " + kind + " must be from 1 to " + MOST + ", but was " + limit);
    }
  }

  /** Returns the default: one run stands for all that are due, at the time of the latest. */
  public static MisfirePolicy runOnce() {
    return new MisfirePolicy(Kind.RUN_ONCE, 1);
  }

  /** Returns the policy that leaves out what was missed. */
  public static MisfirePolicy skip() {
    return new MisfirePolicy(Kind.SKIP, 1);
  }

  /**
   * Returns the policy that makes up for what was missed, the earliest first.
   *
   * @param limit how many runs at most, from 1 to 1,000: the latest ones
   */
  public static MisfirePolicy runAll(int limit) {
    return new MisfirePolicy(Kind.RUN_ALL, limit);
  }
}
