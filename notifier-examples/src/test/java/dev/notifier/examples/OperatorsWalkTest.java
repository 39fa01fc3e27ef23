package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OperatorsWalkTest {
  @Test
  void whatFailedIsSeenMendedAndSentAgain() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      OperatorsWalk.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    String output = captured.toString(StandardCharsets.UTF_8);
    assertThat(output.split("is a dead letter", -1)).hasSize(4);
    assertThat(output.split("was replayed as", -1)).hasSize(4);
    assertThat(output)
        .contains("attempt 1 on pager: 403: the account has no credit")
        .containsPattern("Replayed one as [0-9a-f-]{36}, then 2 more; 1 had been replayed before.")
        .contains("Purged 3 dead letters.");
    assertThat(output.lines().filter(line -> line.startsWith("{\"id\":"))).hasSize(6);
  }
}
