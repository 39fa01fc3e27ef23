package dev.notifier;

import java.util.Objects;

/**
 * Whether a channel's settings work, found out without sending anything.
 *
 * @param verdict what was found
 * @param detail what works or what to mend, in words for an operator
 */
public record Verification(Verdict verdict, String detail) {
  /** What was found. */
  public enum Verdict {
    /** The provider was reached and accepts the settings. */
    WORKS,
    /** The provider was reached and refuses the settings: somebody must mend them. */
    REFUSED,
    /** The provider could not be reached, which may pass. */
    UNREACHABLE,
    /** The channel has no way to find out. */
    UNKNOWN
  }

  /** Creates the verification. */
  public Verification {
    Objects.requireNonNull(verdict, "verdict");
    detail = Reasons.tidy(detail);
  }

  /** The provider was reached and accepts the settings. */
  public static Verification works(String detail) {
    return new Verification(Verdict.WORKS, detail);
  }

  /** The provider was reached and refuses the settings. */
  public static Verification refused(String detail) {
    return new Verification(Verdict.REFUSED, detail);
  }

  /** The provider could not be reached. */
  public static Verification unreachable(String detail) {
    return new Verification(Verdict.UNREACHABLE, detail);
  }
}
