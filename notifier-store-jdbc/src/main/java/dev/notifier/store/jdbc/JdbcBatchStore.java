package dev.notifier.store.jdbc;

import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.NotificationId;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.StoredBatch;
import dev.notifier.spi.Submission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a row for each batch, in one transaction with its notifications. These know nothing of it
 * but the second half of their ids, by which they are counted and cancelled. Thread-safe.
 */
final class JdbcBatchStore implements BatchStore {
  private static final String DIED =
      "the process that read it ended before the batch did; what was accepted is delivered";
  private static final int NODE_LIVES = 1;

  /** The poller has other things to do. */
  private static final int ROUNDS_AT_ONCE = 4;

  private final Questions questions;
  private final Dialect dialect;
  private final BatchSql sql;
  private final Packing packing;
  private final Acceptance acceptance;
  private final BatchCancelling cancelling;
  private final Runnable awaitWritten;
  private final Lease lease;
  private final DatabaseClock clock;

  /** What is read here, whatever becomes of the lease meanwhile. */
  private final Set<Long> reading = ConcurrentHashMap.newKeySet();

  /** How notifications and what is noted of their batch come into the tables together. */
  interface Acceptance {
    /** Accepts some in the place of whoever writes; many on a connection of its own. */
    List<Optional<NotificationId>> accept(List<PackedSubmission> group, Accepting.Note note);
  }

  JdbcBatchStore(
      Questions questions,
      Dialect dialect,
      Packing packing,
      Acceptance acceptance,
      BatchCancelling cancelling,
      Runnable awaitWritten,
      Lease lease,
      DatabaseClock clock) {
    this.questions = questions;
    this.dialect = dialect;
    this.sql = new BatchSql(dialect.tables);
    this.packing = packing;
    this.acceptance = acceptance;
    this.cancelling = cancelling;
    this.awaitWritten = awaitWritten;
    this.lease = lease;
    this.clock = clock;
  }

  // --- What the reader tells --------------------------------------------------------------------

  @Override
  public void begin(StoredBatch batch) {
    reading.add(batch.group());
    try {
      questions.change("begin a batch", connection -> insert(connection, batch, batch.first(), 0));
    } catch (RuntimeException e) {
      reading.remove(batch.group());
      throw e;
    }
  }

  private boolean insert(
      Connection connection, StoredBatch batch, NotificationId last, long accepted)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.insert())) {
      statement.setLong(1, batch.group());
      statement.setBytes(2, DeliveryKey.of(batch.first()));
      statement.setBytes(3, DeliveryKey.of(last));
      statement.setLong(4, lease.node());
      statement.setInt(5, batch.isAtomic() ? 1 : 0);
      statement.setLong(6, accepted);
      statement.setLong(7, batch.refused());
      statement.setLong(8, batch.startedAt().toEpochMilli());
      Dialect.setLong(statement, 9, batch.isAtomic() ? clock.millis() : null);
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public List<Optional<NotificationId>> insertSome(
      StoredBatch batch, List<Submission> submissions) {
    List<PackedSubmission> group = submissions.stream().map(packing::pack).toList();
    return acceptance.accept(
        group,
        new Counting(batch) {
          @Override
          public boolean before(Connection connection) throws SQLException {
            return advance(connection, batch, lastOf(submissions), submissions.size());
          }
        });
  }

  private boolean advance(
      Connection connection, StoredBatch batch, NotificationId last, long accepted)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.advance())) {
      statement.setBytes(1, DeliveryKey.of(last));
      statement.setLong(2, lease.node());
      statement.setLong(3, accepted);
      statement.setLong(4, batch.refused());
      statement.setLong(5, batch.group());
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public List<Optional<NotificationId>> insertWhole(
      StoredBatch batch, List<Submission> submissions) {
    List<PackedSubmission> group = new PackedOnDemand(submissions);
    return acceptance.accept(
        submissions.size() > Accepting.MAX_TOGETHER ? group : List.copyOf(group),
        new Counting(batch) {
          @Override
          public boolean before(Connection connection) throws SQLException {
            return insert(connection, batch, lastOf(submissions), submissions.size());
          }
        });
  }

  private static NotificationId lastOf(List<Submission> submissions) {
    return submissions.get(submissions.size() - 1).id();
  }

  /** Packs again whenever it is asked, so that of very many only some are in memory. */
  private final class PackedOnDemand extends AbstractList<PackedSubmission> {
    private final List<Submission> submissions;

    PackedOnDemand(List<Submission> submissions) {
      this.submissions = submissions;
    }

    @Override
    public PackedSubmission get(int index) {
      try {
        return packing.pack(submissions.get(index));
      } catch (InvalidNotificationException e) {
        throw new InvalidNotificationException(
            "item "
                + index
                + " of the atomic batch (counted from 0): "
                + e.getMessage()
                + "; nothing of the batch was accepted");
      }
    }

    @Override
    public int size() {
      return submissions.size();
    }
  }

  /** Sees to it that repeats are not counted as accepted. */
  private abstract class Counting implements Accepting.Note {
    private final StoredBatch batch;

    Counting(StoredBatch batch) {
      this.batch = batch;
    }

    @Override
    public void after(Connection connection, List<Optional<NotificationId>> answers)
        throws SQLException {
      long repeats = answers.stream().filter(Optional::isPresent).count();
      if (repeats == 0) {
        return;
      }
      try (PreparedStatement statement = connection.prepareStatement(sql.repeats())) {
        statement.setLong(1, repeats);
        statement.setLong(2, repeats);
        statement.setLong(3, batch.group());
        statement.executeUpdate();
      }
    }
  }

  @Override
  public void end(StoredBatch batch, String problem) {
    questions.change(
        "end a batch",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql.end())) {
            statement.setLong(1, batch.refused());
            statement.setLong(2, clock.millis());
            statement.setString(3, ColumnText.reason(problem));
            statement.setLong(4, batch.group());
            return statement.executeUpdate() == 1;
          }
        });
    reading.remove(batch.group());
  }

  // --- Questions --------------------------------------------------------------------------------

  /** A batch as its row has it. */
  private record Row(
      StoredBatch batch, boolean isRead, boolean isCancelled, BatchProgress ofReader) {}

  /** How the deliveries of a batch stand. */
  private record Counts(
      long pending, Map<DeliveryStatus, Long> settled, Optional<Instant> lastSettled) {}

  @Override
  public Optional<BatchReport> find(long group) {
    awaitWritten.run(); // what is settled here must be seen here
    return questions.ask(
        "look for a batch",
        connection -> {
          Row row = row(connection, group); // first: what is accepted meanwhile is pending at most
          Optional<BatchBounds> bounds = BatchBounds.of(connection, sql, group);
          return row == null || bounds.isEmpty()
              ? Optional.<BatchReport>empty()
              : Optional.of(report(row, counts(connection, bounds.get())));
        });
  }

  private @Nullable Row row(Connection connection, long group) throws SQLException {
    long now = dialect.now(connection);
    try (PreparedStatement statement = connection.prepareStatement(sql.find())) {
      statement.setLong(1, group);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row(row, group, now) : null;
      }
    }
  }

  private Row row(ResultSet row, long group, long now) throws SQLException {
    StoredBatch batch =
        new StoredBatch(
            group,
            DeliveryKey.notification(row.getBytes(1)),
            Instant.ofEpochMilli(row.getLong(8)),
            row.getInt(3) == 1,
            row.getLong(7));
    boolean isEnded = row.getLong(9) != 0;
    boolean lives =
        reading.contains(group) || (row.getInt(11) == NODE_LIVES && row.getLong(12) > now);
    String problem = isEnded || lives ? row.getString(10) : DIED;
    BatchProgress counted =
        new BatchProgress(
            row.getLong(5), row.getLong(6), batch.refused(), 0, Map.of(), false, problem);
    return new Row(batch, isEnded || !lives, row.getInt(4) != 0, counted);
  }

  private Counts counts(Connection connection, BatchBounds bounds) throws SQLException {
    Map<DeliveryStatus, Long> settled = new EnumMap<>(DeliveryStatus.class);
    long pending = 0;
    long last = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql.counts())) {
      bounds.bind(statement, bounds.bind(statement, 1));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (row.getInt(1) < 0) {
            pending = row.getLong(2);
          } else {
            settled.put(Codes.status(row.getInt(1)), row.getLong(2));
            last = Math.max(last, row.getLong(3));
          }
        }
      }
    }
    return new Counts(
        pending, settled, last == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(last)));
  }

  private static BatchReport report(Row row, Counts counts) {
    BatchProgress read = row.ofReader();
    BatchProgress progress =
        new BatchProgress(
            read.accepted(),
            read.duplicates(),
            read.refused(),
            counts.pending(),
            counts.settled(),
            row.isRead() && counts.pending() == 0,
            read.problem());
    return row.batch().report(row.isRead(), row.isCancelled(), progress, counts.lastSettled());
  }

  @Override
  public List<Long> newest(int limit) {
    return questions.ask(
        "list the batches",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql.newest())) {
            statement.setInt(1, limit);
            return longs(statement);
          }
        });
  }

  private static List<Long> longs(PreparedStatement statement) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        values.add(row.getLong(1));
      }
    }
    return values;
  }

  @Override
  public boolean owes(long group) {
    awaitWritten.run();
    return questions.ask("look for what waits of a batch", connection -> owes(connection, group));
  }

  private boolean owes(Connection connection, long group) throws SQLException {
    Optional<BatchBounds> bounds = BatchBounds.of(connection, sql, group);
    if (bounds.isEmpty()) {
      return false;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.owes())) {
      bounds.get().bind(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  // --- Cancelling -------------------------------------------------------------------------------

  @Override
  public boolean cancel(long group) {
    if (isRead(group) && !owes(group)) {
      return true; // too late: it stays what it is
    }
    boolean isNew =
        questions.change("cancel a batch", connection -> set(connection, sql.cancel(), group));
    return isNew
        || questions.ask(
            "look for a batch", connection -> BatchBounds.of(connection, sql, group).isPresent());
  }

  private boolean isRead(long group) {
    return questions.ask(
        "look for a batch",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql.isRead())) {
            statement.setLong(1, group);
            try (ResultSet row = statement.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  private static boolean set(Connection connection, String update, long group) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setLong(1, group);
      return statement.executeUpdate() == 1;
    }
  }

  @Override
  public List<QueuedDelivery> cancelSome(long group) {
    return questions.guarded("cancel a batch", () -> cancelling.cancelSome(group));
  }

  /**
   * Goes on with what was cancelled here or elsewhere: what this node holds, what it has got back,
   * and what is free. Returns what was cancelled.
   */
  List<QueuedDelivery> goOnCancelling() throws SQLException {
    List<Long> groups =
        questions.ask(
            "look for cancelled batches",
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql.toBeCancelled())) {
                return longs(statement);
              }
            });
    List<QueuedDelivery> cancelled = new ArrayList<>();
    for (long group : groups) {
      List<QueuedDelivery> some = cancelling.cancelSome(group);
      for (int round = 1; round < ROUNDS_AT_ONCE && !some.isEmpty(); round++) {
        cancelled.addAll(some);
        some = cancelling.cancelSome(group);
      }
      cancelled.addAll(some);
      if (some.isEmpty() && !owes(group)) {
        questions.change(
            "end the cancelling of a batch", connection -> set(connection, sql.cancelled(), group));
      }
    }
    return cancelled;
  }
}
