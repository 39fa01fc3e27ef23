package dev.notifier.store.jdbc;

import dev.notifier.Priority;
import dev.notifier.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what became of deliveries, many in one transaction: 1000, or what has come within 10 ms.
 * If the database is away, everything waits here until it is back, and the workers wait when it is
 * too much. Thread-safe.
 */
final class SettlementWriter {
  private static final Logger log = LoggerFactory.getLogger(SettlementWriter.class);

  static final int MAX_BATCH = 1000;
  static final int MAX_WAITING = 10_000;

  /** Beyond that, so that a batch which is sent faster than it is written holds up no alarm. */
  private static final int RESERVED_FOR_CRITICAL = 1000;

  private static final int MAX_TRIES = 20;
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final HeldConnection held;
  private final Dialect dialect;
  private final OwnedDeliveries owned;
  private final Runnable freeRowsWritten;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition fewer = lock.newCondition();
  private final AtomicInteger unwritten = new AtomicInteger();
  // Guarded by lock.
  private List<OwnedDelivery> waiting = new ArrayList<>();
  private long added;
  private long written;
  private long hurryTo; // of what was added: it is waited for
  private boolean closed;

  SettlementWriter(
      HeldConnection held, Dialect dialect, OwnedDeliveries owned, Runnable freeRowsWritten) {
    this.held = held;
    this.dialect = dialect;
    this.owned = owned;
    this.freeRowsWritten = freeRowsWritten;
  }

  // --- Those who settle -------------------------------------------------------------------------

  /** Sees to it that the state of a delivery is written. */
  void add(OwnedDelivery delivery) {
    if (!delivery.joinsWriterQueue()) {
      return; // it waits already, and is written as it then is
    }
    lock.lock();
    try {
      waiting.add(delivery);
      added++;
      unwritten.incrementAndGet();
      if (waiting.size() == 1 || waiting.size() == MAX_BATCH) {
        more.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is room for the result of a delivery.
   *
   * @return false if there was none in time
   */
  boolean awaitRoom(Priority priority, Duration timeout) throws InterruptedException {
    int room = MAX_WAITING + (priority == Priority.CRITICAL ? RESERVED_FOR_CRITICAL : 0);
    if (unwritten.get() < room) { // asked before every delivery
      return true;
    }
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (unwritten.get() >= room && left > 0) {
        left = fewer.awaitNanos(left);
      }
      return unwritten.get() < room;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many results wait to be written. */
  int unwritten() {
    return unwritten.get();
  }

  /**
   * Waits until everything that was added until now is written.
   *
   * @throws StoreException if that takes longer
   */
  void awaitWritten(Duration timeout) {
    lock.lock();
    try {
      long target = added;
      long left = timeout.toNanos();
      hurryTo = Math.max(hurryTo, target);
      more.signal();
      while (written < target) {
        if (left <= 0) {
          throw new StoreException(
              "what was settled could not be written within " + timeout + "; it is tried on", null);
        }
        left = fewer.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while the database was written", e);
    } finally {
      lock.unlock();
    }
  }

  // --- The writing thread -----------------------------------------------------------------------

  /** Writes until the store closes, and then what is left. */
  void run() {
    try {
      for (List<OwnedDelivery> batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
        wrote(batch.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the store closes and has waited long enough
    }
  }

  private List<OwnedDelivery> next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        more.await();
      }
      linger();
      int size = Math.min(MAX_BATCH, waiting.size());
      List<OwnedDelivery> batch = new ArrayList<>(waiting.subList(0, size));
      waiting = new ArrayList<>(waiting.subList(size, waiting.size()));
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for company: commits of few would hold up those who accept. */
  private void linger() throws InterruptedException {
    long left = LINGER_NANOS;
    while (!closed && written >= hurryTo && left > 0 && waiting.size() < MAX_BATCH) {
      left = more.awaitNanos(left);
    }
  }

  private void wrote(int count) {
    lock.lock();
    try {
      unwritten.addAndGet(-count);
      written += count;
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes a batch, however long the database is away. */
  private void write(List<OwnedDelivery> batch) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        writeOnce(batch);
        if (tries > 1) {
          log.info("the database takes what was settled again");
        }
        return;
      } catch (SQLException | RuntimeException | Error e) { // it would be the end of this thread
        boolean away = Failures.isConnectionLost(e);
        if (!away && batch.size() > 1) {
          log.warn("{} settlements could not be written together; one by one", batch.size(), e);
          for (OwnedDelivery each : batch) {
            write(List.of(each));
          }
          return;
        }
        if (!away && tries == MAX_TRIES) {
          log.error("what became of delivery {} cannot be written", batch.get(0).newest().id(), e);
          return; // it stays in the queue, under this node's name
        }
        if (tries == 1) {
          log.error("what was settled could not be written; it is tried again", e);
        }
        pause();
      }
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = PAUSE_NANOS;
      while (left > 0) {
        left = fewer.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void writeOnce(List<OwnedDelivery> batch) throws SQLException {
    long first = batch.get(0).node();
    if (batch.stream().allMatch(delivery -> delivery.node() == first)) {
      new Batch(first, batch).write();
      return;
    }
    Map<Long, List<OwnedDelivery>> byNode = new LinkedHashMap<>();
    for (OwnedDelivery delivery : batch) {
      byNode.computeIfAbsent(delivery.node(), node -> new ArrayList<>()).add(delivery);
    }
    for (Map.Entry<Long, List<OwnedDelivery>> each : byNode.entrySet()) {
      new Batch(each.getKey(), each.getValue()).write();
    }
  }

  /** The changes of one incarnation that are written together. */
  private final class Batch {
    private final long node;
    private final List<OwnedDelivery> deliveries = new ArrayList<>();
    private final List<OwnedDelivery.Change> changes = new ArrayList<>(); // of each of them
    private final List<FinalRow> ends = new ArrayList<>();
    private final List<WaitingRow> waits = new ArrayList<>();
    private final List<OwnedDelivery> lost = new ArrayList<>();

    Batch(long node, List<OwnedDelivery> settled) {
      this.node = node;
      for (OwnedDelivery delivery : settled) {
        if (delivery.isGone()) {
          continue; // its last change went with a batch before
        }
        OwnedDelivery.Change change = delivery.takeChange();
        deliveries.add(delivery);
        changes.add(change);
        if (change.end() != null) {
          ends.add(change.end());
        } else if (change.again() != null) {
          waits.add(change.again());
        }
      }
      waits.sort(Comparator.comparing(WaitingRow::key, Arrays::compareUnsigned));
    }

    void write() throws SQLException {
      try {
        held.inTransaction(this::writeAll);
      } catch (HeldConnection.UnknownCommitException e) {
        log.warn("a commit of settlements ended without an answer; it is made again", e);
        throw e;
      }
      lost.forEach(owned::lose);
      for (int i = 0; i < deliveries.size(); i++) {
        wrote(deliveries.get(i), changes.get(i));
      }
      if (waits.stream().anyMatch(row -> !row.keep())) {
        freeRowsWritten.run();
      }
    }

    private boolean writeAll(Connection connection) throws SQLException {
      lost.clear();
      List<AttemptRow> attempts = new ArrayList<>();
      if (!ends.isEmpty()) {
        List<FinalRow> lostEnds = dialect.finish(connection, ends, node);
        lostEnds.forEach(row -> lose(row.key()));
        for (FinalRow row : ends) {
          if (!row.unwritten().isEmpty() && !lostEnds.contains(row)) {
            attempts.addAll(row.unwritten());
          }
        }
      }
      if (!waits.isEmpty()) {
        List<WaitingRow> lostWaits = dialect.requeue(connection, waits, node);
        lostWaits.forEach(row -> lose(row.key()));
        waits.stream()
            .filter(row -> !lostWaits.contains(row))
            .forEach(row -> attempts.addAll(row.unwritten()));
      }
      if (!attempts.isEmpty()) {
        dialect.insertAttempts(connection, attempts);
      }
      deleteBodies(connection);
      return true;
    }

    private void lose(byte[] key) {
      deliveries.stream().filter(delivery -> Arrays.equals(delivery.key(), key)).forEach(lost::add);
    }

    private void wrote(OwnedDelivery delivery, OwnedDelivery.Change change) {
      if (delivery.wrote(change)) {
        owned.remove(delivery);
      }
    }

    /** What a long notification said is dropped with its last delivery, if it is not kept. */
    private void deleteBodies(Connection connection) throws SQLException {
      if (dialect.keepsContent) {
        return;
      }
      String sql =
          "DELETE FROM "
              + dialect.tables.body()
              + " WHERE id = ? AND NOT EXISTS (SELECT 1 FROM "
              + dialect.tables.queue()
              + " WHERE "
              + dialect.tables.owed()
              + "id BETWEEN ? AND ?)";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (OwnedDelivery delivery : deliveries) {
          if (delivery.hasBody() && !delivery.owes()) {
            var id = delivery.newest().id().notification();
            statement.setBytes(1, DeliveryKey.of(id));
            statement.setBytes(2, DeliveryKey.first(id));
            statement.setBytes(3, DeliveryKey.last(id));
            statement.executeUpdate();
          }
        }
      }
    }
  }

  /** Writes what is left and ends the writing thread. */
  void close() {
    lock.lock();
    try {
      closed = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
