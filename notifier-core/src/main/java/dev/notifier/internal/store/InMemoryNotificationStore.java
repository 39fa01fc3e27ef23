package dev.notifier.internal.store;

import dev.notifier.Address;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.Suppression;
import dev.notifier.Suppression.Source;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.AnalyticsCounter;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.SeriesCounter;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory: what is owed in full, what is settled bounded by count and age. It is
 * gone when the process ends.
 */
public final class InMemoryNotificationStore implements NotificationStore {
  private static final int MAX_IDEMPOTENCY_KEYS = 1_000_000;

  /** Of texts and attachments, for what was settled, and as much again for dead letters. */
  private static final long MAX_HISTORY_BYTES = 64L * 1024 * 1024;

  private static final long NEVER = Long.MIN_VALUE;

  private static final int MAX_EARLY_UPDATES = 10_000;
  private static final Duration EARLY_UPDATE_LIFE = Duration.ofHours(1);

  private record ScopedKey(String recipient, String key) {}

  private record ProviderKey(ChannelId channel, String messageId) {}

  private record OurKey(ChannelId channel, DeliveryId delivery) {}

  /** What is owed, and of what is settled as much as the two histories hold. */
  private final Map<NotificationId, TrackedNotification> known = new ConcurrentHashMap<>();

  private final InstantSource clock;
  private final History settled;
  private final History deadLetters;
  private final ExpiringFifo<ScopedKey, NotificationId> idempotencyKeys;
  private final ExpiringFifo<ProviderKey, DeliveryId> byProviderId;

  /** Updates that came before the message was known as sent, by a ProviderKey or an OurKey. */
  private final ExpiringFifo<Object, DeliveryUpdate> earlyUpdates;

  private final InMemorySuppressions suppressions = new InMemorySuppressions();
  private final PreferenceStore preferences = new InMemoryPreferenceStore();
  private final ScheduleStore schedules = new InMemoryScheduleStore(this::insertOnce);
  private final InMemoryBatchStore batches;

  /** When the newest of the notifications was accepted that were forgotten. */
  private final LongAccumulator newestForgotten = new LongAccumulator(Math::max, NEVER);

  /** Creates an empty store. */
  public InMemoryNotificationStore(HistoryLimits limits, InstantSource clock) {
    this.clock = clock;
    batches = new InMemoryBatchStore(this::insert, this::cancelWaiting, clock);
    int max = limits.maxNotifications();
    settled = new History(max, MAX_HISTORY_BYTES, limits.maxAge(), this::forgetAll);
    deadLetters = new History(max, MAX_HISTORY_BYTES, limits.maxAge(), this::forgetAll);
    idempotencyKeys =
        new ExpiringFifo<>(MAX_IDEMPOTENCY_KEYS, limits.idempotencyWindow(), clock::millis);
    byProviderId = new ExpiringFifo<>(max, limits.maxAge(), clock::millis);
    earlyUpdates = new ExpiringFifo<>(MAX_EARLY_UPDATES, EARLY_UPDATE_LIFE, clock::millis);
  }

  /** After a clock was set back, a schedule may come to a run that it has made. */
  private void insertOnce(Submission run) {
    if (!known.containsKey(run.id())) {
      insert(run);
    }
  }

  @Override
  public Optional<NotificationId> insert(Submission submission) {
    // First into the map, then the key: whoever sees the key can also find the notification.
    known.put(submission.id(), new TrackedNotification(submission));
    Optional<NotificationId> earlier = claimIdempotencyKey(submission);
    if (earlier.isPresent()) {
      known.remove(submission.id());
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
    Optional<NotificationId> first = submission.notification().replayOf();
    if (first.isPresent()) {
      TrackedNotification replayed = known.get(first.get());
      return replayed == null ? Optional.empty() : replayed.replayedBy(submission.id());
    }
    String recipient = submission.notification().recipient().key();
    return idempotencyKeys.putIfAbsent(new ScopedKey(recipient, key.get()), submission.id());
  }

  @Override
  public boolean claim(QueuedDelivery delivery) {
    TrackedNotification tracked = known.get(delivery.id().notification());
    return tracked != null && tracked.claim(delivery);
  }

  @Override
  public Optional<QueuedDelivery> settle(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Settlement settlement) {
    NotificationId id = claimed.id().notification();
    TrackedNotification tracked = known.get(id);
    if (tracked == null) {
      throw new IllegalStateException("delivery " + claimed.id() + " was not claimed here");
    }
    if (settlement instanceof Requeued again) {
      return Optional.of(tracked.requeue(claimed, attempt, again));
    }
    Finished finished = (Finished) settlement;
    History history = tracked.finish(claimed, attempt, finished, this.settled, deadLetters);
    if (attempt != null && attempt.result() instanceof Accepted accepted) {
      catchUpWithProvider(claimed.id(), attempt.channel(), accepted);
    }
    batches.settled(id, finished.status());
    archive(tracked, history);
    return Optional.empty();
  }

  /** Applies the callback of a provider that was faster than its own answer. */
  private void catchUpWithProvider(DeliveryId id, ChannelId channel, Accepted accepted) {
    if (accepted.providerMessageId().isPresent()) {
      ProviderKey key = new ProviderKey(channel, accepted.providerMessageId().get());
      byProviderId.putIfAbsent(key, id); // first, so that update() finds it from now on
      earlyUpdates.get(key).ifPresent(update -> move(channel, id, update));
    }
    earlyUpdates.get(new OurKey(channel, id)).ifPresent(update -> move(channel, id, update));
  }

  @Override
  public Optional<AppliedUpdate> update(ChannelId channel, DeliveryUpdate update) {
    Optional<AppliedUpdate> applied = lookUpAndMove(channel, update);
    if (applied.isEmpty()) {
      earlyUpdates.putIfAbsent(keyOf(channel, update), update);
      applied = lookUpAndMove(channel, update); // it may have been sent while this was put aside
    }
    return applied;
  }

  private static Object keyOf(ChannelId channel, DeliveryUpdate update) {
    return update
        .delivery()
        .<Object>map(id -> new OurKey(channel, id))
        .orElseGet(() -> new ProviderKey(channel, update.providerMessageId().orElseThrow()));
  }

  private Optional<AppliedUpdate> lookUpAndMove(ChannelId channel, DeliveryUpdate update) {
    Optional<DeliveryId> id =
        keyOf(channel, update) instanceof ProviderKey known
            ? byProviderId.get(known)
            : update.delivery();
    return id.flatMap(delivery -> move(channel, delivery, update));
  }

  private Optional<AppliedUpdate> move(ChannelId channel, DeliveryId id, DeliveryUpdate update) {
    TrackedNotification tracked = lookUp(id.notification());
    if (tracked == null) {
      return Optional.empty();
    }
    if (tracked.isYetToBeSent(channel, id.leg())) {
      return Optional.empty(); // the answer to the send is on its way
    }
    if (update.suppressesRecipient()) { // a complaint comes after the mail was delivered
      suppress(channel, tracked, update.reason());
    }
    if (!tracked.update(channel, id.leg(), update)) {
      return Optional.empty();
    }
    batches.moved(id.notification(), update.status());
    NotificationReport report = tracked.report();
    return Optional.of(new AppliedUpdate(report, report.deliveries().get(id.leg())));
  }

  private void suppress(ChannelId channel, TrackedNotification tracked, String reason) {
    tracked
        .addressOn(channel)
        .map(SuppressionTarget::of)
        .ifPresent(
            target -> suppress(new Suppression(target, reason, Source.CALLBACK, clock.instant())));
  }

  private void archive(TrackedNotification tracked, @Nullable History history) {
    if (history != null) {
      history.add(tracked, clock.millis());
    }
  }

  private void forgetAll(List<TrackedNotification> old) {
    long newest = NEVER;
    for (TrackedNotification each : old) {
      newest = Math.max(newest, each.acceptedAt().toEpochMilli());
    }
    newestForgotten.accumulate(newest); // first, so that nobody takes what is left for all
    for (TrackedNotification each : old) {
      known.remove(each.id());
    }
  }

  @Override
  public boolean owes(DeliveryId id) {
    TrackedNotification tracked = known.get(id.notification());
    return tracked != null && tracked.owes(id.leg());
  }

  @Override
  public Cancellation cancel(NotificationId id) {
    TrackedNotification tracked = lookUp(id);
    if (tracked == null) {
      return Cancellation.NONE;
    }
    Cancellation cancellation = tracked.cancel();
    cancellation.cancelled().forEach(each -> batches.settled(id, DeliveryStatus.CANCELLED));
    archive(tracked, tracked.close(settled, deadLetters));
    return cancellation;
  }

  /** Cancels all that waits of a batch. */
  private List<QueuedDelivery> cancelWaiting(long group) {
    return known.keySet().stream()
        .filter(id -> id.value().getLeastSignificantBits() == group)
        .flatMap(id -> cancel(id).cancelled().stream())
        .toList();
  }

  @Override
  public Optional<NotificationReport> find(NotificationId id) {
    return Optional.ofNullable(lookUp(id)).map(TrackedNotification::report);
  }

  private @Nullable TrackedNotification lookUp(NotificationId id) {
    TrackedNotification tracked = known.get(id);
    return tracked == null || tracked.isForgotten(clock.millis()) ? null : tracked;
  }

  @Override
  public Page<NotificationReport> search(HistoryQuery query) {
    NavigableMap<NotificationId, NotificationReport> found =
        new TreeMap<>(Comparator.reverseOrder());
    long now = clock.millis();
    for (TrackedNotification candidate : known.values()) {
      if (query.isOfBatch(candidate.id()) && !candidate.isForgotten(now)) {
        collect(candidate, query, found);
      }
    }
    if (found.size() <= query.pageSize()) {
      return new Page<>(List.copyOf(found.values()), Optional.empty());
    }
    found.pollLastEntry();
    String cursor = new DeliveryId(found.lastKey(), 0).toString();
    return new Page<>(List.copyOf(found.values()), Optional.of(cursor));
  }

  /** Keeps the newest ones, and one more, which tells that another page follows. */
  private static void collect(
      TrackedNotification candidate,
      HistoryQuery query,
      NavigableMap<NotificationId, NotificationReport> found) {
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

  @Override
  public AnalyticsSummary summarize(AnalyticsWindow window) {
    AnalyticsCounter counter = new AnalyticsCounter(window);
    Instant now = clock.instant();
    forEachKnown(now, tracked -> tracked.count(window, counter, now));
    return counter.summary(completeSince());
  }

  @Override
  public List<AnalyticsStep> summarize(AnalyticsWindow window, Duration step) {
    SeriesCounter counter = new SeriesCounter(window, step);
    forEachKnown(clock.instant(), tracked -> tracked.count(window, counter));
    return counter.series();
  }

  private void forEachKnown(Instant now, Consumer<TrackedNotification> action) {
    for (TrackedNotification tracked : known.values()) {
      if (tracked.isForgotten(now.toEpochMilli())) {
        newestForgotten.accumulate(tracked.acceptedAt().toEpochMilli());
      } else {
        action.accept(tracked);
      }
    }
  }

  private Optional<Instant> completeSince() {
    long newest = newestForgotten.get();
    return newest == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest + 1));
  }

  @Override
  public List<NotificationReport> deadLetters(int limit) {
    return deadLetters.newest(limit, clock.millis()).stream()
        .map(TrackedNotification::report)
        .toList();
  }

  @Override
  public Map<NotificationId, NotificationId> replays(Collection<NotificationId> ids) {
    Map<NotificationId, NotificationId> replays = new HashMap<>();
    for (NotificationId id : ids) {
      TrackedNotification tracked = known.get(id);
      NotificationId replay = tracked == null ? null : tracked.replay();
      if (replay != null) {
        replays.put(id, replay);
      }
    }
    return replays;
  }

  /** All of it in one step: there is no more than the two histories hold. */
  @Override
  public PurgeStep purge(PurgeRequest request) {
    int forgotten = 0;
    for (History history : List.of(settled, deadLetters)) {
      List<TrackedNotification> removed =
          history.remove(
              request.settledBefore().toEpochMilli(),
              tracked -> request.statuses().contains(tracked.report().status()));
      forgetAll(removed);
      forgotten += removed.size();
    }
    return new PurgeStep(forgotten, Optional.empty());
  }

  @Override
  public boolean forget(NotificationId id) {
    boolean forgotten = false;
    for (History history : List.of(settled, deadLetters)) {
      List<TrackedNotification> removed =
          history.remove(Long.MAX_VALUE, tracked -> tracked.id().equals(id));
      forgetAll(removed);
      forgotten |= !removed.isEmpty();
    }
    return forgotten;
  }

  @Override
  public int suppress(List<Suppression> added) {
    return suppressions.addAll(added);
  }

  @Override
  public boolean unsuppress(SuppressionTarget target) {
    return suppressions.remove(target);
  }

  @Override
  public Optional<Suppression> suppression(SuppressionTarget target) {
    return suppressions.find(target);
  }

  @Override
  public Optional<Suppression> suppression(Recipient recipient, Address address) {
    return suppressions.covering(recipient, address);
  }

  @Override
  public Page<Suppression> suppressions(SuppressionQuery query) {
    return suppressions.list(query);
  }

  @Override
  public Optional<PreferenceStore> preferences() {
    return Optional.of(preferences);
  }

  @Override
  public Optional<ScheduleStore> schedules() {
    return Optional.of(schedules);
  }

  @Override
  public BatchStore batches() {
    return batches;
  }

  @Override
  public void close() {
    // nothing to release: the notifier that is closed is the only one that held this
  }
}
