package dev.notifier;

import java.util.List;

/**
 * What {@link DeadLetters#replayAll} did.
 *
 * @param replayed how many dead letters were sent again
 * @param replayedBefore how many were left alone, since they had been replayed already
 * @param refused how many could not be sent again
 * @param refusals the first 100 of them, with the reasons
 */
public record ReplayReport(
    long replayed, long replayedBefore, long refused, List<Refusal> refusals) {
  /** Creates the report with a copy of the list. */
  public ReplayReport {
    refusals = List.copyOf(refusals);
  }

  /**
   * A dead letter that could not be sent again.
   *
   * @param id the dead letter
   * @param reason why, in words for an operator
   */
  public record Refusal(NotificationId id, String reason) {}
}
