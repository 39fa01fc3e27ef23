package dev.notifier.internal.store;

import dev.notifier.Address;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Settlement;
import dev.notifier.Suppression;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory: what is owed in full, what is settled bounded by count and age. It is
 * gone when the process ends.
 */
public final class InMemoryNotificationStore implements NotificationStore {
  private static final int MAX_IDEMPOTENCY_KEYS = 1_000_000;

  /** Of texts and attachments, for what was settled, and as much again for dead letters. */
  private static final long MAX_HISTORY_BYTES = 64L * 1024 * 1024;

  private static final int MAX_SUPPRESSIONS = 1_000_000;
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private static final int MAX_EARLY_UPDATES = 10_000;
  private static final Duration EARLY_UPDATE_LIFE = Duration.ofHours(1);

  private record ScopedKey(String recipient, String key) {}

  private record ProviderKey(ChannelId channel, String messageId) {}

  private final Map<NotificationId, TrackedNotification> owed = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final ExpiringFifo<NotificationId, TrackedNotification> settled;
  private final ExpiringFifo<NotificationId, TrackedNotification> deadLetters;
  private final ExpiringFifo<ScopedKey, NotificationId> idempotencyKeys;
  private final ExpiringFifo<Address, Suppression> suppressions;
  private final ExpiringFifo<ProviderKey, DeliveryId> byProviderId;

  /** Updates that came before the message was known as sent, by a ProviderKey or a DeliveryId. */
  private final ExpiringFifo<Object, DeliveryUpdate> earlyUpdates;

  private final ScheduleStore schedules = new InMemoryScheduleStore(this::insert);

  /** Creates an empty store. */
  public InMemoryNotificationStore(HistoryLimits limits, InstantSource clock) {
    this.clock = clock;
    int max = limits.maxNotifications();
    settled = history(limits, clock);
    deadLetters = history(limits, clock);
    idempotencyKeys =
        new ExpiringFifo<>(MAX_IDEMPOTENCY_KEYS, limits.idempotencyWindow(), clock::millis);
    byProviderId = new ExpiringFifo<>(max, limits.maxAge(), clock::millis);
    earlyUpdates = new ExpiringFifo<>(MAX_EARLY_UPDATES, EARLY_UPDATE_LIFE, clock::millis);
    suppressions = new ExpiringFifo<>(MAX_SUPPRESSIONS, FOR_EVER, clock::millis);
  }

  private static ExpiringFifo<NotificationId, TrackedNotification> history(
      HistoryLimits limits, InstantSource clock) {
    return new ExpiringFifo<>(
        limits.maxNotifications(),
        limits.maxAge(),
        clock::millis,
        TrackedNotification::contentBytes,
        MAX_HISTORY_BYTES);
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

  @Override
  public List<Optional<NotificationId>> insertAll(List<Submission> submissions) {
    return submissions.stream().map(this::insert).toList(); // none of them can fail
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
    if (attempt != null && attempt.result() instanceof Accepted accepted) {
      catchUpWithProvider(claimed.id(), attempt.channel(), accepted);
    }
    if (next.isEmpty()) {
      archiveIfSettled(id, tracked);
    }
    return next;
  }

  /** Applies the callback of a provider that was faster than its own answer. */
  private void catchUpWithProvider(DeliveryId id, ChannelId channel, Accepted accepted) {
    accepted
        .providerMessageId()
        .map(messageId -> new ProviderKey(channel, messageId))
        .ifPresent(
            key -> {
              byProviderId.putIfAbsent(key, id); // first, so that update() finds it from now on
              earlyUpdates.get(key).ifPresent(update -> move(id, update));
            });
    earlyUpdates.get(id).ifPresent(update -> move(id, update));
  }

  @Override
  public Optional<AppliedUpdate> update(ChannelId channel, DeliveryUpdate update) {
    Object key = update.delivery().isPresent() ? update.delivery().get() : keyOf(channel, update);
    Optional<AppliedUpdate> applied = lookUpAndMove(key, update);
    if (applied.isEmpty()) {
      earlyUpdates.putIfAbsent(key, update);
      applied = lookUpAndMove(key, update); // it may have been sent while this was put aside
    }
    return applied;
  }

  private static ProviderKey keyOf(ChannelId channel, DeliveryUpdate update) {
    return new ProviderKey(channel, update.providerMessageId().orElseThrow());
  }

  private Optional<AppliedUpdate> lookUpAndMove(Object key, DeliveryUpdate update) {
    Optional<DeliveryId> id =
        key instanceof ProviderKey known ? byProviderId.get(known) : Optional.of((DeliveryId) key);
    return id.flatMap(delivery -> move(delivery, update));
  }

  private Optional<AppliedUpdate> move(DeliveryId id, DeliveryUpdate update) {
    TrackedNotification tracked = lookUp(id.notification());
    if (tracked == null || !tracked.update(id.leg(), update)) {
      return Optional.empty();
    }
    NotificationReport report = tracked.report();
    AppliedUpdate applied = new AppliedUpdate(report, report.deliveries().get(id.leg()));
    if (update.suppressesRecipient()) {
      suppress(new Suppression(addressOf(applied), update.reason(), clock.instant()));
    }
    return Optional.of(applied);
  }

  private static Address addressOf(AppliedUpdate applied) {
    ChannelId channel = applied.delivery().channel();
    return applied.notification().notification().recipient().address(channel).orElseThrow();
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
  public Page<NotificationReport> search(HistoryQuery query) {
    // What is owed first: it moves on to the others, so that nothing is missed. By id, so that
    // what was seen twice counts once.
    NavigableMap<NotificationId, NotificationReport> found =
        new TreeMap<>(Comparator.reverseOrder());
    collect(owed.values(), query, found);
    collect(settled.newest(Integer.MAX_VALUE), query, found);
    collect(deadLetters.newest(Integer.MAX_VALUE), query, found);
    if (found.size() <= query.pageSize()) {
      return new Page<>(List.copyOf(found.values()), Optional.empty());
    }
    found.pollLastEntry();
    String cursor = new DeliveryId(found.lastKey(), 0).toString();
    return new Page<>(List.copyOf(found.values()), Optional.of(cursor));
  }

  /** Keeps the newest ones, and one more, which tells that another page follows. */
  private static void collect(
      Collection<TrackedNotification> tracked,
      HistoryQuery query,
      NavigableMap<NotificationId, NotificationReport> found) {
    for (TrackedNotification candidate : tracked) {
      if (query.before().isEmpty()
          || candidate.id().compareTo(query.before().get().notification()) < 0) {
        NotificationReport report = candidate.report();
        if (query.matches(report)) {
          found.put(report.id(), report);
        }
      }
      if (found.size() > query.pageSize() + 1) {
        found.pollLastEntry();
      }
    }
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
  public Optional<ScheduleStore> schedules() {
    return Optional.of(schedules);
  }

  @Override
  public void close() {
    // nothing to release: the notifier that is closed is the only one that held this
  }
}
