package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Transient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a channel made of one attempt: a result, or an exception. */
record Answer(@Nullable DeliveryResult result, @Nullable Throwable exception) {
  /** Fails unless the answer is a result of this class, and returns it. */
  <R extends DeliveryResult> R as(Class<R> expected) {
    if (exception != null) {
      throw new AssertionError(
          "expected " + expected.getSimpleName() + " as a value, but the channel threw", exception);
    }
    assertThat(result).as("the channel's answer").isInstanceOf(expected);
    return expected.cast(Objects.requireNonNull(result));
  }

  /** Fails unless the answer leaves it open whether the message may be sent again. */
  void assertUnanswered() {
    if (exception == null) {
      assertThat(result).as("no answer came").isInstanceOfAny(Transient.class, Ambiguous.class);
    } else {
      assertThat(exception)
          .as("no answer came")
          .isInstanceOfAny(IOException.class, InterruptedException.class);
    }
  }

  /** Returns everything that may end up in a log: the result, or the exception with its causes. */
  String everythingTold() {
    if (exception == null) {
      return result + " " + (result == null ? "" : result.reason());
    }
    StringWriter trace = new StringWriter();
    exception.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
