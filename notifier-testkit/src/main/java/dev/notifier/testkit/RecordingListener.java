package dev.notifier.testkit;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A listener that remembers what it heard, as values. Thread-safe. */
public final class RecordingListener implements NotificationListener {
  /** Something that was heard. */
  public sealed interface Event {}

  /** A call of {@link NotificationListener#accepted}. */
  public record Accepted(NotificationId id, Notification notification) implements Event {}

  /** A call of {@link NotificationListener#attempted}. */
  public record Attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement)
      implements Event {}

  /** A call of {@link NotificationListener#settled}. */
  public record Settled(NotificationId id, DeliveryReport delivery) implements Event {}

  /** A call of {@link NotificationListener#channelPaused}. */
  public record ChannelPaused(ChannelId channel, String reason, Instant until) implements Event {}

  /** A call of {@link NotificationListener#channelResumed}. */
  public record ChannelResumed(ChannelId channel) implements Event {}

  private final Recorder<Event> events = new Recorder<>();

  /** Creates a listener that has heard nothing yet. */
  public RecordingListener() {}

  /** Returns everything that was heard, in the order in which it was heard. */
  public List<Event> events() {
    return events.items();
  }

  /** Returns every event of one kind, in the order in which they were heard. */
  public <E extends Event> List<E> events(Class<E> kind) {
    return events.items(kind);
  }

  /**
   * Waits until there were at least this many events of one kind.
   *
   * @return every event of that kind so far
   * @throws AssertionError if there are fewer when the time is up
   * @throws InterruptedException if the waiting thread is interrupted
   */
  public <E extends Event> List<E> awaitEvents(Class<E> kind, int count, Duration patience)
      throws InterruptedException {
    return events.await(kind, count, patience);
  }

  @Override
  public void accepted(NotificationId id, Notification notification) {
    events.add(new Accepted(id, notification));
  }

  @Override
  public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
    events.add(new Attempted(attempt, result, settlement));
  }

  @Override
  public void settled(NotificationId id, DeliveryReport delivery) {
    events.add(new Settled(id, delivery));
  }

  @Override
  public void channelPaused(ChannelId channel, String reason, Instant until) {
    events.add(new ChannelPaused(channel, reason, until));
  }

  @Override
  public void channelResumed(ChannelId channel) {
    events.add(new ChannelResumed(channel));
  }
}
