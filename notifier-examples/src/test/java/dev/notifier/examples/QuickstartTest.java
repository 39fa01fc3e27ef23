package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

@DisabledIfEnvironmentVariable(
    named = "NOTIFIER_EMAIL_HOST",
    matches = ".+",
    disabledReason = "would send real mail")
class QuickstartTest {
  @Test
  void everyNotificationEndsAsTheReadmeSays() throws Exception {
    String output = outputOf(() -> Quickstart.main(new String[0]));

    assertThat(rows(output, "SENT")).isEqualTo(6);
    assertThat(rows(output, "FAILED")).isEqualTo(1);
    assertThat(output)
        .containsPattern("email → pager +SENT +2 ")
        .containsPattern("email → sms → telegram +SENT +3 ")
        .containsPattern("email +SENT +3 ") // failed twice, then succeeded
        .containsPattern("email +FAILED +1 .*550 5.1.1 no such user")
        .contains("The server received 4 messages")
        .contains("multipart/mixed[multipart/alternative[text/plain, text/html], invoice.csv")
        .contains("Disk full — übermorgen ist Schluß");
  }

  private static long rows(String output, String status) {
    return output
        .lines()
        .filter(line -> line.matches("[0-9a-f-]{36} .*\\b" + status + "\\b.*"))
        .count();
  }

  /** What a program prints. */
  @FunctionalInterface
  private interface Program {
    void run() throws Exception;
  }

  private static String outputOf(Program program) throws Exception {
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
