package dev.notifier.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Samples;
import dev.notifier.Settlement;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListenersTest {
  private final List<String> heard = new ArrayList<>();

  private static final class Recorder implements NotificationListener {
    private final String name;
    private final List<String> heard;
    private final Supplier<? extends Throwable> thrown;

    Recorder(String name, List<String> heard, Supplier<? extends Throwable> thrown) {
      this.name = name;
      this.heard = heard;
      this.thrown = thrown;
    }

    private void hear(String event) {
      heard.add(name + " " + event);
      sneakyThrow(thrown.get());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
      if (thrown != null) {
        throw (T) thrown;
      }
    }

    @Override
    public void accepted(NotificationId id, Notification notification) {
      hear("accepted");
    }

    @Override
    public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
      hear("attempted");
    }

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      hear("settled");
    }

    @Override
    public void channelPaused(ChannelId channel, String reason, Instant until) {
      hear("channelPaused");
    }

    @Override
    public void channelResumed(ChannelId channel) {
      hear("channelResumed");
    }
  }

  private static void tellEverything(NotificationListener listener) {
    listener.accepted(Samples.id(1), Samples.notification());
    listener.attempted(
        Samples.attempt(),
        DeliveryResult.accepted(),
        new Settlement.Finished(DeliveryStatus.SENT, "done"));
    listener.settled(Samples.id(1), Samples.delivery(0, DeliveryStatus.SENT, "done"));
    listener.channelPaused(Samples.EMAIL, "401", Samples.NOON);
    listener.channelResumed(Samples.EMAIL);
  }

  @Test
  void everyListenerHearsEverythingInOrder() {
    Listeners listeners =
        new Listeners(
            List.of(
                new Recorder("one", heard, () -> null), new Recorder("two", heard, () -> null)));
    tellEverything(listeners);
    assertThat(heard)
        .containsExactly(
            "one accepted",
            "two accepted",
            "one attempted",
            "two attempted",
            "one settled",
            "two settled",
            "one channelPaused",
            "two channelPaused",
            "one channelResumed",
            "two channelResumed");
  }

  static Stream<Supplier<Throwable>> thrown() {
    return Stream.of(
        () -> new IllegalStateException("ada@example.com"),
        () -> new AssertionError("an error"),
        () -> new NoClassDefFoundError("missing"),
        () -> new StackOverflowError(),
        () -> new IOException("sneaky"));
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void aListenerThatThrowsHurtsNobody(Supplier<Throwable> thrown) {
    Listeners listeners =
        new Listeners(
            List.of(new Recorder("bad", heard, thrown), new Recorder("good", heard, () -> null)));
    assertThat(LogCapture.linesDuring(() -> tellEverything(listeners)))
        .hasSize(5)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("listener " + Recorder.class.getName() + " threw ")
                    .contains(thrown.get().getClass().getName())
                    .doesNotContain("ada@example.com"));
    assertThat(heard).filteredOn(event -> event.startsWith("good")).hasSize(5);
  }

  @Test
  void aListenerNeedsNoMethod() {
    Consumer<NotificationListener> everything = ListenersTest::tellEverything;
    everything.accept(new NotificationListener() {});
    everything.accept(new Listeners(List.of()));
    assertThat(new Listeners(List.of()).isEmpty()).isTrue();
    assertThat(new Listeners(List.of(new NotificationListener() {})).isEmpty()).isFalse();
  }
}
