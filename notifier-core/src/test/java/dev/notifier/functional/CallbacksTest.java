package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Address;
import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.UnknownChannelException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.spi.SteppedNotifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbacksTest {
  private static final Address ADA = Address.parse("pager:ada");

  private final List<DeliveryReport> updated = new ArrayList<>();
  private final SteppedNotifier notifier =
      Notifier.builder()
          .discovery(false)
          .channel("pager", new PagerChannel())
          .listener(
              new NotificationListener() {
                @Override
                public void updated(NotificationId id, DeliveryReport delivery) {
                  updated.add(delivery);
                }
              })
          .buildStepped();

  @AfterEach
  void close() {
    notifier.close();
  }

  /** Understands bodies like {@code id:ada DELIVERED}, and refuses those that say "forged". */
  private static final class PagerChannel implements Channel {
    @Override
    public DeliveryResult send(DeliveryAttempt attempt) {
      return DeliveryResult.accepted("id:" + attempt.address().value());
    }

    @Override
    public List<DeliveryUpdate> receive(CallbackRequest request) {
      List<DeliveryUpdate> updates = new ArrayList<>();
      for (String line : new String(request.body(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.equals("forged")) {
          throw InvalidCallbackException.forged("the signature is wrong");
        }
        String[] words = line.split(" ", 2);
        updates.add(update(words[0], DeliveryStatus.valueOf(words[1])));
      }
      return updates;
    }

    private static DeliveryUpdate update(String id, DeliveryStatus status) {
      DeliveryUpdate update =
          id.startsWith("id:")
              ? DeliveryUpdate.of(id, status, "the pager says " + status)
              : DeliveryUpdate.of(DeliveryId.parse(id), status, "the pager says " + status);
      return status == DeliveryStatus.BOUNCED ? update.suppressingRecipient() : update;
    }
  }

  private NotificationId send() {
    return notifier.send(Notification.to("pager:ada").text("hello").build()).id();
  }

  private CallbackReply callback(String body) {
    CallbackRequest request =
        CallbackRequest.of("POST", "https://host.example/callbacks")
            .body(body.getBytes(StandardCharsets.UTF_8));
    return notifier.callbacks().accept("pager", request);
  }

  private DeliveryStatus statusOf(NotificationId id) {
    return notifier.find(id).orElseThrow().status();
  }

  @Test
  void aReceiptMovesSentToDelivered() {
    NotificationId id = send();
    notifier.runDue();

    assertThat(callback("id:ada DELIVERED").httpStatus()).isEqualTo(200);

    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(notifier.find(id).orElseThrow().reason()).isEqualTo("the pager says DELIVERED");
    assertThat(updated).singleElement().extracting("status").isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void ourOwnIdNamesTheDeliveryToo() {
    NotificationId id = send();
    notifier.runDue();
    callback(id + "-0 DELIVERED");
    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aRepeatedOrLateReceiptNeverMovesAFinalStateBack() {
    NotificationId id = send();
    notifier.runDue();
    callback("id:ada DELIVERED");

    CallbackReply repeated = callback("id:ada DELIVERED\nid:ada BOUNCED");

    assertThat(repeated).isEqualTo(new CallbackReply(200, "0 of 2 updates moved a delivery"));
    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updated).hasSize(1);
  }

  @Test
  void aReceiptThatIsFasterThanTheAnswerIsAppliedWhenTheMessageIsSent() {
    NotificationId id = send();
    assertThat(callback("id:ada DELIVERED").httpStatus()).isEqualTo(200);
    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.QUEUED);

    notifier.runDue();

    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anEarlyReceiptByOurOwnIdIsAppliedAsWell() {
    NotificationId id = send();
    callback(id + "-0 BOUNCED");
    notifier.runDue();
    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(notifier.suppressions().find(ADA)).isPresent();
  }

  @Test
  void aBounceSuppressesTheAddressWhenTheChannelSaysSo() {
    send();
    notifier.runDue();
    callback("id:ada BOUNCED");
    NotificationId next = send();
    notifier.runDue();
    assertThat(statusOf(next)).isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aForgedCallbackIsRefusedAndChangesNothing() {
    NotificationId id = send();
    notifier.runDue();

    CallbackReply reply = callback("forged");

    assertThat(reply).isEqualTo(new CallbackReply(403, "the signature is wrong"));
    assertThat(statusOf(id)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aChannelWithoutCallbacksRefusesThem() {
    try (SteppedNotifier other =
        Notifier.builder()
            .discovery(false)
            .channel("plain", attempt -> DeliveryResult.accepted())
            .buildStepped()) {
      CallbackRequest request = CallbackRequest.of("POST", "https://host.example/callbacks");
      assertThat(other.callbacks().accept("plain", request).httpStatus()).isEqualTo(400);
      assertThatThrownBy(() -> other.callbacks().accept("sms", request))
          .isInstanceOf(UnknownChannelException.class);
    }
  }

  @Test
  void aRequestKeepsItsBytesAndFindsHeadersInAnyCase() {
    byte[] body = {1, 2, 3};
    CallbackRequest request =
        CallbackRequest.of("POST", "https://host.example/secret?token=1")
            .header("X-Signature", "a")
            .header("x-signature", "b")
            .body(body);
    body[0] = 9;

    assertThat(request.body()).containsExactly(1, 2, 3);
    assertThat(request.headers("X-SIGNATURE")).containsExactly("a", "b");
    assertThat(request.header("X-Other")).isEmpty();
    assertThat(request.toString()).doesNotContain("token").contains("3 bytes");
    assertThatThrownBy(() -> request.body(new byte[1024 * 1024 + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1048576");
  }
}
