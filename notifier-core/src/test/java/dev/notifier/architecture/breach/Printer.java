package dev.notifier.architecture.breach;

/** Breaks "nobody prints". */
final class Printer {
  void out() {
    System.out.println();
  }

  void err() {
    System.err.println();
  }

  void trace(Throwable thrown) {
    thrown.printStackTrace();
  }
}
