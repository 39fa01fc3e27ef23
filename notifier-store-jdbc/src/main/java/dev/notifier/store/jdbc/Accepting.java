package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts submissions into the tables: owned by this node if the engine has room for them, or else
 * free. What is owned is known here before the engine hears of the commit.
 */
final class Accepting {
  private static final Logger log = LoggerFactory.getLogger(Accepting.class);

  /** How many go into one statement at most. */
  static final int MAX_TOGETHER = 1000;

  private static final int LOOKS = 3;
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Dialect dialect;
  private final Dedup dedup;
  private final Lease lease;
  private final OwnedDeliveries owned;
  private final Runnable freeRowsWritten;

  /**
   * Creates it.
   *
   * @param freeRowsWritten told after a commit that left free rows
   */
  Accepting(
      Dialect dialect, Dedup dedup, Lease lease, OwnedDeliveries owned, Runnable freeRowsWritten) {
    this.dialect = dialect;
    this.dedup = dedup;
    this.lease = lease;
    this.owned = owned;
    this.freeRowsWritten = freeRowsWritten;
  }

  /**
   * Accepts a group in a transaction of its own.
   *
   * @throws HeldKeyException if somebody else's transaction holds an idempotency key of it
   */
  List<Optional<NotificationId>> accept(HeldConnection held, List<PackedSubmission> group)
      throws SQLException {
    return accept(held, group, NOTHING, nodeIfTrusted(), false);
  }

  /**
   * As {@link #accept}, but leaves them free, so that this need not be done in the leader's place.
   */
  List<Optional<NotificationId>> acceptFree(HeldConnection held, List<PackedSubmission> group)
      throws SQLException {
    return accept(held, group, NOTHING, 0, false);
  }

  private long nodeIfTrusted() {
    return lease.isTrusted() ? lease.node() : 0;
  }

  /** What is written of a batch in one transaction with some of its notifications. */
  interface Note {
    /** Called first; false if nothing may be inserted. */
    boolean before(Connection connection) throws SQLException;

    /** Called last. */
    void after(Connection connection, List<Optional<NotificationId>> answers) throws SQLException;
  }

  private static final Note NOTHING =
      new Note() {
        @Override
        public boolean before(Connection connection) {
          return true;
        }

        @Override
        public void after(Connection connection, List<Optional<NotificationId>> answers) {}
      };

  /**
   * Accepts some of a batch; returns nothing if its note forbids it.
   *
   * @throws HeldKeyException if somebody else's transaction holds an idempotency key of it
   */
  List<Optional<NotificationId>> acceptSome(
      HeldConnection held, List<PackedSubmission> group, Note note) throws SQLException {
    return accept(held, group, note, nodeIfTrusted(), false);
  }

  /**
   * Accepts very many, all of them free, so that this need not be done in the place of the leader.
   *
   * @param group may pack what it is asked for, each time anew
   */
  List<Optional<NotificationId>> acceptMany(
      HeldConnection held, List<PackedSubmission> group, Note note) throws SQLException {
    return accept(held, group, note, 0, true);
  }

  private List<Optional<NotificationId>> accept(
      HeldConnection held, List<PackedSubmission> group, Note note, long node, boolean waits)
      throws SQLException {
    List<Optional<NotificationId>> answers = new ArrayList<>();
    try {
      held.inTransaction(
          connection -> {
            answers.clear();
            if (note.before(connection)) {
              answers.addAll(insert(connection, group, node, waits));
              note.after(connection, answers);
            }
            return true;
          });
      register(group, answers, node);
    } catch (HeldConnection.UnknownCommitException e) {
      findOut(held, group, answers, node, e);
    }
    return answers;
  }

  /**
   * Accepts the notification of a run in one transaction with what decides about it.
   *
   * @param decision makes the run this node's, or says that it is not
   * @return what the decision was
   */
  boolean acceptIf(HeldConnection.Work<Boolean> decision, HeldConnection held, PackedSubmission run)
      throws SQLException {
    long node = nodeIfTrusted();
    List<PackedSubmission> group = List.of(run);
    List<Optional<NotificationId>> answers = new ArrayList<>();
    try {
      held.inTransaction(
          connection -> {
            answers.clear();
            return decision.in(connection) && answers.addAll(insertOnce(connection, group, node));
          });
      if (!answers.isEmpty()) {
        register(group, answers, node);
      }
    } catch (HeldConnection.UnknownCommitException e) {
      if (!answers.isEmpty()) {
        findOut(held, group, answers, node, e);
      }
    }
    return !answers.isEmpty();
  }

  /** After a clock was set back, a schedule may come to a run that it has made. */
  private List<Optional<NotificationId>> insertOnce(
      Connection connection, List<PackedSubmission> group, long node) throws SQLException {
    return exists(connection, group.get(0).rows().get(0).key())
        ? List.of(Optional.of(group.get(0).submission().id()))
        : insert(connection, group, node, true); // runs of schedules have no keys
  }

  /** Inserts some into a transaction of the host, for which an idempotency key is waited for. */
  List<Optional<NotificationId>> insert(Connection connection, List<PackedSubmission> group)
      throws SQLException {
    return insert(connection, group, 0, true);
  }

  /** All of it is free if {@code node} is 0. */
  private List<Optional<NotificationId>> insert(
      Connection connection, List<PackedSubmission> group, long node, boolean waits)
      throws SQLException {
    if (group.size() <= MAX_TOGETHER) {
      return insertTogether(connection, group, node, waits);
    }
    List<Optional<NotificationId>> answers = new ArrayList<>(group.size());
    for (int from = 0; from < group.size(); from += MAX_TOGETHER) {
      int to = Math.min(group.size(), from + MAX_TOGETHER);
      answers.addAll(insertTogether(connection, List.copyOf(group.subList(from, to)), node, waits));
    }
    return answers;
  }

  private List<Optional<NotificationId>> insertTogether(
      Connection connection, List<PackedSubmission> group, long node, boolean waits)
      throws SQLException {
    dialect.check(group);
    Map<String, NotificationId> holders = dedup.claim(connection, group, waits);
    List<Optional<NotificationId>> answers = new ArrayList<>(group.size());
    List<QueueRow> ours = new ArrayList<>(group.size());
    List<QueueRow> free = new ArrayList<>();
    List<PackedSubmission> withBody = new ArrayList<>();
    List<PackedSubmission> withTags = new ArrayList<>();
    for (PackedSubmission each : group) {
      Optional<NotificationId> earlier = earlier(each, holders);
      answers.add(earlier);
      if (earlier.isEmpty()) {
        (node != 0 && each.submission().hasRoom() ? ours : free).addAll(each.rows());
        if (each.body() != null) {
          withBody.add(each);
        }
        if (!each.tags().isEmpty()) {
          withTags.add(each);
        }
      }
    }
    dialect.insertBodies(connection, withBody);
    insertRows(connection, ours, node);
    insertRows(connection, free, 0);
    dialect.insertTags(connection, withTags);
    return answers;
  }

  private void insertRows(Connection connection, List<QueueRow> rows, long owner)
      throws SQLException {
    if (!rows.isEmpty()) {
      dialect.insert(connection, rows, owner);
    }
  }

  private static Optional<NotificationId> earlier(
      PackedSubmission submission, Map<String, NotificationId> holders) {
    if (submission.dedupKey() == null) {
      return Optional.empty();
    }
    NotificationId holder = holders.get(Dedup.hex(submission.dedupKey()));
    return Optional.ofNullable(holder).filter(id -> !id.equals(submission.submission().id()));
  }

  private void register(
      List<PackedSubmission> group, List<Optional<NotificationId>> answers, long node) {
    boolean free = node == 0 && answers.stream().anyMatch(Optional::isEmpty);
    for (int i = 0; i < answers.size() && node != 0; i++) {
      PackedSubmission each = group.get(i);
      if (answers.get(i).isPresent()) {
        continue;
      }
      if (each.submission().hasRoom()) {
        each.rows().forEach(row -> owned.add(OwnedDelivery.inserted(row, node)));
      } else {
        free = true;
      }
    }
    if (node != 0 && !lease.holds(node)) {
      owned.dropAllOf(node); // the lease was lost before these were known here
    }
    if (free) {
      freeRowsWritten.run();
    }
  }

  /** The connection broke at the commit: looks whether the rows are there. */
  private void findOut(
      HeldConnection held,
      List<PackedSubmission> group,
      List<Optional<NotificationId>> answers,
      long node,
      HeldConnection.UnknownCommitException failure)
      throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).isEmpty()) {
        group.get(i).rows().forEach(row -> keys.add(row.key()));
      }
    }
    if (keys.isEmpty()) {
      return; // nothing was to be inserted
    }
    log.warn("a commit ended without an answer; looking whether it was made", failure);
    owned.addStrays(keys, node); // if they are there, nobody here has them: free them
    boolean committed;
    try {
      committed = isCommitted(held, keys.get(0));
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw failure;
    }
    if (!committed) {
      throw new SQLException("the transaction was not committed", "40000", failure);
    }
  }

  /** Looks more than once: the database may still be at it. */
  private boolean isCommitted(HeldConnection held, byte[] key) throws SQLException {
    for (int looks = 1; looks < LOOKS; looks++) {
      if (held.inTransaction(connection -> exists(connection, key))) {
        return true;
      }
      LockSupport.parkNanos(this, BETWEEN_LOOKS_NANOS);
    }
    return held.inTransaction(connection -> exists(connection, key));
  }

  /** What was free may have been taken, sent and settled by another node meanwhile. */
  private boolean exists(Connection connection, byte[] key) throws SQLException {
    String sql =
        "SELECT 1 FROM "
            + dialect.tables.queue()
            + " WHERE id = ? UNION ALL SELECT 1 FROM "
            + dialect.tables.history()
            + " WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.setBytes(2, key);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }
}
