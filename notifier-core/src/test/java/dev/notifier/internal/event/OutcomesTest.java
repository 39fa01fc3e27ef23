package dev.notifier.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationForgottenException;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.NotifierClosedException;
import dev.notifier.Outcome;
import dev.notifier.Samples;
import dev.notifier.StoreException;
import dev.notifier.spi.NotificationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private static final NotificationId ID = Samples.id(1);
  private static final Outcome SENT = new Outcome(ID, DeliveryStatus.SENT, "done");

  private final NotificationStore store = mock(NotificationStore.class);
  private final Outcomes outcomes = new Outcomes(store);

  private static Optional<NotificationReport> report(DeliveryStatus status) {
    return Optional.of(
        new NotificationReport(
            ID,
            Samples.notification(),
            Samples.NOON,
            List.of(Samples.delivery(0, status, "done"))));
  }

  private void storeSays(DeliveryStatus status) {
    when(store.find(ID)).thenReturn(report(status));
  }

  @Test
  void whatWasSettledBeforeIsKnownAtOnce() {
    storeSays(DeliveryStatus.SENT);
    assertThat(outcomes.of(ID)).isCompletedWithValue(SENT);
  }

  @Test
  void whatIsSettledLaterCompletesEverybodyWhoWaits() {
    storeSays(DeliveryStatus.SENDING);
    CompletableFuture<Outcome> one = outcomes.of(ID);
    CompletableFuture<Outcome> two = outcomes.of(ID);
    outcomes.settled(ID);
    assertThat(one).as("only a part of it was settled").isNotDone();
    storeSays(DeliveryStatus.SENT);
    outcomes.settled(ID);
    assertThat(one).isCompletedWithValue(SENT);
    assertThat(two).isCompletedWithValue(SENT);
  }

  @Test
  void whatIsSettledWhileAskingIsNotMissed() {
    AtomicBoolean asked = new AtomicBoolean();
    when(store.find(ID))
        .thenAnswer(
            call -> {
              if (!asked.compareAndSet(false, true)) {
                return report(DeliveryStatus.SENT);
              }
              outcomes.settled(ID); // between the question and its answer, which is outdated
              return report(DeliveryStatus.SENDING);
            });
    assertThat(outcomes.of(ID)).isCompletedWithValue(SENT);
  }

  @Test
  void whoDoesNotAskCostsNothing() {
    outcomes.settled(ID);
    verify(store, never()).find(any());
  }

  @Test
  void oneWhoWaitsCannotAnswerForTheOthers() {
    storeSays(DeliveryStatus.QUEUED);
    CompletableFuture<Outcome> impatient = outcomes.of(ID);
    CompletableFuture<Outcome> patient = outcomes.of(ID);
    impatient.complete(new Outcome(ID, DeliveryStatus.FAILED, "made up"));
    assertThat(patient).isNotDone();
  }

  @Test
  void whatTheStoreForgotIsToldAsSuch() {
    when(store.find(ID)).thenReturn(Optional.empty());
    assertThat(outcomes.of(ID))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(NotificationForgottenException.class)
        .withMessageStartingWith("notification " + ID + " is not in the store");
  }

  @Test
  void aStoreThatFailsFailsTheQuestionAndNotTheNextOne() {
    when(store.find(ID)).thenThrow(new StoreException("find failed", null));
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> outcomes.of(ID));
    doReturn(report(DeliveryStatus.SENT)).when(store).find(ID);
    assertThat(outcomes.of(ID)).isCompletedWithValue(SENT);
  }

  @Test
  void closingEndsEveryWait() {
    storeSays(DeliveryStatus.QUEUED);
    CompletableFuture<Outcome> before = outcomes.of(ID);
    outcomes.close();
    for (CompletableFuture<Outcome> each : List.of(before, outcomes.of(ID))) {
      assertThat(each)
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOf(NotifierClosedException.class)
          .withMessage("the notifier was closed before the notification was settled");
    }
  }

  @Test
  void whatIsSettledIsKnownAfterClosingToo() {
    storeSays(DeliveryStatus.SENT);
    outcomes.close();
    assertThat(outcomes.of(ID)).isCompletedWithValue(SENT);
  }

  @Test
  void ofThreadsThatAskWhileAnotherSettlesNoneIsLeftWaiting() throws Exception {
    for (int round = 0; round < 300; round++) {
      AtomicBoolean sent = new AtomicBoolean();
      when(store.find(ID))
          .thenAnswer(call -> report(sent.get() ? DeliveryStatus.SENT : DeliveryStatus.SENDING));
      CyclicBarrier start = new CyclicBarrier(3);
      List<CompletableFuture<Outcome>> askers = List.of(asking(start), asking(start));
      start.await(10, TimeUnit.SECONDS);
      sent.set(true);
      outcomes.settled(ID);
      for (CompletableFuture<Outcome> asker : askers) {
        assertThat(asker.get(10, TimeUnit.SECONDS)).isEqualTo(SENT);
      }
    }
  }

  private CompletableFuture<Outcome> asking(CyclicBarrier start) {
    CompletableFuture<CompletableFuture<Outcome>> asked = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                start.await(10, TimeUnit.SECONDS);
                asked.complete(outcomes.of(ID));
              } catch (Exception e) {
                asked.completeExceptionally(e);
              }
            })
        .start();
    return asked.thenCompose(outcome -> outcome);
  }
}
