package dev.notifier.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody has to call close for the JVM to end. */
class JvmExitTest {
  /** Sends one notification that is delivered and one that waits for an hour, and returns. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws InterruptedException {
      Notifier notifier =
          Notifier.builder()
              .discovery(false)
              .channel(
                  "email",
                  attempt ->
                      attempt.content().text().orElseThrow().equals("later")
                          ? DeliveryResult.transientFailure("busy", Duration.ofHours(1))
                          : DeliveryResult.accepted())
              .build();
      notifier.send(Notification.to("email:ada@example.com").text("later").build());
      System.out.println(
          notifier
              .send(Notification.to("email:ada@example.com").text("now").build())
              .await(Duration.ofSeconds(30))
              .map(Outcome::status));
    }
  }

  @Test
  @Timeout(90)
  void theJvmExitsThoughNobodyClosedTheNotifier() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), Program.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      assertThat(ended).as("the JVM ended by itself").isTrue();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output).contains("Optional[SENT]");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
