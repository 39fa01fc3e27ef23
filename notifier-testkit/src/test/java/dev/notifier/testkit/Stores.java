package dev.notifier.testkit;

import dev.notifier.Address;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores to test the contract with. */
final class Stores {
  private Stores() {}

  /**
   * The in-memory store. Nobody outside the core reads its internal packages; this is the one
   * exception, since the core cannot depend on the kit that tests it.
   */
  static NotificationStore inMemory() {
    return new InMemoryNotificationStore(
        new HistoryLimits(10_000, Duration.ofDays(1), Duration.ofDays(1)), InstantSource.system());
  }

  /** A store that passes everything on, to be broken in one place. */
  static class Forwarding implements NotificationStore {
    final NotificationStore delegate = inMemory();

    @Override
    public Optional<NotificationId> insert(Submission submission) {
      return delegate.insert(submission);
    }

    @Override
    public List<Optional<NotificationId>> insertAll(List<Submission> submissions) {
      return delegate.insertAll(submissions);
    }

    @Override
    public boolean claim(QueuedDelivery delivery) {
      return delegate.claim(delivery);
    }

    @Override
    public Optional<QueuedDelivery> settle(
        QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
      return delegate.settle(claimed, attempt, settlement);
    }

    @Override
    public boolean owes(DeliveryId id) {
      return delegate.owes(id);
    }

    @Override
    public Cancellation cancel(NotificationId id) {
      return delegate.cancel(id);
    }

    @Override
    public Optional<AppliedUpdate> update(ChannelId channel, DeliveryUpdate update) {
      return delegate.update(channel, update);
    }

    @Override
    public AnalyticsSummary summarize(AnalyticsWindow window) {
      return delegate.summarize(window);
    }

    @Override
    public List<AnalyticsStep> summarize(AnalyticsWindow window, Duration step) {
      return delegate.summarize(window, step);
    }

    @Override
    public Optional<NotificationReport> find(NotificationId id) {
      return delegate.find(id);
    }

    @Override
    public Page<NotificationReport> search(HistoryQuery query) {
      return delegate.search(query);
    }

    @Override
    public List<NotificationReport> deadLetters(int limit) {
      return delegate.deadLetters(limit);
    }

    @Override
    public Map<NotificationId, NotificationId> replays(Collection<NotificationId> ids) {
      return delegate.replays(ids);
    }

    @Override
    public PurgeStep purge(PurgeRequest request) {
      return delegate.purge(request);
    }

    @Override
    public boolean forget(NotificationId id) {
      return delegate.forget(id);
    }

    @Override
    public int suppress(List<Suppression> suppressions) {
      return delegate.suppress(suppressions);
    }

    @Override
    public boolean unsuppress(SuppressionTarget target) {
      return delegate.unsuppress(target);
    }

    @Override
    public Optional<Suppression> suppression(SuppressionTarget target) {
      return delegate.suppression(target);
    }

    @Override
    public Optional<Suppression> suppression(Recipient recipient, Address address) {
      return delegate.suppression(recipient, address);
    }

    @Override
    public Page<Suppression> suppressions(SuppressionQuery query) {
      return delegate.suppressions(query);
    }

    @Override
    public BatchStore batches() {
      return delegate.batches();
    }

    @Override
    public void close() {
      delegate.close();
    }
  }
}
