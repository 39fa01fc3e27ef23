package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScriptedChannelTest {
  private final ScriptedChannel channel = new ScriptedChannel();

  private NotificationReport sent() {
    ManualNotifier notifier = ManualNotifier.create(builder -> builder.channel("pager", channel));
    Receipt receipt = notifier.send(Notification.to("pager:4711").text("Water!").build());
    notifier.runUntilSettled(Duration.ofDays(1));
    return notifier.find(receipt.id()).orElseThrow();
  }

  @Test
  void answersInOrderAndRecordsTheAttempts() {
    channel
        .then(DeliveryResult.transientFailure("busy"))
        .thenThrow(new IOException("connection reset"))
        .then(attempt -> DeliveryResult.accepted("provider-" + attempt.number()));

    NotificationReport report = sent();

    assertThat(report.deliveries().get(0).attempts())
        .extracting(attempt -> attempt.result().reason())
        .containsExactly(
            "busy", "java.io.IOException: connection reset", "accepted by the provider");
    assertThat(channel.attempts()).hasSize(3);
  }

  @Test
  void scriptThatRanOutIsTheReason() {
    channel.then(DeliveryResult.transientFailure("busy"));

    NotificationReport report = sent();

    assertThat(report.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(report.reason()).contains("the script ran out after 1 answers");
    assertThat(channel.attempts()).hasSize(3);
  }

  @Test
  void lastAnswerIsGivenAgainAndAgain() {
    channel.thenAlways(DeliveryResult.transientFailure("busy"));

    assertThat(sent().deliveries().get(0).attempts()).hasSize(3);
  }

  @Test
  void nothingFollowsTheLastAnswer() {
    channel.thenAlways(DeliveryResult.accepted());

    assertThatThrownBy(() -> channel.then(DeliveryResult.accepted()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("thenAlways");
    assertThatThrownBy(() -> channel.thenAlways(DeliveryResult.accepted()))
        .isInstanceOf(IllegalStateException.class);
  }

  static Stream<Exception> throwsWhatItIsGiven() {
    return Stream.of(
        new IOException("gone"), new InterruptedException(), new IllegalStateException("bug"));
  }

  @ParameterizedTest
  @MethodSource
  void throwsWhatItIsGiven(Exception exception) {
    channel.thenThrow(exception);

    assertThatThrownBy(() -> channel.send(Attempts.any())).isSameAs(exception);
  }

  @Test
  void refusesToThrowWhatNoChannelCan() {
    assertThatThrownBy(() -> channel.thenThrow(new ReflectiveOperationException("no")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ReflectiveOperationException");
  }

  @Test
  void attemptsCanBeWaitedFor() throws Exception {
    channel.thenAlways(DeliveryResult.accepted());
    channel.send(Attempts.any());

    assertThat(channel.awaitAttempts(1, Duration.ofSeconds(10))).hasSize(1);
  }
}
