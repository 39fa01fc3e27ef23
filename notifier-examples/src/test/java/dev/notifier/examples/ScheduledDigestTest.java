package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScheduledDigestTest {
  @Test
  void theShortDigestIsSeenThreeTimesWithWhatEachRunAskedFor() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      ScheduledDigest.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    String output = captured.toString(StandardCharsets.UTF_8);
    assertThat(output.lines().filter(line -> line.contains("Ada's has had"))).hasSize(3);
    assertThat(output)
        .contains("daily-digest is ACTIVE after 0 runs; the last one: -")
        .containsPattern("short-digest is ENDED after 3 runs; the last one: [0-9a-f-]{36}");
  }
}
