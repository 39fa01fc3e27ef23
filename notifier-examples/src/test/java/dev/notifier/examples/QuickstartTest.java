package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

@DisabledIfEnvironmentVariable(
    named = "NOTIFIER_EMAIL_HOST",
    matches = ".+",
    disabledReason = "would send real mail")
class QuickstartTest {
  @TempDir Path directory;

  @Test
  void everyNotificationEndsAsTheReadmeSays() throws Exception {
    String output =
        Console.outputOf(() -> Quickstart.sendOnLoopback(directory.resolve("notifier")));

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

  @Test
  void killedInTheMiddleItFinishesWhatItOwedAtTheNextRun() throws Exception {
    Process first = quickstart("first.txt");
    try {
      awaitLine("first.txt", "CRITICAL attempt 2 ", first);
    } finally {
      first.destroyForcibly().waitFor();
    }
    Process second = quickstart("second.txt");
    boolean ended = second.waitFor(90, TimeUnit.SECONDS);
    second.destroyForcibly();

    String output = Files.readString(directory.resolve("second.txt"));
    assertThat(ended).as(output).isTrue();
    assertThat(output)
        .containsPattern("The last run was killed, and owes [1-7] notifications")
        .containsPattern("finished what the last run owed: [1-7]\n");
    String finished = output.substring(output.indexOf("finished what the last run owed"));
    assertThat(finished).containsPattern("email +SENT +[2-5] "); // some of them by the first run
    assertThat(finished).doesNotContain("QUEUED", "SENDING");
    assertThat(rows(output.replace(finished, ""), "SENT")).isEqualTo(6); // as at any other run
  }

  /** Starts the program in a JVM of its own, whose working directory this test has for itself. */
  private Process quickstart(String output) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), Quickstart.class.getName())
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(output).toFile())
        .start();
  }

  private void awaitLine(String file, String text, Process process) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Files.readString(directory.resolve(file)).contains(text)) {
      assertThat(process.isAlive() && System.nanoTime() - end < 0)
          .as("no line '%s' in: %s", text, Files.readString(directory.resolve(file)))
          .isTrue();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static long rows(String output, String status) {
    return output
        .lines()
        .filter(line -> line.matches("[0-9a-f-]{36} .*\\b" + status + "\\b.*"))
        .count();
  }
}
