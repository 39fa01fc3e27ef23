package dev.notifier;

/** What to do when a provider may have accepted a message but its answer was lost. */
public enum OnAmbiguity {
  /** Try again as after any transient failure: at least once, perhaps twice. The default. */
  RETRY,
  /** Do not send again, on this channel or another: at most once, perhaps never. */
  GIVE_UP
}
