package dev.notifier.benchmarks;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many bytes of heap does a notification take that waits in the lane of a blocked channel?
 *
 * <p>Each has a text of its own of 40 characters and one e-mail address of its own; counted is
 * everything reachable, the notification as the application built it included.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=MemoryBenchmark [-Drun.args="1000000"] [-Drun.jvmArgs=-Xmx2g]
 * }</pre>
 *
 * <p>Argument: how many notifications wait (1,000,000).
 */
final class MemoryBenchmark {
  private static final int SHOWN_CLASSES = 16;
  private static final Priority[] PRIORITIES = Priority.values();

  private MemoryBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String... args) throws JMException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Machine.print();
    CountDownLatch blocked = new CountDownLatch(1);
    ChannelPolicy roomForAll = ChannelPolicy.builder().capacity(count).concurrency(1).build();
    Notifier notifier =
        Notifier.builder()
            .channel(
                "email",
                attempt -> {
                  blocked.await();
                  return DeliveryResult.accepted();
                })
            .defaultPolicy(roomForAll)
            .build();
    notifier.send(notification(0)); // what is made once does not count
    Map<String, Long> before = bytesByClass();
    for (int number = 1; number <= count; number++) {
      notifier.send(notification(number));
    }
    Map<String, Long> after = bytesByClass();
    blocked.countDown();
    notifier.close(Duration.ofMinutes(5));
    print(count, before, after);
  }

  private static Notification notification(int number) {
    return Notification.to(String.format("email:user%07d@example.com", number))
        .text(String.format("Your order number %07d is on its way.", number))
        .priority(PRIORITIES[number & 3])
        .build();
  }

  /** Counts what is alive after a full collection. */
  private static Map<String, Long> bytesByClass() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Long> bytes = new TreeMap<>();
    for (String line : histogram.split("\n", -1)) {
      String[] columns = line.trim().split("\\s+", -1); // such as "1: 2000 64000 java.lang.String"
      if (columns.length >= 4 && columns[0].endsWith(":")) {
        bytes.merge(columns[3], Long.parseLong(columns[2]), Long::sum);
      }
    }
    return bytes;
  }

  private static void print(int count, Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> growth = new TreeMap<>();
    after.forEach((type, bytes) -> growth.put(type, bytes - before.getOrDefault(type, 0L)));
    long total = growth.values().stream().mapToLong(Long::longValue).sum();
    System.out.printf("%n| %,d notifications wait | bytes each |%n|---|---|%n", count);
    System.out.printf("| %-64s | %6.1f |%n", "all", (double) total / count);
    growth.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SHOWN_CLASSES)
        .forEach(
            entry ->
                System.out.printf(
                    "| %-64s | %6.1f |%n", entry.getKey(), (double) entry.getValue() / count));
  }
}
