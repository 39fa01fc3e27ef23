package dev.notifier.architecture.breach;

import java.util.concurrent.TimeUnit;

/** Breaks "nobody sleeps". */
final class Sleeper {
  void threads() throws InterruptedException {
    Thread.sleep(1);
  }

  void units() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(1);
  }
}
