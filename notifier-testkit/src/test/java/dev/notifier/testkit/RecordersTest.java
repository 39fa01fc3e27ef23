package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.testkit.RecordingListener.Accepted;
import dev.notifier.testkit.RecordingListener.Attempted;
import dev.notifier.testkit.RecordingListener.ChannelPaused;
import dev.notifier.testkit.RecordingListener.ChannelResumed;
import dev.notifier.testkit.RecordingListener.Settled;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Notification PAGE =
      Notification.to("pager:4711").text("The cellar is under water.").build();

  private final RecordingChannel channel = new RecordingChannel();
  private final RecordingListener listener = new RecordingListener();

  @Test
  void deliveriesOfThreadsCanBeWaitedFor() throws Exception {
    try (Notifier notifier =
        Notifier.builder().discovery(false).channel("pager", channel).listener(listener).build()) {
      notifier.send(PAGE);
      notifier.send(PAGE);

      assertThat(channel.awaitAttempts(2, PATIENCE)).hasSize(2);
      assertThat(listener.awaitEvents(Settled.class, 2, PATIENCE))
          .allSatisfy(
              event -> assertThat(event.delivery().status()).isEqualTo(DeliveryStatus.SENT));
    }
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  void tooFewIsToldWithWhatCame() throws Exception {
    channel.send(Attempts.any());

    assertThatThrownBy(() -> channel.awaitAttempts(2, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("for 2 of DeliveryAttempt, but only 1 came")
        .hasMessageContaining("pager:4***")
        .hasMessageNotContaining("4711");
  }

  @Test
  void eventsAreValuesInTheOrderInWhichTheyWereHeard() {
    ManualNotifier notifier =
        ManualNotifier.create(builder -> builder.channel("pager", channel).listener(listener));
    notifier.send(PAGE);

    notifier.runDue();

    assertThat(listener.events())
        .extracting(Object::getClass)
        .containsExactly(Accepted.class, Attempted.class, Settled.class);
    assertThat(listener.events(Attempted.class))
        .singleElement()
        .satisfies(event -> assertThat(event.attempt()).isSameAs(channel.attempts().get(0)));
  }

  @Test
  void pausesOfChannelsAreHeard() {
    ScriptedChannel faulty =
        new ScriptedChannel()
            .then(DeliveryResult.configurationFault("bad token"))
            .thenAlways(DeliveryResult.accepted());
    ManualNotifier notifier =
        ManualNotifier.create(builder -> builder.channel("pager", faulty).listener(listener));
    notifier.send(PAGE);

    notifier.runUntilSettled(Duration.ofHours(1));

    ChannelId pager = ChannelId.of("pager");
    assertThat(listener.events(ChannelPaused.class))
        .containsExactly(
            new ChannelPaused(pager, "bad token", SettableClock.START.plusSeconds(60)));
    assertThat(listener.events(ChannelResumed.class)).containsExactly(new ChannelResumed(pager));
  }
}
