package dev.notifier.internal.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Reads what is logged to the console, and keeps it off there. */
final class LogCapture {
  private LogCapture() {}

  static List<String> linesDuring(Runnable action) {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, UTF_8));
    try {
      action.run();
    } finally {
      System.setOut(console);
    }
    return captured.toString(UTF_8).lines().toList();
  }
}
