package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.DeliveryStatus;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.functional.ScriptedChannel.Answer;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels that break their contract. */
@ExtendWith(QuietLog.class)
class MisbehaviourTest {
  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("cannot even say what is wrong");
    }
  }

  private static final class UnspeakableIo extends IOException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("cannot even say what is wrong");
    }
  }

  static Stream<Arguments> misbehaviour() {
    return Stream.of(
        misbehaviour("IOException", new IOException("connection refused"), Transient.class),
        misbehaviour("RuntimeException", new IllegalStateException("bug"), Transient.class),
        misbehaviour("LinkageError", new NoClassDefFoundError("x/Y"), Transient.class),
        misbehaviour("StackOverflowError", new StackOverflowError(), Transient.class),
        misbehaviour("AssertionError", new AssertionError("bug"), Transient.class),
        misbehaviour("OutOfMemoryError", new OutOfMemoryError("for a test"), Transient.class),
        misbehaviour("its message throws", new Unspeakable(), Transient.class),
        misbehaviour("its message throws, IO", new UnspeakableIo(), Transient.class),
        misbehaviour("InterruptedException", new InterruptedException(), Ambiguous.class),
        Arguments.of("null", (Answer) attempt -> null, Ambiguous.class),
        Arguments.of("real overflow", (Answer) attempt -> recurse(attempt, 0), Transient.class));
  }

  private static Arguments misbehaviour(String name, Throwable thrown, Class<?> result) {
    Answer answer =
        attempt -> {
          MisbehaviourTest.<RuntimeException>raise(thrown);
          return DeliveryResult.accepted();
        };
    return Arguments.of(name, answer, result);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @SuppressWarnings("InfiniteRecursion")
  private static DeliveryResult recurse(Object attempt, int depth) {
    return recurse(attempt, depth + 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misbehaviour")
  void whateverAChannelThrowsTheDeliverySettles(
      String name, Answer answer, Class<? extends DeliveryResult> result) {
    Stage stage = Stage.open();
    stage.email.thenDo(answer);

    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();
    assertThat(Thread.interrupted()).isEqualTo(name.equals("InterruptedException"));
    assertThat(stage.delivery(receipt).attempts())
        .singleElement()
        .extracting(AttemptReport::result)
        .isInstanceOf(result);
    stage.runToTheEnd();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.email.calls()).hasSize(2);
    assertThat(stage.stats("email").busyWorkers()).isZero();
  }

  @Test
  void anUnknownExceptionSaysWhatAndWhere() {
    Stage stage = Stage.open();
    stage.email.thenDo(
        attempt -> {
          throw new IllegalStateException("a bug");
        });
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.delivery(receipt).reason())
        .contains("IllegalStateException: a bug", "MisbehaviourTest");
  }

  @Test
  void reasonsAndLogsNeverHoldTheFullAddress() {
    String[] quoting = {
      "550 <ada.lovelace@example.com> unknown", "550 <Ada.Lovelace@Example.COM> unknown"
    };
    try (LogRecorder log = LogRecorder.open()) {
      for (String words : quoting) {
        for (Function<String, Answer> way : ways()) {
          Stage stage = Stage.open();
          stage.email.alwaysDo(way.apply(words));
          Receipt receipt = stage.send(byEmail("hello").priority(Priority.LOW));
          stage.run();

          assertThat(stage.delivery(receipt).attempts().get(0).result().reason())
              .contains("a***@example.com")
              .doesNotContainIgnoringCase("ada.lovelace@");
          assertThat(stage.delivery(receipt).reason()).doesNotContainIgnoringCase("ada.lovelace@");
          assertThat(stage.notifier.suppressions().newest(10).toString())
              .doesNotContainIgnoringCase("ada.lovelace@");
        }
      }
      assertThat(log.events())
          .isNotEmpty()
          .noneMatch(
              event ->
                  event
                      .getFormattedMessage()
                      .toLowerCase(java.util.Locale.ROOT)
                      .contains("ada.lovelace@"));
    }
  }

  private static List<Function<String, Answer>> ways() {
    return List.of(
        words -> attempt -> DeliveryResult.transientFailure(words),
        words -> attempt -> DeliveryResult.permanentFailure(words),
        words -> attempt -> DeliveryResult.suppressRecipient(words),
        words -> attempt -> DeliveryResult.configurationFault(words),
        words -> attempt -> DeliveryResult.ambiguous(words),
        words ->
            attempt -> {
              throw new IOException(words);
            },
        words ->
            attempt -> {
              throw new IllegalStateException(words);
            });
  }
}
