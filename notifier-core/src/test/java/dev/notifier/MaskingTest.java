package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.spi.Cancellation;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No text form shows an address or a message in full; it could end in a log. */
class MaskingTest {
  private static final Recipient ADA =
      Recipient.named("user-42")
          .email("ada.lovelace@example.com")
          .sms("+14155550123")
          .telegram("-1001234567890")
          .webhook("https://hooks.example.com/T0/token123")
          .address("pager", "7700900123");

  private static final List<String> PRIVATE =
      List.of(
          "ada.lovelace",
          "14155550123",
          "155550123",
          "1001234567890",
          "token123",
          "7700900123",
          "my-diagnosis");

  private static final DeliveryId ID = new DeliveryId(Samples.id(1), 0);

  private static Notification notification() {
    return Notification.to(ADA)
        .subject("my-diagnosis")
        .text("my-diagnosis")
        .attach(Attachment.of("my-diagnosis.pdf", "application/pdf", new byte[1]))
        .build();
  }

  static Stream<Object> values() {
    Notification notification = notification();
    QueuedDelivery queued = QueuedDelivery.first(ID, notification, Samples.NOON);
    Address address = ADA.addresses().get(0);
    return Stream.concat(
        ADA.addresses().stream().map(Object.class::cast),
        Stream.of(
            ADA,
            Recipient.of(address),
            notification,
            notification.content(),
            notification.attachments(),
            notification.route(),
            queued,
            DeliveryAttempt.of(ID, notification, Samples.EMAIL, 1),
            DeliveryAttempt.of(ID, notification, ChannelId.of("pager"), 1),
            SuppressionTarget.everywhere(address.value()),
            new Suppression(
                SuppressionTarget.of(address), "gone", Suppression.Source.MANUAL, Samples.NOON),
            new Preference(
                Recipient.of(address),
                "news",
                Optional.empty(),
                Preference.Choice.OPT_OUT,
                Samples.NOON),
            PreferenceQuery.all().recipient(Recipient.of(address)),
            new Cancellation(true, List.of(queued)),
            new Submission(Samples.id(1), notification, Samples.NOON, List.of(queued)),
            Samples.delivery(0, DeliveryStatus.SENT, "done"),
            new NotificationReport(
                Samples.id(1),
                notification,
                Samples.NOON,
                List.of(Samples.delivery(0, DeliveryStatus.SENT, "done"))),
            Optional.of(notification)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void noTextFormShowsAnAddressOrAMessage(Object value) {
    assertThat(value.toString()).doesNotContain(PRIVATE);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        error(() -> ADA.email("x@example.com")),
        error(() -> ADA.address("pager", "1")),
        error(() -> Notification.to(ADA).build()),
        error(() -> Notification.to(ADA).via("fax").text("my-diagnosis").build()),
        error(() -> Notification.to(ADA).text("my-diagnosis\ud800")),
        error(() -> Notification.to(Recipient.of(ADA.addresses().get(0))).via("sms").build()),
        error(() -> DeliveryAttempt.of(ID, notification(), ChannelId.of("fax"), 1)));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void noErrorShowsAnAddressThatIsNotAtFault(ThrowingCallable call) {
    Throwable error = catchThrowable(call);
    assertThat(error).isInstanceOfAny(NotifierException.class, IllegalArgumentException.class);
    assertThat(error.getMessage()).isNotBlank().doesNotContain(PRIVATE);
  }

  private static Arguments error(ThrowingCallable call) {
    return arguments(call);
  }
}
