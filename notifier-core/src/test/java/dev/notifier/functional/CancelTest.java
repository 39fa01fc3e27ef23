package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static dev.notifier.functional.Stage.toAda;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Outcome;
import dev.notifier.OverflowPolicy;
import dev.notifier.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** True only if it will not be sent. */
@ExtendWith(QuietLog.class)
class CancelTest {
  private final Stage stage = Stage.open();

  @Test
  void whatWaitsIsCancelledAndNeverSent() throws InterruptedException {
    Receipt receipt = stage.send(byEmail("hello"));

    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    stage.runToTheEnd();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(receipt.await(Duration.ZERO).map(Outcome::status))
        .hasValue(DeliveryStatus.CANCELLED);
    assertThat(stage.count("email", Event.CANCELLED)).isEqualTo(1);
    assertThat(stage.notifier.deadLetters().newest(10)).isEmpty();
  }

  @Test
  void whatWaitsForARetryIsCancelled() {
    stage.email.then(BUSY);
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.delivery(receipt).attempts()).hasSize(1);
    assertThat(stage.delivery(receipt).nextAttempt()).isEmpty();
  }

  @Test
  void anAlarmDoesNotSendWhatIsCancelled() {
    Receipt receipt = stage.send(byEmailOrSms("hello").fallbackAfter(Duration.ofSeconds(30)));

    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    stage.runToTheEnd();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.sms.calls()).isEmpty();
    assertThat(stage.stats("sms").delayed()).isZero();
  }

  @Test
  void whatIsSentIsNotCancelled() {
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.notifier.cancel(receipt.id())).isFalse();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.count("email", Event.CANCELLED)).isZero();
  }

  @Test
  void whatIsBeingSentIsNotCancelled() {
    AtomicReference<NotificationId> id = new AtomicReference<>();
    AtomicBoolean cancelled = new AtomicBoolean(true);
    stage.email.thenDo(
        attempt -> {
          cancelled.set(stage.notifier.cancel(id.get()));
          return DeliveryResult.accepted();
        });
    Receipt receipt = stage.send(byEmail("hello"));
    id.set(receipt.id());
    stage.run();

    assertThat(cancelled).isFalse();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aSecondCancelSaysTheSame() {
    Receipt receipt = stage.send(byEmail("hello"));

    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    assertThat(stage.count("email", Event.CANCELLED)).isEqualTo(1);
  }

  @Test
  void whatIsNotKnownIsNotCancelled() {
    assertThat(stage.notifier.cancel(new NotificationId(new UUID(1, 2)))).isFalse();
  }

  @Test
  void ofAFanOutOnlyWhatWaitsIsCancelled() {
    stage.sms.then(BUSY);
    Receipt receipt = stage.send(toAda("hello").viaAll("email", "sms"));
    stage.run();

    assertThat(stage.notifier.cancel(receipt.id())).as("the e-mail is out").isFalse();
    stage.runToTheEnd();

    assertThat(stage.delivery(receipt.id(), 0).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.delivery(receipt.id(), 1).status()).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(stage.sms.calls()).hasSize(1);
  }

  @Test
  void aFailedOneIsNotCancelled() {
    stage.email.always(REFUSED);
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.notifier.cancel(receipt.id())).isFalse();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
  }

  @Test
  void cancellingMakesRoom() {
    Stage small = Stage.withEmail(policy -> policy.capacity(1).overflow(OverflowPolicy.reject()));
    Receipt receipt = small.send(byEmail("one"));
    small.notifier.cancel(receipt.id());

    small.send(byEmail("two"));
    small.run();

    assertThat(small.email.texts()).containsExactly("two");
  }

  @Test
  void listenersHearOfIt() {
    List<DeliveryStatus> settled = new ArrayList<>();
    Stage heard =
        Stage.open(
            builder ->
                builder.listener(
                    new NotificationListener() {
                      @Override
                      public void settled(NotificationId id, DeliveryReport delivery) {
                        settled.add(delivery.status());
                      }
                    }));
    Receipt receipt = heard.send(byEmail("hello"));
    heard.notifier.cancel(receipt.id());
    heard.notifier.cancel(receipt.id());
    heard.run();

    assertThat(settled).containsExactly(DeliveryStatus.CANCELLED);
  }

  @Test
  void aListenerMayCancelWhatItHearsOf() {
    AtomicReference<Stage> itself = new AtomicReference<>();
    Stage heard =
        Stage.open(
            builder ->
                builder.listener(
                    new NotificationListener() {
                      @Override
                      public void accepted(
                          NotificationId id, dev.notifier.Notification notification) {
                        assertThat(itself.get().notifier.cancel(id)).isTrue();
                      }
                    }));
    itself.set(heard);

    Receipt receipt = heard.send(byEmail("hello"));
    heard.run();

    assertThat(heard.email.calls()).isEmpty();
    assertThat(heard.status(receipt)).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(heard.notifier.nextDue()).isEmpty();
  }
}
