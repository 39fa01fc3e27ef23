package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Receipt;
import dev.notifier.Suppression;
import dev.notifier.SuppressionTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Addresses to which nothing may be sent. */
@ExtendWith(QuietLog.class)
class SuppressionTest {
  private static final Address ADA = Address.parse("email:ada.lovelace@example.com");

  private final Stage stage = Stage.open();

  @Test
  void nothingIsSentToASuppressedAddress() {
    stage.notifier.suppressions().add(ADA, "asked us to stop");

    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.delivery(receipt).reason()).contains("asked us to stop");
    assertThat(stage.count("email", Event.SUPPRESSED)).isEqualTo(1);
    assertThat(stage.notifier.deadLetters().newest(10)).as("not a failure").isEmpty();
  }

  @Test
  void theNextChannelTakesOver() {
    stage.notifier.suppressions().add(ADA, "asked us to stop");

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.run();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.sms.calls()).hasSize(1);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aResultCanSuppressTheAddressForAllThatFollow() {
    stage.email.then(DeliveryResult.suppressRecipient("550 no such user"));

    Receipt first = stage.send(byEmail("one"));
    Receipt second = stage.send(byEmail("two"));
    Receipt third = stage.send(byEmailOrSms("three"));
    stage.run();

    assertThat(stage.status(first)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.status(second)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.status(third)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.notifier.suppressions().find(ADA))
        .hasValue(
            new Suppression(
                SuppressionTarget.of(ADA),
                "550 no such user",
                Suppression.Source.CHANNEL,
                StandingClock.START));
  }

  @Test
  void aResultThatSuppressesFallsBack() {
    stage.email.then(DeliveryResult.suppressRecipient("550 no such user"));

    Receipt receipt = stage.send(byEmailOrSms("one"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.sms.calls()).hasSize(1);
  }

  @Test
  void whatWaitsWhenTheAddressIsSuppressedIsNotSentEither() {
    stage.email.then(Stage.BUSY);
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    stage.notifier.suppressions().add(ADA, "asked us to stop");
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void anotherAddressIsNotSuppressed() {
    stage.notifier.suppressions().add(ADA, "asked us to stop");

    Receipt receipt = stage.send(Notification.to("email:bob@example.com").text("hello"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anAddressCanBeAllowedAgain() {
    stage.notifier.suppressions().add(ADA, "asked us to stop");
    assertThat(stage.notifier.suppressions().remove(ADA)).isTrue();
    assertThat(stage.notifier.suppressions().remove(ADA)).isFalse();

    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void theFirstReasonStays() {
    stage.notifier.suppressions().add(ADA, "first");
    stage.notifier.suppressions().add(ADA, "second");

    assertThat(stage.notifier.suppressions().newest(10))
        .extracting(Suppression::reason)
        .containsExactly("first");
  }
}
