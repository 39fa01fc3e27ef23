package dev.notifier.store.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link ChaosNode} in a process of its own, and the hand that strikes it. */
final class ChildNode implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;

  private final SendingHistory history;
  private final String name;
  private final Process process;
  private final Thread reader;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch quiet = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile boolean closedInOrder;

  /**
   * Starts one.
   *
   * @param mode "send", "work" to deliver only, or "halt-before-commit"
   */
  ChildNode(
      SendingHistory history,
      EmptyDatabase database,
      String name,
      long lease,
      long clockError,
      String mode,
      Path directory)
      throws IOException {
    this.history = history;
    this.name = name;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ChaosNode.class.getName(),
                database.url(),
                database.user(),
                database.password(),
                name,
                String.valueOf(lease),
                String.valueOf(clockError),
                mode)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(directory.resolve("nodes.log").toFile()))
            .start();
    reader = new Thread(this::read, "reader-of-" + name);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line.split(" "));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(String[] words) {
    switch (words[0]) {
      case "READY" -> ready.countDown();
      case "QUIET" -> quiet.countDown();
      case "DRAINED" -> drained.countDown();
      case "CLOSED" -> closedInOrder = true;
      case "ACK" -> history.acknowledged(words[1]);
      case "KEYED" -> history.acknowledged(words[1], words[2]);
      case "ONCE" -> {
        history.atMostOnce(words[1]);
        history.acknowledged(words[1]);
      }
      case "ROLLED" -> history.rolledBack(words[1]);
      case "SENT" ->
          history.sent(words[1], name, Long.parseLong(words[2]), System.currentTimeMillis());
      default -> {} // FAILED: the sender was told
    }
  }

  String name() {
    return name;
  }

  boolean isReady() {
    return ready.getCount() == 0;
  }

  boolean awaitReady() throws InterruptedException {
    return ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  // --- Strikes ----------------------------------------------------------------------------------

  /** By the signal: {@link Process#destroyForcibly} also drops what it said and nobody has read. */
  void kill() throws IOException, InterruptedException {
    signal("KILL");
    history.struck(name, System.currentTimeMillis()); // it went on until the signal came
    awaitEnd();
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
    history.struck(name, System.currentTimeMillis());
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + signal + " failed");
    }
  }

  // --- The end ----------------------------------------------------------------------------------

  private void tell(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Stops its senders. */
  boolean hush() throws IOException, InterruptedException {
    tell("quiet");
    return quiet.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Stops its senders, and waits until it owes nothing. */
  boolean drain() throws IOException, InterruptedException {
    tell("drain");
    return drained.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Closes its notifier; tells whether that was done in order. */
  boolean closeInOrder() throws IOException, InterruptedException {
    tell("close");
    awaitEnd();
    return closedInOrder;
  }

  /** Waits until it has ended and everything that it said is known. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end");
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
