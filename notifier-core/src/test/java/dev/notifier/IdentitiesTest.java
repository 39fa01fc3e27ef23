package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The identities of a notification, a delivery and an attempt. */
class IdentitiesTest {
  private static final String TEXT = "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b";

  @Test
  void anIdIsParsedFromItsTextForm() {
    NotificationId id = NotificationId.parse(TEXT);
    assertThat(id).isEqualTo(new NotificationId(UUID.fromString(TEXT))).hasToString(TEXT);
    assertThat(NotificationId.parse("0193A5F2-7C4E-7B1D-9F00-1C2D3E4F5A6B")).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1-1-1-1-1",
        "0193a5f27c4e7b1d9f001c2d3e4f5a6b",
        "{0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b}",
        "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6g",
        "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b\n",
        " 0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b"
      })
  void anythingElseIsRefusedByValue(String text) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> NotificationId.parse(text))
        .withMessageStartingWith("notification id must be a UUID, such as ")
        .withMessageContaining(", but was \"" + text.replace("\n", "\\u000a") + "\"")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void idsSortByTheirValue() {
    assertThat(Samples.id(1)).isLessThan(Samples.id(2));
  }

  @Test
  void aDeliveryIsNamedAfterItsNotificationAndLeg() {
    assertThat(new DeliveryId(NotificationId.parse(TEXT), 3)).hasToString(TEXT + "-3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DeliveryId(Samples.id(1), -1))
        .withMessage("leg must be 0 or more, but was -1");
  }

  @Test
  void anAttemptTakesWhatItNeedsFromItsNotification() {
    Notification notification =
        Notification.to("email:ada@example.com")
            .text("Hello")
            .contentFor("email", Content.text("Hello by mail"))
            .attach(Attachment.of("a", "text/plain", new byte[0]))
            .priority(Priority.HIGH)
            .build();
    DeliveryId delivery = new DeliveryId(Samples.id(1), 0);
    DeliveryAttempt attempt = DeliveryAttempt.of(delivery, notification, Samples.EMAIL, 2);
    assertThat(attempt.delivery()).isEqualTo(delivery);
    assertThat(attempt.channel()).isEqualTo(Samples.EMAIL);
    assertThat(attempt.address().value()).isEqualTo("ada@example.com");
    assertThat(attempt.number()).isEqualTo(2);
    assertThat(attempt.content()).isEqualTo(Content.text("Hello by mail"));
    assertThat(attempt.attachments()).hasSize(1);
    assertThat(attempt.priority()).isEqualTo(Priority.HIGH);
    assertThat(attempt.notification()).isSameAs(notification);
    assertThat(attempt.correlationId()).isEqualTo(Samples.id(1).toString());
    assertThat(attempt.withContent(Content.text("Other")).content())
        .isEqualTo(Content.text("Other"));
  }

  @Test
  void anAttemptHasTheCorrelationIdOfTheApplicationWhereItGaveOne() {
    Notification notification =
        Notification.to("email:ada@example.com").text("x").correlationId("request-7").build();
    assertThat(
            DeliveryAttempt.of(new DeliveryId(Samples.id(1), 0), notification, Samples.EMAIL, 1)
                .correlationId())
        .isEqualTo("request-7");
  }

  @Test
  void anAttemptNeedsANumberAndAnAddress() {
    DeliveryId delivery = new DeliveryId(Samples.id(1), 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryAttempt.of(delivery, Samples.notification(), Samples.EMAIL, 0))
        .withMessage("attempt number must be 1 or more, but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DeliveryAttempt.of(delivery, Samples.notification(), ChannelId.of("sms"), 1))
        .withMessage("recipient has no address for sms");
    assertThatNullPointerException()
        .isThrownBy(() -> DeliveryAttempt.of(delivery, null, Samples.EMAIL, 1))
        .withMessage("notification");
    assertThatNullPointerException()
        .isThrownBy(() -> Samples.attempt().withContent(null))
        .withMessage("content");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> NotificationId.parse(null))
        .withMessage("text");
    assertThatNullPointerException()
        .isThrownBy(() -> new NotificationId(null))
        .withMessage("value");
    assertThatNullPointerException()
        .isThrownBy(() -> new DeliveryId(null, 0))
        .withMessage("notification");
  }
}
