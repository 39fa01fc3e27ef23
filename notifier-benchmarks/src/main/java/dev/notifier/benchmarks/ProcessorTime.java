package dev.notifier.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much processor time all benchmarked processes have used: unlike a rate, it says what
 * something costs even when other programs take the processors. Linux only; zero elsewhere.
 */
final class ProcessorTime {
  private static final long TICKS_PER_SECOND = 100;

  private ProcessorTime() {}

  /** Returns seconds of this process. */
  static double ofThisProcess() {
    return ticks(ProcessHandle.current()) / (double) TICKS_PER_SECOND;
  }

  /** Returns seconds of the server that has its files there. */
  static double ofServer(Path dataDirectory) {
    return ProcessHandle.allProcesses()
            .filter(process -> isServer(process, dataDirectory))
            .mapToLong(ProcessorTime::withChildren)
            .sum()
        / (double) TICKS_PER_SECOND;
  }

  private static boolean isServer(ProcessHandle process, Path dataDirectory) {
    try {
      return !process.equals(ProcessHandle.current())
          && Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
              .contains(dataDirectory.getFileName().toString());
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static long withChildren(ProcessHandle process) {
    try (Stream<ProcessHandle> children = process.children()) {
      return ticks(process) + children.mapToLong(ProcessorTime::ticks).sum();
    }
  }

  /** Its own, and that of children that have ended. */
  private static long ticks(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long sum = 0;
      for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
        sum += Long.parseLong(fields[field]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }
}
