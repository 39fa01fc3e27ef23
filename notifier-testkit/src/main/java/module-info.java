/**
 * Contract tests for the authors of channels and stores, and fakes, recorders and a settable clock
 * for them and for applications. Meant for test code only.
 *
 * @provides org.junit.jupiter.api.extension.Extension so that JUnit finds {@link
 *     dev.notifier.testkit.UncaughtExceptionsFailTheTest} by itself, if it is told to look
 */
module dev.notifier.testkit {
  requires transitive dev.notifier.core;
  requires org.assertj.core;
  requires static org.jspecify;
  requires transitive org.junit.jupiter.api;

  exports dev.notifier.testkit;

  // JUnit calls the tests of the contracts, which are not public.
  opens dev.notifier.testkit to
      org.junit.platform.commons;

  provides org.junit.jupiter.api.extension.Extension with
      dev.notifier.testkit.UncaughtExceptionsFailTheTest;
}
