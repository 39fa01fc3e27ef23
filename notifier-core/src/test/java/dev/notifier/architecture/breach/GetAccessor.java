package dev.notifier.architecture.breach;

/** Breaks "public accessors have no get". */
public final class GetAccessor {
  /** Returns a name by a forbidden name. */
  public String getName() {
    return "x";
  }
}
