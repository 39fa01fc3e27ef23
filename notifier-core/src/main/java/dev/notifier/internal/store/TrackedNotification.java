package dev.notifier.internal.store;

import dev.notifier.Address;
import dev.notifier.AnalyticsWindow;
import dev.notifier.Attachment;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.Content;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.spi.AnalyticsCounter;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.SeriesCounter;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A notification in memory with the state of its deliveries. Guarded by itself. */
final class TrackedNotification {
  private static final Set<DeliveryStatus> NOT_DELIVERED =
      EnumSet.of(
          DeliveryStatus.FAILED,
          DeliveryStatus.BOUNCED,
          DeliveryStatus.EXPIRED,
          DeliveryStatus.SUPPRESSED);

  private final NotificationId id;
  private final Notification notification;
  private final Instant acceptedAt;
  private final long contentBytes;
  private final TrackedDelivery first;
  private boolean isClosed;
  private volatile long forgetAt = Long.MAX_VALUE;
  private volatile @Nullable NotificationId replay; // Written under this.

  TrackedNotification(Submission submission) {
    this.id = submission.id();
    this.notification = submission.notification();
    this.acceptedAt = submission.acceptedAt();
    this.contentBytes = contentBytes(notification);
    this.first = tracked(submission.deliveries());
  }

  /** Returns the first of them, which leads to the others. There is at least one. */
  private static TrackedDelivery tracked(List<QueuedDelivery> deliveries) {
    int last = deliveries.size() - 1;
    TrackedDelivery tracked = new TrackedDelivery(deliveries.get(last), null);
    for (int leg = last - 1; leg >= 0; leg--) {
      tracked = new TrackedDelivery(deliveries.get(leg), tracked);
    }
    return tracked;
  }

  /** Returns the delivery on this leg; null if there is no such leg. */
  private @Nullable TrackedDelivery find(int leg) {
    TrackedDelivery found = first;
    for (int i = 0; i < leg && found != null; i++) {
      found = found.next;
    }
    return found;
  }

  private TrackedDelivery of(int leg) {
    return Objects.requireNonNull(find(leg), "delivery on a leg that its route has");
  }

  NotificationId id() {
    return id;
  }

  Instant acceptedAt() {
    return acceptedAt;
  }

  /** Says when a settled notification is too old to be remembered. */
  void forgetAt(long millis) {
    forgetAt = millis;
  }

  long forgetAt() {
    return forgetAt;
  }

  boolean isForgotten(long nowMillis) {
    return forgetAt <= nowMillis;
  }

  /** Returns how many bytes its texts and attachments take, roughly. */
  long contentBytes() {
    return contentBytes;
  }

  private static long contentBytes(Notification notification) {
    long bytes = lengthOf(notification.content());
    if (!notification.contentByChannel().isEmpty()) { // an iterator for each would cost more
      for (Content content : notification.contentByChannel().values()) {
        bytes += lengthOf(content);
      }
    }
    if (!notification.attachments().isEmpty()) {
      for (Attachment attachment : notification.attachments()) {
        bytes += attachment.size();
      }
    }
    return bytes;
  }

  private static long lengthOf(Content content) {
    return content.text().orElse("").length() + (long) content.html().orElse("").length();
  }

  synchronized boolean claim(QueuedDelivery entry) {
    return of(entry.id().leg()).claim(entry);
  }

  /** Records that a delivery is to be tried again; returns the entry to queue. */
  synchronized QueuedDelivery requeue(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Requeued again) {
    return of(claimed.id().leg()).requeue(claimed, attempt, again);
  }

  /** Records how a delivery ended, and {@linkplain #close closes} this if it was the last. */
  synchronized @Nullable History finish(
      QueuedDelivery claimed,
      @Nullable AttemptReport attempt,
      Finished finished,
      History settled,
      History deadLetters) {
    of(claimed.id().leg()).finish(claimed, attempt, finished);
    return close(settled, deadLetters);
  }

  synchronized boolean owes(int leg) {
    return !of(leg).status.isSettled();
  }

  synchronized Cancellation cancel() {
    List<QueuedDelivery> cancelled = new ArrayList<>();
    boolean complete = true;
    for (TrackedDelivery delivery = first; delivery != null; delivery = delivery.next) {
      if (delivery.cancel()) {
        cancelled.add(delivery.newest);
      }
      complete &= delivery.status == DeliveryStatus.CANCELLED;
    }
    return new Cancellation(complete, cancelled);
  }

  /** Tells whether this channel is to send a delivery, or is at it. */
  synchronized boolean isYetToBeSent(ChannelId channel, int leg) {
    TrackedDelivery delivery = find(leg);
    return delivery != null
        && delivery.newest.channel().equals(channel)
        && !delivery.status.isSettled();
  }

  /** Moves a delivery that this channel has sent; false if that is no legal move. */
  synchronized boolean update(ChannelId channel, int leg, DeliveryUpdate update) {
    TrackedDelivery delivery = find(leg);
    return delivery != null && delivery.update(channel, update);
  }

  Optional<Address> addressOn(ChannelId channel) {
    return notification.recipient().address(channel);
  }

  /**
   * Closes it if all of it is settled.
   *
   * @return the history it belongs to now; null if not all is settled, or it was closed before
   */
  synchronized @Nullable History close(History settled, History deadLetters) {
    History destination = settled;
    for (TrackedDelivery delivery = first; delivery != null; delivery = delivery.next) {
      if (!delivery.status.isSettled()) {
        return null;
      }
      if (delivery.status == DeliveryStatus.FAILED) {
        destination = deadLetters;
      }
    }
    boolean isFirst = !isClosed;
    isClosed = true;
    return isFirst ? destination : null;
  }

  /** Makes this the replay; returns the one that was there before. */
  synchronized Optional<NotificationId> replayedBy(NotificationId id) {
    NotificationId earlier = replay;
    if (earlier == null) {
      replay = id;
    }
    return Optional.ofNullable(earlier);
  }

  /** Returns the notification that replayed this one, if there is one. */
  @Nullable NotificationId replay() {
    return replay;
  }

  synchronized NotificationReport report() {
    List<DeliveryReport> reports = new ArrayList<>();
    for (TrackedDelivery delivery = first; delivery != null; delivery = delivery.next) {
      reports.add(delivery.report());
    }
    return new NotificationReport(id, notification, acceptedAt, reports);
  }

  /** Counts its deliveries if it belongs to the window, and those that wait in any case. */
  synchronized void count(AnalyticsWindow window, AnalyticsCounter counter, Instant now) {
    for (TrackedDelivery delivery = first; delivery != null; delivery = delivery.next) {
      if (window.includes(delivery.newest.channel())) {
        if (window.includes(acceptedAt())) {
          delivery.count(counter);
        }
        if (!delivery.status.isSettled()) {
          counter.backlog(delivery.newest.channel(), delivery.backlog(now));
        }
      }
    }
  }

  /** Counts its deliveries if it belongs to the window. */
  synchronized void count(AnalyticsWindow window, SeriesCounter counter) {
    if (window.includes(acceptedAt())) {
      long step = counter.stepOf(acceptedAt());
      for (TrackedDelivery delivery = first; delivery != null; delivery = delivery.next) {
        ChannelId channel = delivery.newest.channel();
        if (window.includes(channel)) {
          long millis = delivery.wasSent() ? delivery.millisToSend() : 0;
          counter.count(step, channel, delivery.status, 1, millis);
        }
      }
    }
  }

  /**
   * The state of one delivery. Guarded by the notification that holds it. Most are alone: a chain
   * takes them less memory than an array.
   */
  private static final class TrackedDelivery {
    private final @Nullable TrackedDelivery next; // leg
    private QueuedDelivery newest;
    private DeliveryStatus status;
    private String reason = "";
    private List<AttemptReport> attempts = List.of();

    TrackedDelivery(QueuedDelivery first, @Nullable TrackedDelivery next) {
      this.next = next;
      this.newest = first;
      this.status =
          first.due().isAfter(first.acceptedAt())
              ? DeliveryStatus.SCHEDULED
              : DeliveryStatus.QUEUED;
    }

    boolean claim(QueuedDelivery entry) {
      boolean current = entry == newest || entry.position() > newest.position();
      if (!current || !status.canBecome(DeliveryStatus.SENDING)) {
        return false;
      }
      newest = entry;
      status = DeliveryStatus.SENDING;
      return true;
    }

    QueuedDelivery requeue(
        QueuedDelivery claimed, @Nullable AttemptReport attempt, Requeued again) {
      settle(claimed, attempt, DeliveryStatus.QUEUED, again.reason());
      newest = claimed.requeued(again);
      return newest;
    }

    void finish(QueuedDelivery claimed, @Nullable AttemptReport attempt, Finished finished) {
      settle(claimed, attempt, finished.status(), finished.reason());
    }

    private void settle(
        QueuedDelivery claimed,
        @Nullable AttemptReport attempt,
        DeliveryStatus next,
        String reason) {
      moveTo(next, claimed); // first: what comes too late changes nothing
      this.reason = reason;
      if (attempt != null) {
        record(attempt);
      }
    }

    private void moveTo(DeliveryStatus next, QueuedDelivery claimed) {
      if (claimed != newest || !status.canBecome(next)) {
        throw new IllegalStateException(
            "delivery "
                + newest.id()
                + " is "
                + status
                + " and cannot go to "
                + next
                + " by a settlement of "
                + claimed);
      }
      status = next;
    }

    private void record(AttemptReport attempt) {
      if (attempts.isEmpty()) {
        attempts = List.of(attempt); // one attempt is all that most deliveries ever need
      } else {
        attempts = new ArrayList<>(attempts);
        attempts.add(attempt);
      }
    }

    boolean update(ChannelId channel, DeliveryUpdate update) {
      if (!newest.channel().equals(channel) || !status.canBecome(update.status())) {
        return false;
      }
      status = update.status();
      reason = update.reason();
      return true;
    }

    boolean cancel() {
      if (!status.canBecome(DeliveryStatus.CANCELLED)) {
        return false;
      }
      status = DeliveryStatus.CANCELLED;
      reason = "cancelled by the application";
      return true;
    }

    void count(AnalyticsCounter counter) {
      if (wasSent()) {
        long millis = millisToSend();
        counter.countSent(newest.channel(), status, 1, millis, millis);
      } else {
        counter.count(newest.channel(), status, 1);
      }
      if (NOT_DELIVERED.contains(status)) {
        counter.reason(newest.channel(), status, reason, 1);
      }
    }

    boolean wasSent() {
      return status == DeliveryStatus.SENT
          || status == DeliveryStatus.DELIVERED
          || status == DeliveryStatus.BOUNCED;
    }

    /** The last attempt is the one that the provider accepted. */
    long millisToSend() {
      if (attempts.isEmpty()) {
        return 0;
      }
      AttemptReport last = attempts.get(attempts.size() - 1);
      Instant acceptedThere = last.startedAt().plus(last.latency());
      return Math.max(0, Duration.between(newest.livesFrom(), acceptedThere).toMillis());
    }

    Backlog backlog(Instant now) {
      Duration wait = Duration.between(newest.positionSince(), now);
      return wait.isNegative() ? new Backlog(1, 1, Duration.ZERO) : new Backlog(1, 0, wait);
    }

    DeliveryReport report() {
      boolean waits = status == DeliveryStatus.QUEUED || status == DeliveryStatus.SCHEDULED;
      return new DeliveryReport(
          newest.id(),
          newest.channel(),
          status,
          reason,
          waits ? Optional.of(newest.due()) : Optional.empty(),
          attempts);
    }
  }
}
