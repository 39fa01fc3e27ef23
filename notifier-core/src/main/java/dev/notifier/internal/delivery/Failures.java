package dev.notifier.internal.delivery;

/** Says in one line what was thrown and where, since logs show no stack trace of foreign code. */
final class Failures {
  private Failures() {}

  static String describe(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    String where = trace.length == 0 ? "" : " (at " + trace[0] + ")";
    return name(thrown) + where;
  }

  /** What was thrown is foreign code, too: its message may be the next thing that fails. */
  static String name(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (Throwable e) {
      return thrown.getClass().getName();
    }
  }
}
