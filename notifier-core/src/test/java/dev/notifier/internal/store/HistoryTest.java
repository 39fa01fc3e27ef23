package dev.notifier.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Samples;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is remembered of the past, and what has to go for it. */
class HistoryTest {
  private static final Duration LIFE = Duration.ofMillis(100);

  private final List<TrackedNotification> forgotten = new ArrayList<>();
  private int lastId;

  private TrackedNotification settled(String text) {
    NotificationId id = new NotificationId(new UUID(0, ++lastId));
    Notification notification = Notification.to("email:ada@example.com").text(text).build();
    QueuedDelivery delivery =
        QueuedDelivery.first(new DeliveryId(id, 0), notification, Samples.NOON);
    return new TrackedNotification(
        new Submission(id, notification, Samples.NOON, List.of(delivery)));
  }

  private List<TrackedNotification> forgottenFor(
      History history, TrackedNotification added, long nowMillis) {
    forgotten.clear();
    history.add(added, nowMillis);
    return List.copyOf(forgotten);
  }

  @Test
  void theOldestGoesForTheNewest() {
    History history = new History(2, 1000, LIFE, forgotten::addAll);
    List<TrackedNotification> all = List.of(settled("a"), settled("b"), settled("c"));

    assertThat(forgottenFor(history, all.get(0), 0)).isEmpty();
    assertThat(forgottenFor(history, all.get(1), 0)).isEmpty();
    assertThat(forgottenFor(history, all.get(2), 0)).containsExactly(all.get(0));

    assertThat(history.newest(10, 0)).containsExactly(all.get(2), all.get(1));
    assertThat(history.newest(1, 0)).containsExactly(all.get(2));
    assertThat(history.newest(0, 0)).isEmpty();
  }

  @Test
  void theOldestGoAHundredthAtATime() {
    History history = new History(200, 1000, LIFE, forgotten::addAll);
    List<TrackedNotification> all = Stream.generate(() -> settled("a")).limit(206).toList();
    all.subList(0, 202).forEach(each -> assertThat(forgottenFor(history, each, 0)).isEmpty());

    assertThat(forgottenFor(history, all.get(202), 0)).isEqualTo(all.subList(0, 3));
    assertThat(history.newest(300, 0)).hasSize(200);
    assertThat(forgottenFor(history, all.get(203), 0)).isEmpty();
    assertThat(forgottenFor(history, all.get(204), 0)).isEmpty();
    assertThat(forgottenFor(history, all.get(205), 0)).isEqualTo(all.subList(3, 6));
  }

  @Test
  void aLargeOnePushesOutManyAndStaysItself() {
    History history = new History(100, 10, LIFE, forgotten::addAll);
    List<TrackedNotification> small = List.of(settled("abc"), settled("abc"), settled("abc"));
    small.forEach(one -> assertThat(forgottenFor(history, one, 0)).isEmpty());
    TrackedNotification large = settled("x".repeat(50));

    assertThat(forgottenFor(history, large, 0)).isEqualTo(small);

    assertThat(history.newest(10, 0)).containsExactly(large);
    assertThat(forgottenFor(history, settled("abc"), 0)).containsExactly(large);
  }

  @Test
  void whatIsTooOldIsForgottenToTheMillisecond() {
    History history = new History(100, 1000, LIFE, forgotten::addAll);
    TrackedNotification first = settled("a");
    TrackedNotification second = settled("b");
    TrackedNotification third = settled("c");
    history.add(first, 0);
    history.add(second, 50);

    assertThat(first.isForgotten(99)).isFalse();
    assertThat(first.isForgotten(100)).isTrue();
    assertThat(history.newest(10, 99)).containsExactly(second, first);
    assertThat(history.newest(10, 100)).containsExactly(second);
    assertThat(forgottenFor(history, third, 150)).containsExactly(first, second);
  }

  @Test
  void whatIsOwedIsNotForgotten() {
    assertThat(settled("a").isForgotten(Long.MAX_VALUE - 1)).isFalse();
  }
}
