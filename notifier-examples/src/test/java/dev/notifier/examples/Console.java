package dev.notifier.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Reads what a program prints. */
final class Console {
  private Console() {}

  /** A program's main method, say. */
  @FunctionalInterface
  interface Program {
    void run() throws Exception;
  }

  static String outputOf(Program program) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(console);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }
}
