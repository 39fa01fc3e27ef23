package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MonitoringSamplesTest {
  @Test
  void aPausedChannelRaisesAnAlarmAndLeavesTheProcessReady() throws Exception {
    MonitoringSamples samples = new MonitoringSamples();
    try (Notifier notifier =
        Notifier.builder()
            .channel("email", attempt -> DeliveryResult.configurationFault("535 wrong password"))
            .channel("pager", attempt -> DeliveryResult.accepted())
            .build()) {
      assertThat(samples.health(notifier)).isEqualTo(200);
      assertThat(samples.alarms).isEmpty();

      Notification notification = // with a next channel, so that there is an end to wait for
          Notification.to(Recipient.named("ada").email("ada@example.com").address("pager", "7"))
              .via("email")
              .orElse("pager")
              .text("hello")
              .build();
      notifier.send(notification).await(Duration.ofSeconds(10));
      assertThat(samples.health(notifier)).isEqualTo(200);
      assertThat(samples.alarms).containsExactly("email is PAUSED: 535 wrong password");
    }
  }

  @Test
  void theSummaryShowsWhyADeliveryFailed() throws Exception {
    MonitoringSamples samples = new MonitoringSamples();
    try (Notifier notifier =
        Notifier.builder()
            .channel("email", attempt -> DeliveryResult.permanentFailure("550 no such user"))
            .build()) {
      notifier
          .send(Notification.to("email:ada@example.com").text("hello").build())
          .await(Duration.ofSeconds(10));
      long accepted = System.currentTimeMillis();
      while (System.currentTimeMillis() == accepted) {
        Thread.onSpinWait(); // a window ends before the millisecond that is now
      }

      assertThat(samples.analytics(notifier)).hasSize(24);
      assertThat(samples.shown).startsWith(DeliveryStatus.FAILED, "550 no such user", 1L);
    }
  }
}
