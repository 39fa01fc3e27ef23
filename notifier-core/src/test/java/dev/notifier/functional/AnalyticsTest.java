package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static dev.notifier.functional.StandingClock.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.ChannelSummary.Reason;
import dev.notifier.ChannelSummary.Times;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notifier;
import dev.notifier.UnknownChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class AnalyticsTest {
  private static final AnalyticsWindow HOUR =
      AnalyticsWindow.between(START, START.plus(Duration.ofHours(1)));

  private final Stage stage = Stage.open();

  private ChannelSummary email() {
    return stage.notifier.analytics().summary(HOUR).channel("email");
  }

  // --- What is counted --------------------------------------------------------------------------

  @Test
  void eachDeliveryCountsWithWhatItCameTo() {
    stage.email.then(DeliveryResult.accepted(), REFUSED, BUSY);
    stage.send(byEmail("sent"));
    stage.send(byEmail("refused"));
    stage.send(byEmail("busy"));
    stage.run();
    stage.notifier.cancel(stage.send(byEmail("cancelled")).id());

    AnalyticsSummary summary = stage.notifier.analytics().summary(HOUR);

    assertThat(summary.channel("email").counts().accepted()).isEqualTo(4);
    assertThat(summary.channel("email").counts().sent()).isEqualTo(1);
    assertThat(summary.channel("email").counts().failed()).isEqualTo(1);
    assertThat(summary.channel("email").counts().waiting()).isEqualTo(1);
    assertThat(summary.channel("email").counts().cancelled()).isEqualTo(1);
    assertThat(summary.channel("email").reasons())
        .containsExactly(new Reason(DeliveryStatus.FAILED, "550 no", 1));
    assertThat(summary.total()).isEqualTo(summary.channel("email").counts());
    assertThat(summary.isComplete()).isTrue();
  }

  @Test
  void everyChannelHasItsNumbersEvenIfNothingHappenedOnIt() {
    AnalyticsSummary summary = stage.notifier.analytics().summary(HOUR);

    assertThat(summary.channels().keySet())
        .extracting("value")
        .containsExactly("email", "pager", "sms");
    assertThat(summary.channel("sms").times()).isEmpty();
    assertThat(summary.channel("sms").counts().deliveryRate()).isEmpty();
    assertThat(stage.notifier.analytics().summary(HOUR.channel("sms")).channels())
        .containsOnlyKeys(ChannelId.of("sms"));
  }

  @Test
  void aFallBackCountsWhereItWentAndOnlyThere() {
    stage.email.then(REFUSED);
    stage.send(byEmailOrSms("hello"));
    stage.run();

    AnalyticsSummary summary = stage.notifier.analytics().summary(HOUR);

    assertThat(summary.channel("email").counts().accepted()).isZero();
    assertThat(summary.channel("sms").counts().sent()).isEqualTo(1);
  }

  @Test
  void timesRunFromAcceptanceToTheProvidersAcceptance() {
    stage.email.thenDo(
        attempt -> {
          stage.clock.advance(Duration.ofMillis(250));
          return DeliveryResult.accepted();
        });
    stage.send(byEmail("hello"));
    stage.clock.advance(Duration.ofSeconds(2));
    stage.run();

    Duration took = Duration.ofMillis(2250);
    assertThat(email().counts().averageTime()).hasValue(took);
    Times times = email().times().orElseThrow();
    assertThat(times).isEqualTo(new Times(took, took, took, took, took));
  }

  @Test
  void retriesCountInTheTimeOfADelivery() {
    stage.email.then(BUSY);
    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(email().times().orElseThrow().longest()).isEqualTo(stage.clock.elapsed());
  }

  @Test
  void aTimeToSendAtIsNoDelay() {
    Instant later = START.plus(Duration.ofMinutes(30));
    stage.send(byEmail("hello").sendAt(later));
    stage.clock.advance(Duration.ofMinutes(10));
    assertThat(email().backlog()).isEqualTo(new Backlog(1, 1, Duration.ZERO));

    stage.clock.set(later.plusSeconds(3));
    assertThat(email().backlog()).isEqualTo(new Backlog(1, 0, Duration.ofSeconds(3)));
    stage.run();

    assertThat(email().times().orElseThrow().longest()).isEqualTo(Duration.ofSeconds(3));
    assertThat(email().backlog()).isEqualTo(Backlog.NONE);
  }

  @Test
  void percentilesAreThoseOfTheDeliveriesWithinTwoPercent() {
    for (int i = 0; i < 1000; i++) {
      stage.send(byEmail("n" + i));
    }
    stage.email.alwaysDo(
        attempt -> {
          stage.clock.advance(Duration.ofMillis(10)); // the n-th takes n * 10 ms
          return DeliveryResult.accepted();
        });
    stage.run();

    Times times = email().times().orElseThrow();
    assertThat(times.average()).isEqualTo(Duration.ofMillis(5005));
    assertThat(times.p50().toMillis()).isBetween(4900L, 5100L);
    assertThat(times.p95().toMillis()).isBetween(9310L, 9690L);
    assertThat(times.p99().toMillis()).isBetween(9702L, 10_000L);
    assertThat(times.longest()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatWasForgottenIsNotCountedAndTheSummarySaysSo() {
    Stage small = Stage.open(builder -> builder.history(2, Duration.ofMinutes(10)));
    for (int i = 0; i < 3; i++) {
      small.send(byEmail("n" + i));
      small.advance(Duration.ofSeconds(1));
    }

    AnalyticsSummary summary = small.notifier.analytics().summary(HOUR);
    assertThat(summary.total().sent()).isEqualTo(2);
    assertThat(summary.completeSince()).hasValue(START.plusMillis(1));
    assertThat(summary.isComplete()).isFalse();
    AnalyticsWindow known = AnalyticsWindow.between(START.plusMillis(1), HOUR.to());
    assertThat(small.notifier.analytics().summary(known).isComplete()).isTrue();

    small.clock.advance(Duration.ofMinutes(10));
    AnalyticsSummary later = small.notifier.analytics().summary(HOUR);
    assertThat(later.total().accepted()).isZero();
    assertThat(later.completeSince()).hasValue(START.plusSeconds(2).plusMillis(1));
  }

  @Test
  void whatWasPurgedIsNotCountedEither() {
    stage.send(byEmail("purged"));
    stage.run();
    stage.advance(Duration.ofSeconds(1));
    stage.send(byEmail("kept"));
    stage.notifier.history().purge(Duration.ofMillis(500), DeliveryStatus.SENT);

    AnalyticsSummary summary = stage.notifier.analytics().summary(HOUR);
    assertThat(summary.total().accepted()).isEqualTo(1);
    assertThat(summary.completeSince()).hasValue(START.plusMillis(1));
  }

  // --- Steps ------------------------------------------------------------------------------------

  @Test
  void aSeriesHasAStepForEachStretchOfTimeUntilNow() {
    stage.send(byEmail("first"));
    stage.advance(Duration.ofMinutes(25));
    stage.email.then(REFUSED);
    stage.send(byEmail("second"));
    stage.run();

    List<AnalyticsStep> series = stage.notifier.analytics().series(HOUR, Duration.ofMinutes(10));

    assertThat(series).hasSize(3);
    assertThat(series.get(0).from()).isEqualTo(START);
    assertThat(series.get(0).total().sent()).isEqualTo(1);
    assertThat(series.get(1).channels()).isEmpty();
    assertThat(series.get(2).total().failed()).isEqualTo(1);
    assertThat(series.get(2).to()).isEqualTo(stage.clock.instant().plusMillis(1));
    assertThat(stage.notifier.analytics().series(HOUR.channel("sms"), Duration.ofMinutes(10)))
        .hasSize(3)
        .allSatisfy(step -> assertThat(step.channels()).isEmpty());
  }

  // --- Bad input --------------------------------------------------------------------------------

  @Test
  void aWindowThatBeginsInTheFutureIsRefused() {
    AnalyticsWindow future = AnalyticsWindow.between(START.plusSeconds(1), START.plusSeconds(2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.analytics().summary(future))
        .withMessage(
            "the window must begin in the past, but begins at 2025-01-01T12:00:01Z; now is"
                + " 2025-01-01T12:00:00Z");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.analytics().series(future, Duration.ofSeconds(1)));
  }

  @Test
  void aChannelThatNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> stage.notifier.analytics().summary(HOUR.channel("emial")))
        .isInstanceOf(UnknownChannelException.class)
        .hasMessageContaining("no channel 'emial'")
        .hasMessageContaining("[email, pager, sms]");
    assertThatThrownBy(
            () -> stage.notifier.analytics().series(HOUR.channel("emial"), Duration.ofHours(1)))
        .isInstanceOf(UnknownChannelException.class);
    AnalyticsSummary summary = stage.notifier.analytics().summary(HOUR);
    assertThatThrownBy(() -> summary.channel("emial"))
        .isInstanceOf(UnknownChannelException.class)
        .hasMessage("no channel \"emial\" in this summary; it has [email, pager, sms]");
  }

  @Test
  void theStandInAnswersForEveryChannel() {
    try (Notifier notifier = Notifier.builder().discovery(false).build()) {
      Instant now = Instant.now();
      AnalyticsWindow window = AnalyticsWindow.between(now.minusSeconds(60), now.plusSeconds(60));
      assertThat(notifier.analytics().summary(window.channel("email")).total().accepted()).isZero();
    }
  }

  @Test
  void aStepThatMakesTooManyIsRefused() {
    stage.clock.advance(Duration.ofHours(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.analytics().series(HOUR, Duration.ofSeconds(2)))
        .withMessageContaining("at most 1500 steps")
        .withMessageContaining("choose a longer step");
    assertThat(stage.notifier.analytics().series(HOUR, Duration.ofSeconds(3))).hasSize(1200);
    assertThat(stage.notifier.analytics().series(HOUR, Duration.ofSeconds(Long.MAX_VALUE)))
        .hasSize(1);
    for (Duration bad :
        List.of(
            Duration.ZERO,
            Duration.ofSeconds(-1),
            Duration.ofMillis(999),
            Duration.ofSeconds(3, 1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> stage.notifier.analytics().series(HOUR, bad))
          .withMessageContaining("step must be a second or longer, in whole milliseconds");
    }
  }
}
