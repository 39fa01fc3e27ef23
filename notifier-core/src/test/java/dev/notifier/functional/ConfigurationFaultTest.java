package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.notifier.ChannelHealth;
import dev.notifier.ChannelHealth.State;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationListener;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A fault of the host's own pauses the channel; the messages are not to blame. */
@ExtendWith(QuietLog.class)
class ConfigurationFaultTest {
  private static final DeliveryResult FAULT =
      DeliveryResult.configurationFault("535 authentication failed");
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final List<String> events = new ArrayList<>();
  private final Stage stage =
      Stage.open(
          builder ->
              builder.listener(
                  new NotificationListener() {
                    @Override
                    public void channelPaused(ChannelId channel, String reason, Instant until) {
                      events.add("paused " + channel + ": " + reason + " until " + until);
                    }

                    @Override
                    public void channelResumed(ChannelId channel) {
                      events.add("resumed " + channel);
                    }
                  }));

  private ChannelHealth health() {
    return stage.notifier.health().channels().get(ChannelId.of("email"));
  }

  @Test
  void theChannelPausesAndOnlyOneDeliveryTries() {
    stage.email.always(FAULT);
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      receipts.add(stage.send(byEmail("n" + i).priority(Priority.LOW)));
    }
    stage.run();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(receipts)
        .allSatisfy(receipt -> assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.QUEUED));
    assertThat(stage.delivery(receipts.get(7)).attempts()).isEmpty();
    assertThat(health().state()).isEqualTo(State.PAUSED);
    assertThat(health().reason()).isEqualTo("535 authentication failed");
    assertThat(health().backlog()).isEqualTo(20);
    assertThat(stage.notifier.health().isUp()).isFalse();
  }

  @Test
  void itIsLoggedOnceAsAnErrorHoweverLongItLasts() {
    try (LogRecorder log = LogRecorder.open()) {
      stage.email.always(FAULT);
      for (int i = 0; i < 20; i++) {
        stage.send(byEmail("n" + i));
      }
      stage.runUntil(Duration.ofHours(2));

      assertThat(stage.email.calls()).as("a trial each minute").hasSizeGreaterThan(100);
      assertThat(log.messages(Level.ERROR))
          .singleElement()
          .asString()
          .contains("channel email", "paused", "535 authentication failed");
    }
    assertThat(events)
        .containsExactly(
            "paused email: 535 authentication failed until " + StandingClock.START.plus(PAUSE));
  }

  @Test
  void aSingleTrialResumesItAndNoAttemptWasBurned() {
    stage.email.then(FAULT, FAULT, FAULT, FAULT, FAULT);
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      receipts.add(stage.send(byEmail("n" + i).priority(Priority.LOW))); // not one retry
    }
    stage.runToTheEnd();

    assertThat(stage.email.times().subList(0, 6))
        .containsExactly(
            Duration.ZERO,
            PAUSE,
            PAUSE.multipliedBy(2),
            PAUSE.multipliedBy(3),
            PAUSE.multipliedBy(4),
            PAUSE.multipliedBy(5));
    assertThat(receipts)
        .allSatisfy(receipt -> assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT));
    assertThat(stage.email.calls()).allMatch(call -> call.attempt().number() == 1);
    assertThat(health().state()).isEqualTo(State.UP);
    assertThat(events).hasSize(2).last().isEqualTo("resumed email");
  }

  @Test
  void whileItIsPausedOthersFallBack() {
    stage.email.always(FAULT);
    stage.send(byEmail("finds the fault"));
    stage.run();

    Receipt receipt = stage.send(byEmailOrSms("falls back"));
    stage.run();

    assertThat(stage.sms.texts()).containsExactly("falls back");
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.email.calls()).hasSize(1);
  }

  @Test
  void whoFindsTheFaultFallsBackToo() {
    stage.email.always(FAULT);

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(health().state()).isEqualTo(State.PAUSED);
  }

  @Test
  void aTransientTrialLeavesItPaused() {
    stage.email.then(FAULT, BUSY);
    stage.send(byEmail("hello"));
    stage.run();
    stage.advance(PAUSE);

    assertThat(stage.email.calls()).hasSize(2);
    assertThat(health().state()).isEqualTo(State.PAUSED);
    stage.runToTheEnd();
    assertThat(health().state()).isEqualTo(State.UP);
  }

  @Test
  void aPauseDoesNotOutliveTheNotification() {
    stage.email.always(FAULT);

    Receipt receipt = stage.send(byEmail("hello").expiresAfter(Duration.ofMinutes(5)));
    stage.runToTheEnd();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
    assertThat(stage.delivery(receipt).reason()).contains("535");
  }

  @Test
  void itDoesNotCountAsAFailureOfTheProvider() {
    Stage withBreaker =
        Stage.withEmail(
            policy ->
                policy
                    .breaker(dev.notifier.CircuitBreakerPolicy.consecutive(1, Duration.ofHours(1)))
                    .configurationFaultPause(PAUSE));
    withBreaker.email.then(FAULT);

    Receipt receipt = withBreaker.send(byEmail("hello"));
    withBreaker.runToTheEnd();

    assertThat(withBreaker.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(withBreaker.email.times()).containsExactly(Duration.ZERO, PAUSE);
  }
}
