package dev.notifier.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.store.jdbc.DatabaseKind;
import dev.notifier.store.jdbc.JdbcSchema;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * What plain JDBC can do with the same tables and rows of the same size: groups of 1000, inserted
 * by one connection and moved to the history by another, or changed in place on H2, with nothing
 * around it.
 */
final class RawQueue implements AutoCloseable {
  static final int GROUP = 1000;
  private static final int ENVELOPE = 32;
  private static final int CONTENT = 104;
  private static final String COLUMNS =
      "id, recipient, due, priority, owner, fence, lane, step, step_since, attempts, made, mark,"
          + " accepted_at, correlation, envelope, content";
  private static final String CONSTANTS = "1, 2, 1, 1, 'email', 0, 1, 0, 0, 0, 1, NULL";

  private final DatabaseKind kind;
  private final HikariDataSource pool;
  private final AtomicLong places = new AtomicLong();

  RawQueue(BenchmarkServer.Database database) {
    kind = database.kind();
    pool = database.pool(64);
    JdbcSchema.of(pool).migrate();
  }

  /** Returns an id that rises, like those of the library. */
  static byte[] id(long number) {
    return ByteBuffer.allocate(17)
        .putLong(number)
        .putLong(ThreadLocalRandom.current().nextLong())
        .array();
  }

  static byte[][] ids(int group) {
    return IntStream.range(0, GROUP)
        .mapToObj(i -> id((long) group * GROUP + i))
        .toArray(byte[][]::new);
  }

  Connection connect() throws SQLException {
    Connection connection = pool.getConnection();
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
    return connection;
  }

  private void commit(Connection connection) throws SQLException {
    connection.commit();
    if (kind == DatabaseKind.H2) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  /** Inserts some rows and commits. */
  void insert(Connection connection, byte[][] ids) throws SQLException {
    switch (kind) {
      case POSTGRESQL -> insertArrays(connection, ids);
      case MARIADB -> insertBatch(connection, ids);
      case H2 -> insertPlaces(connection, ids);
    }
    commit(connection);
  }

  private static void insertArrays(Connection connection, byte[][] ids) throws SQLException {
    String sql =
        "INSERT INTO notifier_queue ("
            + COLUMNS
            + ") SELECT id, recipient, "
            + CONSTANTS
            + ", envelope, content FROM unnest(?::bytea[], ?::bigint[], ?::bytea[], ?::bytea[]) u"
            + " (id, recipient, envelope, content)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bytea", ids));
      statement.setArray(2, connection.createArrayOf("int8", recipients(ids.length)));
      statement.setArray(3, connection.createArrayOf("bytea", copies(ids.length, ENVELOPE)));
      statement.setArray(4, connection.createArrayOf("bytea", copies(ids.length, CONTENT)));
      statement.executeUpdate();
    }
  }

  private static Long[] recipients(int count) {
    return ThreadLocalRandom.current().longs(count).boxed().toArray(Long[]::new);
  }

  private static byte[][] copies(int rows, int bytes) {
    return Collections.nCopies(rows, new byte[bytes]).toArray(byte[][]::new);
  }

  private static void insertBatch(Connection connection, byte[][] ids) throws SQLException {
    String sql =
        "INSERT INTO notifier_queue (" + COLUMNS + ") VALUES (?, ?, " + CONSTANTS + ", ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] id : ids) {
        statement.setBytes(1, id);
        statement.setLong(2, ThreadLocalRandom.current().nextLong());
        statement.setBytes(3, new byte[ENVELOPE]);
        statement.setBytes(4, new byte[CONTENT]);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Each block of 1024 is in the order of its recipients, as the library has it. */
  private void insertPlaces(Connection connection, byte[][] ids) throws SQLException {
    String sql =
        "INSERT INTO notifier_delivery (place, "
            + COLUMNS
            + ") VALUES (?, ?, ?, "
            + CONSTANTS
            + ", ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] id : ids) {
        long recipient = ThreadLocalRandom.current().nextLong();
        long number = places.getAndIncrement();
        statement.setLong(
            1, ((number >> 10) << 24) | ((recipient & 0x3FFF) << 10) | (number & 0x3FF));
        statement.setBytes(2, id);
        statement.setLong(3, recipient);
        statement.setBytes(4, new byte[ENVELOPE]);
        statement.setBytes(5, new byte[CONTENT]);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Moves some rows to the history and commits. */
  void finish(Connection connection, byte[][] ids) throws SQLException {
    switch (kind) {
      case POSTGRESQL -> move(connection, ids);
      case MARIADB -> {
        execute(connection, HISTORY + "notifier_queue WHERE owner = 1 AND id IN ", ids);
        execute(connection, "DELETE FROM notifier_queue WHERE owner = 1 AND id IN ", ids);
      }
      case H2 -> executeBatch(connection, SETTLED, ids); // much faster than a list of ids there
    }
    commit(connection);
  }

  private static final String SETTLED =
      "UPDATE notifier_delivery SET owner = NULL, settled_at = 1, lane = 'email', step = 0,"
          + " attempts = 1, made = 1, status = 3, reason = '', started_at = 1, latency = 1,"
          + " provider_id = NULL WHERE id = ? AND owner = 1 AND fence = 1";

  private static final String HISTORY =
      "INSERT INTO notifier_history (id, settled_at, accepted_at, priority, lane, step, attempts,"
          + " made, status, reason, started_at, latency, provider_id, recipient, correlation,"
          + " envelope, content) SELECT id, 1, accepted_at, priority, lane, step, 1, 1, 3, '', 1, 1,"
          + " NULL, recipient, correlation, envelope, content FROM ";

  private static void move(Connection connection, byte[][] ids) throws SQLException {
    String sql =
        "WITH d AS (DELETE FROM notifier_queue WHERE id = ANY (?) AND owner = 1 RETURNING *) "
            + HISTORY
            + "d";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bytea", ids));
      statement.executeUpdate();
    }
  }

  private static void executeBatch(Connection connection, String sql, byte[][] ids)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] id : ids) {
        statement.setBytes(1, id);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void execute(Connection connection, String sql, byte[][] ids) throws SQLException {
    String marks = "(?" + ", ?".repeat(ids.length - 1) + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql + marks)) {
      for (int i = 0; i < ids.length; i++) {
        statement.setBytes(i + 1, ids[i]);
      }
      statement.executeUpdate();
    }
  }

  /** One row, one commit. */
  void insertOne(Connection connection, long number) throws SQLException {
    insert(connection, new byte[][] {id(number)});
  }

  // --- Work -------------------------------------------------------------------------------------

  void insertGroups(int count, BlockingQueue<byte[][]> inserted) {
    try (Connection connection = connect()) {
      for (int group = 0; group < count / GROUP; group++) {
        byte[][] ids = ids(group);
        insert(connection, ids);
        inserted.add(ids);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void finishGroups(int count, BlockingQueue<byte[][]> inserted) {
    try (Connection connection = connect()) {
      for (int group = 0; group < count / GROUP; group++) {
        finish(connection, inserted.take());
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Inserts all, and moves all to the history while it inserts. */
  void pipeline(int count) throws InterruptedException {
    BlockingQueue<byte[][]> inserted = new LinkedBlockingQueue<>();
    Thread finisher = new Thread(() -> finishGroups(count, inserted));
    finisher.start();
    insertGroups(count, inserted);
    finisher.join();
  }

  @Override
  public void close() {
    pool.close();
  }
}
