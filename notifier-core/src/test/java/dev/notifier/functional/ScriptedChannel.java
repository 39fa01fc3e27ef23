package dev.notifier.functional;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A channel that answers by a script, accepts when the script is over, and remembers its calls. */
final class ScriptedChannel implements Channel {
  /** What a call answers; it may throw whatever a channel might. */
  @FunctionalInterface
  interface Answer {
    @Nullable DeliveryResult to(DeliveryAttempt attempt) throws IOException, InterruptedException;
  }

  record Call(DeliveryAttempt attempt, Instant at) {}

  private final InstantSource clock;
  private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  private final List<Call> calls = new ArrayList<>(); // Guarded by itself.
  private volatile Answer afterwards = attempt -> DeliveryResult.accepted();
  private volatile boolean closed;

  ScriptedChannel(InstantSource clock) {
    this.clock = clock;
  }

  ScriptedChannel then(DeliveryResult... results) {
    for (DeliveryResult result : results) {
      script.add(attempt -> result);
    }
    return this;
  }

  ScriptedChannel thenDo(Answer answer) {
    script.add(answer);
    return this;
  }

  ScriptedChannel always(DeliveryResult result) {
    return alwaysDo(attempt -> result);
  }

  ScriptedChannel alwaysDo(Answer answer) {
    afterwards = answer;
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // breaking the contract is what some tests are about
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
    synchronized (calls) {
      calls.add(new Call(attempt, clock.instant()));
    }
    Answer answer = script.poll();
    return (answer != null ? answer : afterwards).to(attempt);
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** Returns when it was called, counted from the start of a {@link StandingClock}. */
  List<Duration> times() {
    return calls().stream().map(call -> Duration.between(StandingClock.START, call.at())).toList();
  }

  /** Returns what it was told to say, in the order of the calls. */
  List<String> texts() {
    return calls().stream().map(call -> call.attempt().content().text().orElseThrow()).toList();
  }
}
