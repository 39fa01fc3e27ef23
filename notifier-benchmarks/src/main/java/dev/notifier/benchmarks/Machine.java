package dev.notifier.benchmarks;

import java.lang.management.ManagementFactory;

/** What a figure was measured on. */
final class Machine {
  /** Above this, other programs had a part in the figures. */
  static final double BUSY = 1.5;

  private Machine() {}

  /** Prints JVM, heap, cores and load. */
  static void print() {
    Runtime runtime = Runtime.getRuntime();
    double load = load();
    System.out.printf(
        "JVM %s (%s), heap %d MB, %d cores, load average before %.2f%s%n",
        System.getProperty("java.runtime.version"),
        System.getProperty("java.vm.name"),
        runtime.maxMemory() >> 20,
        runtime.availableProcessors(),
        load,
        load > BUSY ? ": TOO HIGH, the figures are only a hint" : "");
  }

  /** Returns how many threads wanted a processor in the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
