package dev.notifier.internal.event;

import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationForgottenException;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.NotifierClosedException;
import dev.notifier.Outcome;
import dev.notifier.spi.NotificationStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Whoever waits for a notification to be settled. Nobody who does not ask costs anything. */
public final class Outcomes {
  private final Map<NotificationId, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();

  /** Who counts the settlements of a batch, by the second half of its notifications' ids. */
  private final Map<Long, Consumer<DeliveryStatus>> batches = new ConcurrentHashMap<>();

  private final NotificationStore store;
  private volatile boolean closed;

  /** Creates the waiting room over a store. */
  public Outcomes(NotificationStore store) {
    this.store = store;
  }

  /**
   * Returns what completes when the notification is settled; nobody but this class completes it.
   */
  public CompletableFuture<Outcome> of(NotificationId id) {
    // A copy, so that one who waits cannot complete it for the others. Not by copy(), which would
    // wrap the failure that the receipt promises.
    CompletableFuture<Outcome> own = new CompletableFuture<>();
    CompletionStage<Outcome> shared = pending(id);
    shared.whenComplete(
        (outcome, failure) -> {
          if (failure != null) {
            own.completeExceptionally(failure);
          } else {
            own.complete(outcome);
          }
        });
    return own;
  }

  /**
   * Waits until the notification is settled.
   *
   * @throws TimeoutException if the time is up
   * @throws ExecutionException if the notification is forgotten, or the notifier closed
   */
  public Outcome await(NotificationId id, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return pending(id).get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
  }

  private CompletableFuture<Outcome> pending(NotificationId id) {
    CompletableFuture<Outcome> future =
        waiting.computeIfAbsent(id, key -> new CompletableFuture<>());
    // Asked after the future is in place: a settlement before is seen here, one after completes it.
    Optional<NotificationReport> report = store.find(id);
    if (report.isEmpty()) {
      forget(id);
    } else {
      completeIfSettled(report.get());
    }
    if (closed) {
      fail(id, closedWhilePending());
    }
    return future;
  }

  /** Completes who waits for the notification, if all of it is settled. */
  public void settled(NotificationId id) {
    if (waiting.containsKey(id)) {
      store.find(id).ifPresentOrElse(this::completeIfSettled, () -> forget(id));
    }
  }

  /** Tells a batch of each of its deliveries that is settled in this process. */
  public void watch(long group, Consumer<DeliveryStatus> batch) {
    batches.put(group, batch);
  }

  /** Tells a batch no more. */
  public void unwatch(long group) {
    batches.remove(group);
  }

  /** Tells the batch of a delivery, if it has one, how that ended. */
  public void finished(NotificationId id, DeliveryStatus status) {
    if (!batches.isEmpty()) {
      Consumer<DeliveryStatus> batch = batches.get(id.value().getLeastSignificantBits());
      if (batch != null) {
        batch.accept(status);
      }
    }
  }

  /** Returns the notifications that somebody waits for. */
  public Collection<NotificationId> awaited() {
    return List.copyOf(waiting.keySet());
  }

  private void completeIfSettled(NotificationReport report) {
    if (report.status().isSettled()) {
      CompletableFuture<Outcome> future = waiting.remove(report.id());
      if (future != null) {
        future.complete(new Outcome(report.id(), report.status(), report.reason()));
      }
    }
  }

  private void forget(NotificationId id) {
    fail(
        id,
        new NotificationForgottenException(
            "notification "
                + id
                + " is not in the store: it was settled longer ago than history is kept"));
  }

  private void fail(NotificationId id, RuntimeException cause) {
    CompletableFuture<Outcome> future = waiting.remove(id);
    if (future != null) {
      future.completeExceptionally(cause);
    }
  }

  private static NotifierClosedException closedWhilePending() {
    return new NotifierClosedException(
        "the notifier was closed before the notification was settled");
  }

  /** Completes exceptionally whoever still waits. */
  public void close() {
    closed = true;
    waiting.keySet().forEach(id -> fail(id, closedWhilePending()));
  }
}
