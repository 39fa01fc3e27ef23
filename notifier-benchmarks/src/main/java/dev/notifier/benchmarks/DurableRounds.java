package dev.notifier.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures contenders in turn, round by round. Each is compared with the best peer and with the raw
 * limit of the same round, so that what disturbs the machine disturbs all of them.
 */
final class DurableRounds {
  /** For those who profile: only contenders whose name contains it run. */
  private static final String ONLY = System.getProperty("only", "");

  /** What a contender is to the others. */
  enum Role {
    OURS,
    PEER,
    RAW
  }

  /** What came out of one run: a rate (or times), and the processor time of each job. */
  record Figure(List<Double> values, double processorHere, double processorServer) {
    double processor() {
      return processorHere + processorServer;
    }

    Figure withValues(List<Double> others) {
      return new Figure(others, processorHere, processorServer);
    }
  }

  /** Does the work once. */
  interface Contender {
    Figure run() throws Exception;
  }

  private record Entry(Role role, Contender contender, List<Figure> figures) {}

  private final String title;
  private final List<String> measures; // one table each
  private final String unit;
  private final boolean higherIsBetter;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private DurableRounds(String title, List<String> measures, String unit, boolean higherIsBetter) {
    this.title = title;
    this.measures = measures;
    this.unit = unit;
    this.higherIsBetter = higherIsBetter;
  }

  static DurableRounds ofRates(String title) {
    return new DurableRounds(title, List.of(""), "1/s", true);
  }

  static DurableRounds ofTimes(String title, String... measures) {
    return new DurableRounds(title, List.of(measures), "ms", false);
  }

  DurableRounds add(String name, Role role, Contender contender) {
    if (name.contains(ONLY)) {
      entries.put(name, new Entry(role, contender, new ArrayList<>()));
    }
    return this;
  }

  /** Runs a round to warm up and then those that count, and prints a table. */
  void run(int rounds) throws Exception {
    measure(rounds);
    for (int measure = 0; measure < measures.size(); measure++) {
      print(measure, rounds);
    }
  }

  /** Only warms up. */
  void warmUp() throws Exception {
    measure(0);
  }

  private void measure(int rounds) throws Exception {
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Entry> each : entries.entrySet()) {
        System.gc(); // what one left behind is not the next one's to sweep
        double load = Machine.load();
        Figure figure = each.getValue().contender().run();
        if (round > 0) {
          each.getValue().figures().add(figure);
        }
        System.out.printf(
            Locale.ROOT,
            "%s, %s: %.3f %s, processor %.1f + %.1f us each, load before %.1f%s%n",
            round == 0 ? "warm-up" : "round " + round,
            each.getKey(),
            figure.values().get(0),
            unit,
            figure.processorHere(),
            figure.processorServer(),
            load,
            load > Machine.BUSY ? " (TOO HIGH)" : "");
      }
    }
  }

  private void print(int measure, int rounds) {
    System.out.printf(
        "%n| %s %s | %s median (min-max) | to the best peer | to raw | processor us each |%n",
        title, measures.get(measure), unit);
    System.out.println("|---|---|---|---|---|");
    double[] peer = best(Role.PEER, measure, rounds);
    double[] raw = best(Role.RAW, measure, rounds);
    entries.forEach(
        (name, entry) -> {
          double[] values = values(entry, measure);
          System.out.printf(
              "| %s | %s | %s | %s | %s |%n",
              name,
              spread(values, higherIsBetter ? "%,.0f" : "%,.3f"),
              ratios(values, peer),
              ratios(values, raw),
              spread(entry.figures().stream().mapToDouble(Figure::processor).toArray(), "%.1f"));
        });
  }

  private static double[] values(Entry entry, int measure) {
    return entry.figures().stream().mapToDouble(each -> each.values().get(measure)).toArray();
  }

  /** Returns the best figure of each round among those of a role; nothing if there are none. */
  private double[] best(Role role, int measure, int rounds) {
    List<double[]> all =
        entries.values().stream()
            .filter(entry -> entry.role() == role)
            .map(entry -> values(entry, measure))
            .collect(Collectors.toList());
    return all.isEmpty()
        ? new double[0]
        : IntStream.range(0, rounds)
            .mapToDouble(round -> best(all.stream().mapToDouble(v -> v[round]).toArray()))
            .toArray();
  }

  private double best(double[] values) {
    Arrays.sort(values);
    return values[higherIsBetter ? values.length - 1 : 0];
  }

  private static String ratios(double[] values, double[] base) {
    if (base.length == 0) {
      return "";
    }
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, round -> values[round] / base[round]);
    return spread(ratios, "%.2f");
  }

  private static String spread(double[] values, String format) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return String.format(
        Locale.ROOT,
        format + " (" + format + "-" + format + ")",
        median,
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
