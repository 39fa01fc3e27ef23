package dev.notifier.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures several ways to do the same work in turn, round by round, and compares each with the
 * first in the same round: what disturbs the machine disturbs all of them.
 */
final class Comparison {
  /** One way to do the work. */
  interface Contender {
    /** Does all of the work once; returns how many jobs it did in a second. */
    double run() throws InterruptedException;
  }

  private static final int WARM_UP_ROUNDS = 2;

  private final String title;
  private final Map<String, Contender> contenders = new LinkedHashMap<>();
  private double unit = 1e6;
  private String unitName = "M/s";

  Comparison(String title) {
    this.title = title;
  }

  /** Prints thousands a second instead of millions. */
  Comparison inThousands() {
    this.unit = 1e3;
    this.unitName = "k/s";
    return this;
  }

  /** Adds a contender; the first one is what the others are compared with. */
  Comparison add(String name, Contender contender) {
    contenders.put(name, contender);
    return this;
  }

  /** Runs some rounds to warm up and then those that count, and prints a table. */
  void run(int rounds) throws InterruptedException {
    double[][] rates = new double[contenders.size()][rounds];
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      int index = 0;
      for (Contender contender : contenders.values()) {
        System.gc(); // what one left behind is not the next one's to sweep
        double rate = contender.run();
        if (round >= 0) {
          rates[index][round] = rate;
        }
        index++;
      }
    }
    print(rates);
  }

  private void print(double[][] rates) {
    System.out.printf(
        "%n| %-27s | %s median (min-max) | ratio median (min-max) |%n", title, unitName);
    System.out.println("|---|---|---|");
    int index = 0;
    for (String name : List.copyOf(contenders.keySet())) {
      System.out.printf(
          "| %-27s | %-20s | %-22s |%n",
          name, spread(rates[index], unit), spread(ratios(rates[index], rates[0]), 1));
      index++;
    }
  }

  private static double[] ratios(double[] rates, double[] baseline) {
    double[] ratios = new double[rates.length];
    Arrays.setAll(ratios, round -> rates[round] / baseline[round]);
    return ratios;
  }

  private static String spread(double[] values, double unit) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f-%.2f)",
        median(sorted) / unit,
        sorted[0] / unit,
        sorted[sorted.length - 1] / unit);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
