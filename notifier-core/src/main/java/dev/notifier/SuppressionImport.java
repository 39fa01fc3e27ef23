package dev.notifier;

import java.util.List;

/**
 * What came of an import.
 *
 * @param added how many targets are suppressed now that were not before
 * @param present how many were suppressed already, and stay as they were
 * @param refused how many lines were skipped because they break a rule
 * @param problems what is wrong with the first 1,000 of those
 */
public record SuppressionImport(long added, long present, long refused, List<Problem> problems) {
  /** Creates the answer with a copy of the list. */
  public SuppressionImport {
    problems = List.copyOf(problems);
  }

  /**
   * A line that was skipped.
   *
   * @param line its number, from 1
   * @param message the thing, the rule and the value; it shows an address that is not valid
   */
  public record Problem(long line, String message) {
    /** Returns one line with both. */
    @Override
    public String toString() {
      return "line " + line + ": " + message;
    }
  }
}
