package dev.notifier.testkit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Assumptions;

/** Skips a test for everybody to see: a contract that was checked in part must not look whole. */
final class Skipped {
  private static final Logger log = System.getLogger(Skipped.class.getPackageName());

  private Skipped() {}

  /** Ends the running test as skipped. It never returns, so that it may stand for any value. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  static <T> T because(String reason) {
    log.log(Level.WARNING, "SKIPPED a test of the contract: {0}", reason);
    return Assumptions.abort(reason);
  }
}
