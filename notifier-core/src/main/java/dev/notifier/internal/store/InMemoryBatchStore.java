package dev.notifier.internal.store;

import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.StoredBatch;
import dev.notifier.spi.Submission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest batches in memory. It counts what is settled as it happens, since the history forgets
 * sooner. Thread-safe.
 */
final class InMemoryBatchStore implements BatchStore {
  private static final int MAX_BATCHES = 10_000;

  private final Map<Long, Row> rows = new LinkedHashMap<>(); // Guarded by this.
  private final Function<Submission, Optional<NotificationId>> inserter;
  private final LongFunction<List<QueuedDelivery>> canceller;
  private final InstantSource clock;
  private volatile boolean isEmpty = true;

  InMemoryBatchStore(
      Function<Submission, Optional<NotificationId>> inserter,
      LongFunction<List<QueuedDelivery>> canceller,
      InstantSource clock) {
    this.inserter = inserter;
    this.canceller = canceller;
    this.clock = clock;
  }

  private synchronized @Nullable Row row(long group) {
    return rows.get(group);
  }

  /** Every delivery asks, and most notifiers have no batch: no lock then. */
  private @Nullable Row rowOf(NotificationId id) {
    return isEmpty ? null : row(id.value().getLeastSignificantBits());
  }

  // --- What the reader tells --------------------------------------------------------------------

  @Override
  public synchronized void begin(StoredBatch batch) {
    rows.put(batch.group(), new Row(batch));
    isEmpty = false;
    if (rows.size() > MAX_BATCHES) {
      rows.remove(rows.keySet().iterator().next());
    }
  }

  @Override
  public List<Optional<NotificationId>> insertSome(
      StoredBatch batch, List<Submission> submissions) {
    Row row = row(batch.group());
    if (row == null) {
      return submissions.stream().map(inserter).toList(); // forgotten for 10,000 newer ones
    }
    return row.takesMore(batch) ? insert(row, submissions) : List.of();
  }

  @Override
  public List<Optional<NotificationId>> insertWhole(
      StoredBatch batch, List<Submission> submissions) {
    begin(batch);
    List<Optional<NotificationId>> earlier = insertSome(batch, submissions);
    end(batch, "");
    return earlier;
  }

  private List<Optional<NotificationId>> insert(Row row, List<Submission> submissions) {
    List<Optional<NotificationId>> answers = new ArrayList<>(submissions.size());
    for (Submission submission : submissions) {
      int deliveries = submission.deliveries().size();
      row.expect(deliveries);
      Optional<NotificationId> earlier = inserter.apply(submission);
      if (earlier.isPresent()) {
        row.repeated(deliveries);
      }
      answers.add(earlier);
    }
    return answers;
  }

  @Override
  public void end(StoredBatch batch, String problem) {
    Row row = row(batch.group());
    if (row != null) {
      row.end(batch, problem);
    }
  }

  // --- What the store tells ---------------------------------------------------------------------

  void settled(NotificationId id, DeliveryStatus status) {
    Row row = rowOf(id);
    if (row != null) {
      row.settled(status, clock.instant());
    }
  }

  /** Says that a provider reported what became of a delivery that was SENT. */
  void moved(NotificationId id, DeliveryStatus next) {
    Row row = rowOf(id);
    if (row != null) {
      row.moved(next);
    }
  }

  // --- Questions --------------------------------------------------------------------------------

  @Override
  public Optional<BatchReport> find(long group) {
    return Optional.ofNullable(row(group)).map(Row::report);
  }

  @Override
  public synchronized List<Long> newest(int limit) {
    List<Long> groups = new ArrayList<>(rows.keySet());
    Collections.reverse(groups);
    return List.copyOf(groups.subList(0, Math.min(limit, groups.size())));
  }

  @Override
  public boolean owes(long group) {
    Row row = row(group);
    return row != null && row.owes();
  }

  @Override
  public boolean cancel(long group) {
    Row row = row(group);
    if (row == null) {
      return false;
    }
    row.cancel();
    return true;
  }

  @Override
  public List<QueuedDelivery> cancelSome(long group) {
    return canceller.apply(group);
  }

  /** What is known of one batch. Guarded by itself. */
  private static final class Row {
    private final Map<DeliveryStatus, Long> settled = new EnumMap<>(DeliveryStatus.class);
    private StoredBatch batch;
    private long accepted;
    private long duplicates;
    private long pending;
    private boolean isRead;
    private boolean isCancelled;
    private String problem = "";
    private @Nullable Instant lastSettled;

    Row(StoredBatch batch) {
      this.batch = batch;
    }

    synchronized boolean takesMore(StoredBatch now) {
      batch = now;
      return !isCancelled;
    }

    synchronized void expect(int deliveries) {
      accepted++;
      pending += deliveries;
    }

    synchronized void repeated(int deliveries) {
      accepted--;
      pending -= deliveries;
      duplicates++;
    }

    synchronized void end(StoredBatch now, String why) {
      batch = now;
      problem = why;
      isRead = true;
    }

    synchronized void settled(DeliveryStatus status, Instant now) {
      settled.merge(status, 1L, Long::sum);
      pending--;
      lastSettled = now;
    }

    synchronized void moved(DeliveryStatus next) {
      settled.merge(DeliveryStatus.SENT, -1L, Long::sum);
      settled.merge(next, 1L, Long::sum);
    }

    synchronized boolean owes() {
      return pending > 0;
    }

    /** When all is over it is too late: it stays what it is. */
    synchronized void cancel() {
      isCancelled |= !isRead || pending > 0;
    }

    synchronized BatchReport report() {
      boolean complete = isRead && pending <= 0;
      Map<DeliveryStatus, Long> counts = new EnumMap<>(settled);
      counts.values().removeIf(count -> count == 0);
      BatchProgress progress =
          new BatchProgress(
              accepted, duplicates, batch.refused(), pending, counts, complete, problem);
      return batch.report(isRead, isCancelled, progress, Optional.ofNullable(lastSettled));
    }
  }
}
