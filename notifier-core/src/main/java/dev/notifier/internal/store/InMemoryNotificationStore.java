package dev.notifier.internal.store;

import dev.notifier.Address;
import dev.notifier.AttemptReport;
import dev.notifier.DeliveryId;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Settlement;
import dev.notifier.Suppression;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory: what is owed in full, what is settled bounded by count and age. It is
 * gone when the process ends.
 */
public final class InMemoryNotificationStore implements NotificationStore {
  private static final int MAX_IDEMPOTENCY_KEYS = 1_000_000;
  private static final int MAX_SUPPRESSIONS = 1_000_000;
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private record ScopedKey(String recipient, String key) {}

  private final Map<NotificationId, TrackedNotification> owed = new ConcurrentHashMap<>();
  private final ExpiringFifo<NotificationId, TrackedNotification> settled;
  private final ExpiringFifo<NotificationId, TrackedNotification> deadLetters;
  private final ExpiringFifo<ScopedKey, NotificationId> idempotencyKeys;
  private final ExpiringFifo<Address, Suppression> suppressions;

  /** Creates an empty store. */
  public InMemoryNotificationStore(HistoryLimits limits, InstantSource clock) {
    int max = limits.maxNotifications();
    settled = new ExpiringFifo<>(max, limits.maxAge(), clock::millis);
    deadLetters = new ExpiringFifo<>(max, limits.maxAge(), clock::millis);
    idempotencyKeys =
        new ExpiringFifo<>(MAX_IDEMPOTENCY_KEYS, limits.idempotencyWindow(), clock::millis);
    suppressions = new ExpiringFifo<>(MAX_SUPPRESSIONS, FOR_EVER, clock::millis);
  }

  @Override
  public Optional<NotificationId> insert(Submission submission) {
    // First into the map, then the key: whoever sees the key can also find the notification.
    owed.put(submission.id(), new TrackedNotification(submission));
    Optional<NotificationId> earlier = claimIdempotencyKey(submission);
    if (earlier.isPresent()) {
      owed.remove(submission.id());
    }
    return earlier;
  }

  private Optional<NotificationId> claimIdempotencyKey(Submission submission) {
    Optional<String> key = submission.notification().idempotencyKey();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    String recipient = submission.notification().recipient().key();
    return idempotencyKeys.putIfAbsent(new ScopedKey(recipient, key.get()), submission.id());
  }

  @Override
  public boolean claim(QueuedDelivery delivery) {
    TrackedNotification tracked = owed.get(delivery.id().notification());
    return tracked != null && tracked.claim(delivery);
  }

  @Override
  public Optional<QueuedDelivery> settle(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Settlement settlement) {
    NotificationId id = claimed.id().notification();
    TrackedNotification tracked = owed.get(id);
    if (tracked == null) {
      throw new IllegalStateException("delivery " + claimed.id() + " was not claimed here");
    }
    Optional<QueuedDelivery> next = tracked.settle(claimed, attempt, settlement);
    if (next.isEmpty()) {
      archiveIfSettled(id, tracked);
    }
    return next;
  }

  private void archiveIfSettled(NotificationId id, TrackedNotification tracked) {
    if (tracked.isSettled()) {
      (tracked.hasFailed() ? deadLetters : settled).putIfAbsent(id, tracked);
      owed.remove(id); // afterwards, so that find() never misses it
    }
  }

  @Override
  public boolean owes(DeliveryId id) {
    TrackedNotification tracked = owed.get(id.notification());
    return tracked != null && tracked.owes(id.leg());
  }

  @Override
  public Cancellation cancel(NotificationId id) {
    TrackedNotification tracked = lookUp(id);
    if (tracked == null) {
      return Cancellation.NONE;
    }
    Cancellation cancellation = tracked.cancel();
    archiveIfSettled(id, tracked);
    return cancellation;
  }

  @Override
  public Optional<NotificationReport> find(NotificationId id) {
    return Optional.ofNullable(lookUp(id)).map(TrackedNotification::report);
  }

  private @Nullable TrackedNotification lookUp(NotificationId id) {
    TrackedNotification tracked = owed.get(id);
    return tracked != null ? tracked : settled.get(id).or(() -> deadLetters.get(id)).orElse(null);
  }

  @Override
  public List<NotificationReport> deadLetters(int limit) {
    return deadLetters.newest(limit).stream().map(TrackedNotification::report).toList();
  }

  @Override
  public void suppress(Suppression suppression) {
    suppressions.putIfAbsent(suppression.address(), suppression);
  }

  @Override
  public boolean unsuppress(Address address) {
    return suppressions.remove(address);
  }

  @Override
  public Optional<Suppression> suppression(Address address) {
    return suppressions.get(address);
  }

  @Override
  public List<Suppression> suppressions(int limit) {
    return suppressions.newest(limit);
  }

  @Override
  public void close() {
    // nothing to release: the notifier that is closed is the only one that held this
  }
}
