package dev.notifier.architecture.breach;

/** Breaks "nobody throws a generic exception". */
final class GenericThrower {
  RuntimeException runtime() {
    return new RuntimeException("generic");
  }

  Exception checked() {
    return new Exception("generic");
  }
}
