package dev.notifier.testkit;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A channel that answers from a list, one answer per attempt, and remembers the attempts.
 *
 * <pre>{@code
 * new ScriptedChannel()
 *     .then(DeliveryResult.transientFailure("busy", Duration.ofSeconds(30)))
 *     .thenThrow(new IOException("connection reset"))
 *     .thenAlways(DeliveryResult.accepted());
 * }</pre>
 *
 * <p>When the list has run out, and {@link #thenAlways} was not called, every further attempt
 * throws an {@link IllegalStateException} that says so. A notifier takes that for a transient
 * failure and shows it as the reason.
 *
 * <p>Thread-safe; answers may be added at any time.
 */
public final class ScriptedChannel implements Channel {
  private final Recorder<DeliveryAttempt> attempts = new Recorder<>();
  private final Queue<Channel> answers = new ArrayDeque<>(); // Guarded by this.
  private int given; // Guarded by this.
  private @Nullable Channel last; // Guarded by this.

  /** Creates a channel with an empty script. */
  public ScriptedChannel() {}

  /** Adds an answer. */
  public ScriptedChannel then(DeliveryResult result) {
    Objects.requireNonNull(result, "result");
    return then(attempt -> result);
  }

  /** Adds an answer that is worked out when the attempt comes; it may also look, wait or throw. */
  public synchronized ScriptedChannel then(Channel answer) {
    checkOpenEnd();
    answers.add(Objects.requireNonNull(answer, "answer"));
    return this;
  }

  /**
   * Adds an exception as an answer.
   *
   * @throws IllegalArgumentException if a channel cannot throw it: it is neither an {@link
   *     IOException} nor an {@link InterruptedException} nor unchecked
   */
  public ScriptedChannel thenThrow(Exception exception) {
    if (exception instanceof IOException io) {
      return then(throwing(io));
    }
    if (exception instanceof InterruptedException interrupted) {
      return then(throwing(interrupted));
    }
    if (exception instanceof RuntimeException unchecked) {
      return then(throwing(unchecked));
    }
    throw new IllegalArgumentException(
        "a channel throws IOException, InterruptedException or what is unchecked, but not "
            + exception);
  }

  private static Channel throwing(IOException exception) {
    return attempt -> {
      throw exception;
    };
  }

  private static Channel throwing(InterruptedException exception) {
    return attempt -> {
      throw exception;
    };
  }

  private static Channel throwing(RuntimeException exception) {
    return attempt -> {
      throw exception;
    };
  }

  /**
   * Sets the answer to every attempt after those that were listed.
   *
   * @throws IllegalStateException if it is set already
   */
  public synchronized ScriptedChannel thenAlways(DeliveryResult result) {
    Objects.requireNonNull(result, "result");
    checkOpenEnd();
    last = attempt -> result;
    return this;
  }

  private void checkOpenEnd() {
    if (last != null) {
      throw new IllegalStateException("thenAlways(...) ends a script: nothing can follow it");
    }
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
    attempts.add(attempt);
    return next(attempt).send(attempt); // outside the lock: an answer may wait
  }

  private synchronized Channel next(DeliveryAttempt attempt) {
    Channel next = answers.isEmpty() ? last : answers.remove();
    if (next == null) {
      throw new IllegalStateException(
          "the script ran out after "
              + given
              + " answers, and then came "
              + attempt
              + ": add an answer, or end with thenAlways(...)");
    }
    given++;
    return next;
  }

  /** Returns every attempt so far, in the order in which they came. */
  public List<DeliveryAttempt> attempts() {
    return attempts.items();
  }

  /**
   * Waits until there were at least this many attempts; for notifiers with threads.
   *
   * @return every attempt so far
   * @throws AssertionError if there are fewer when the time is up
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public List<DeliveryAttempt> awaitAttempts(int count, Duration patience)
      throws InterruptedException {
    return attempts.await(DeliveryAttempt.class, count, patience);
  }
}
