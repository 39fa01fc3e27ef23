package dev.notifier.internal.engine;

/**
 * A number that its owner changes with every delivery, guarded by the owner's lock.
 *
 * <p>Nothing else lies in its cache line, nor in the one that processors fetch along with it. If it
 * were a field of the lane, each change would take from the senders what they read of the lane,
 * which costs most just when two processors are busy with it.
 */
final class Tally {
  /** How many longs lie in two cache lines. */
  static final int APART = 16;

  private final long[] lines = new long[2 * APART + 1];

  long get() {
    return lines[APART];
  }

  void add(long amount) {
    lines[APART] += amount;
  }
}
