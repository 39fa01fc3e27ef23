package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import dev.notifier.StoreException;
import dev.notifier.SuppressionTarget;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every row under the current key: what is under an older one, and what was written before
 * encryption was turned on, whose hashes become keyed ones too.
 *
 * <p>It walks the tables by primary key in small steps, each row in a transaction of its own that
 * changes it only if it is still what was read. A row that moves from the queue to the history
 * meanwhile is met again there. Rows that another node still writes under an older key are met by
 * the next run: when a run has rewritten nothing, older keys can be dropped.
 */
final class ReEncryption {
  private static final Logger log = LoggerFactory.getLogger(ReEncryption.class);
  private static final int STEP = 500;
  private static final byte[] START = {};

  private final ConnectionSource source;
  private final ReEncryptionSql sql;
  private final Payloads payloads;
  private final LookupHash unkeyed = LookupHash.plain();

  /** Creates it for payloads that have a cipher; without one there is nothing to do. */
  ReEncryption(ConnectionSource source, TablePrefix prefix, Payloads payloads) {
    this.source = source;
    this.sql = new ReEncryptionSql(prefix, source.kind());
    this.payloads = payloads;
  }

  /**
   * What a run came to.
   *
   * @param rewritten rows that are under the current key now
   * @param unreadable rows that could not be decrypted, and stay as they are
   */
  record Outcome(long rewritten, long unreadable) {
    Outcome plus(Outcome other) {
      return new Outcome(rewritten + other.rewritten, unreadable + other.unreadable);
    }
  }

  /**
   * Walks all tables once.
   *
   * @param stopping asked before each row, so that a shutdown need not wait
   * @throws StoreException if the database does not answer; what was rewritten stays so
   */
  Outcome run(BooleanSupplier stopping) {
    Outcome outcome = permissions(stopping);
    // The order matters: rows move from the queue to the history, never back.
    outcome = outcome.plus(walk(new Deliveries(sql.queue()), stopping));
    outcome = outcome.plus(walk(new Bodies(), stopping));
    outcome = outcome.plus(walk(new Deliveries(sql.history()), stopping));
    return outcome.plus(walk(new Schedules(), stopping));
  }

  /**
   * Walks suppressions and preferences only. Until it has been done after encryption was turned on,
   * a look-up by keyed hash does not find the older ones.
   */
  Outcome permissions(BooleanSupplier stopping) {
    return walk(new Suppressions(), stopping).plus(walk(new Preferences(), stopping));
  }

  /** A table whose rows can be rewritten one by one. */
  private interface Table {
    /** The statement that selects key and first bytes of each payload, after a key. */
    String steps();

    /** Says after which key the next step begins. */
    default void bind(PreparedStatement steps, byte[] after) throws SQLException {
      steps.setBytes(1, after);
    }

    /** Rewrites one row if it is still what is read now; returns whether it did. */
    boolean rewrite(Connection connection, byte[] key) throws SQLException;
  }

  private Outcome walk(Table table, BooleanSupplier stopping) {
    try (OpenConnection own = source.open()) {
      Connection connection = own.jdbc();
      Outcome outcome = new Outcome(0, 0);
      byte[] after = START;
      while (after != null && !stopping.getAsBoolean()) {
        Step step = step(connection, table, after);
        for (byte[] key : step.stale()) {
          if (stopping.getAsBoolean()) {
            return outcome;
          }
          outcome = outcome.plus(rewrite(connection, table, key));
        }
        after = step.last();
      }
      return outcome;
    } catch (SQLException e) {
      throw new StoreException(
          "re-encryption stopped: the database answered " + e.getSQLState() + "; run it again", e);
    }
  }

  private Outcome rewrite(Connection connection, Table table, byte[] key) throws SQLException {
    try {
      return new Outcome(table.rewrite(connection, key) ? 1 : 0, 0);
    } catch (StoreException e) {
      log.warn("a row stays as it is, since it cannot be read: {}", e.getMessage());
      return new Outcome(0, 1);
    }
  }

  /** The keys of a step that are to be rewritten, and the last one; null at the end. */
  private static final class Step {
    private final List<byte[]> stale = new ArrayList<>();
    private byte @Nullable [] last;

    List<byte[]> stale() {
      return stale;
    }

    byte @Nullable [] last() {
      return last;
    }
  }

  private Step step(Connection connection, Table table, byte[] after) throws SQLException {
    Step step = new Step();
    int count = 0;
    try (PreparedStatement statement = connection.prepareStatement(table.steps())) {
      table.bind(statement, after);
      statement.setInt(2, STEP);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          count++;
          step.last = rows.getBytes(1);
          if (isStale(rows.getBytes(2)) || isStale(rows.getBytes(3))) {
            step.stale.add(step.last);
          }
        }
      }
    }
    if (count < STEP) {
      step.last = null;
    }
    return step;
  }

  private boolean isStale(byte @Nullable [] start) {
    return start != null && !payloads.isCurrent(start);
  }

  // --- Queue and history ------------------------------------------------------------------------

  private final class Deliveries implements Table {
    private final ReEncryptionSql.Deliveries statements;

    Deliveries(ReEncryptionSql.Deliveries statements) {
      this.statements = statements;
    }

    @Override
    public String steps() {
      return statements.steps();
    }

    @Override
    public boolean rewrite(Connection connection, byte[] key) throws SQLException {
      byte[] envelope;
      byte[] content;
      try (PreparedStatement select = connection.prepareStatement(statements.select())) {
        select.setBytes(1, key);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false; // it was settled, or purged
          }
          envelope = row.getBytes(1);
          content = row.getBytes(2);
        }
      }
      return rewrite(connection, key, envelope, content);
    }

    private boolean rewrite(
        Connection connection, byte[] key, byte[] envelope, byte @Nullable [] content)
        throws SQLException {
      byte[] plain = payloads.reveal(envelope, key);
      Notification notification = NotificationCodec.decode(plain, null);
      try (PreparedStatement update =
          connection.prepareStatement(statements.update(content != null))) {
        update.setBytes(1, payloads.protect(plain, key));
        update.setBytes(
            2, content == null ? null : payloads.protect(payloads.reveal(content, key), key));
        update.setLong(3, payloads.hash().recipient(notification.recipient().key()));
        if (notification.correlationId().isPresent()) {
          update.setLong(4, payloads.hash().correlation(notification.correlationId().get()));
        } else {
          update.setNull(4, Types.BIGINT);
        }
        update.setBytes(5, key);
        update.setBytes(6, envelope);
        if (content != null) {
          update.setBytes(7, content);
        }
        if (update.executeUpdate() == 0) {
          return false;
        }
      }
      if (!PayloadCipher.isSealed(envelope)) {
        rekeyIdempotency(connection, DeliveryKey.delivery(key), notification);
        rekeyTags(connection, key, notification);
        rekeyCorrelation(connection, key, notification);
      }
      return true;
    }
  }

  /** Lets a delivery from before encryption be found by its correlation id again. */
  private void rekeyCorrelation(Connection connection, byte[] key, Notification notification)
      throws SQLException {
    Optional<String> rekey = sql.rekeyLookup();
    if (rekey.isPresent() && notification.correlationId().isPresent()) {
      String correlation = notification.correlationId().get();
      try (PreparedStatement update = connection.prepareStatement(rekey.get())) {
        update.setLong(1, payloads.hash().correlation(correlation));
        update.setLong(2, unkeyed.correlation(correlation));
        update.setBytes(3, key);
        update.executeUpdate();
      }
    }
  }

  /** Lets a delivery from before encryption be found by its tags again. */
  private void rekeyTags(Connection connection, byte[] key, Notification notification)
      throws SQLException {
    for (String tag : notification.tags()) {
      try (PreparedStatement update = connection.prepareStatement(sql.rekeyTag())) {
        update.setLong(1, payloads.hash().tag(tag));
        update.setLong(2, unkeyed.tag(tag));
        update.setBytes(3, key);
        update.executeUpdate();
      }
    }
  }

  /** Lets the idempotency key of a notification from before encryption be found again. */
  private void rekeyIdempotency(Connection connection, DeliveryId id, Notification notification)
      throws SQLException {
    if (notification.idempotencyKey().isEmpty()) {
      return;
    }
    String recipient = notification.recipient().key();
    String key = notification.idempotencyKey().get();
    try (PreparedStatement update = connection.prepareStatement(sql.rekeyDedup())) {
      update.setBytes(1, payloads.hash().idempotencyKey(recipient, key));
      update.setBytes(2, unkeyed.idempotencyKey(recipient, key));
      update.setBytes(3, DeliveryKey.of(id.notification()));
      update.executeUpdate();
    } catch (SQLException e) {
      if (!isDuplicate(e)) {
        throw e;
      }
      log.debug("an idempotency key was used again before its first use was re-keyed");
    }
  }

  // --- Bodies -----------------------------------------------------------------------------------

  private final class Bodies implements Table {
    @Override
    public String steps() {
      return sql.bodySteps();
    }

    @Override
    public boolean rewrite(Connection connection, byte[] key) throws SQLException {
      byte[] content;
      try (PreparedStatement select = connection.prepareStatement(sql.bodySelect())) {
        select.setBytes(1, key);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false;
          }
          content = row.getBytes(1);
        }
      }
      // A body is written once: it may be gone by now, but it cannot have become another.
      try (PreparedStatement update = connection.prepareStatement(sql.bodyUpdate())) {
        update.setBytes(1, payloads.protect(payloads.reveal(content, key), key));
        update.setBytes(2, key);
        return update.executeUpdate() > 0;
      }
    }
  }

  // --- Suppressions -----------------------------------------------------------------------------

  private final class Suppressions implements Table {
    @Override
    public String steps() {
      return sql.suppressionSteps();
    }

    @Override
    public boolean rewrite(Connection connection, byte[] key) throws SQLException {
      byte[] stored;
      try (PreparedStatement select = connection.prepareStatement(sql.suppressionSelect())) {
        select.setBytes(1, key);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false;
          }
          stored = row.getBytes(1);
        }
      }
      SuppressionTarget target = payloads.target(stored, key);
      byte[] newKey = payloads.hash().target(target);
      try (PreparedStatement update = connection.prepareStatement(sql.suppressionUpdate())) {
        update.setBytes(1, newKey);
        update.setBytes(2, payloads.protect(target, newKey));
        update.setBytes(3, key);
        update.setBytes(4, stored);
        return update.executeUpdate() > 0;
      } catch (SQLException e) {
        if (!isDuplicate(e)) {
          throw e;
        }
        return drop(connection, sql.suppressionDelete(), key); // that under the new key is newer
      }
    }
  }

  private static boolean drop(Connection connection, String sql, byte[] key) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setBytes(1, key);
      return delete.executeUpdate() > 0;
    }
  }

  // --- Preferences ------------------------------------------------------------------------------

  private final class Preferences implements Table {
    @Override
    public String steps() {
      return sql.preferenceSteps();
    }

    @Override
    public boolean rewrite(Connection connection, byte[] key) throws SQLException {
      byte[] stored;
      String category;
      String lane;
      try (PreparedStatement select = connection.prepareStatement(sql.preferenceSelect())) {
        select.setBytes(1, key);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false;
          }
          stored = row.getBytes(1);
          category = row.getString(2);
          lane = row.getString(3);
        }
      }
      Recipient recipient = payloads.recipient(stored, key);
      byte[] newKey = payloads.hash().preference(recipient.key(), category, lane);
      try (PreparedStatement update = connection.prepareStatement(sql.preferenceUpdate())) {
        update.setBytes(1, newKey);
        update.setLong(2, payloads.hash().recipient(recipient.key()));
        update.setBytes(3, payloads.protect(recipient, newKey));
        update.setBytes(4, key);
        update.setBytes(5, stored);
        return update.executeUpdate() > 0;
      } catch (SQLException e) {
        if (!isDuplicate(e)) {
          throw e;
        }
        return drop(connection, sql.preferenceDelete(), key); // that under the new key is newer
      }
    }
  }

  // --- Schedules --------------------------------------------------------------------------------

  /** Their keys are names, in ASCII. */
  private final class Schedules implements Table {
    @Override
    public String steps() {
      return sql.scheduleSteps();
    }

    @Override
    public void bind(PreparedStatement steps, byte[] after) throws SQLException {
      steps.setString(1, nameOf(after));
    }

    @Override
    public boolean rewrite(Connection connection, byte[] key) throws SQLException {
      String name = nameOf(key);
      byte[] definition;
      long version;
      try (PreparedStatement select = connection.prepareStatement(sql.scheduleSelect())) {
        select.setString(1, name);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            return false;
          }
          definition = row.getBytes(1);
          version = row.getLong(2);
        }
      }
      byte[] bound = JdbcScheduleStore.key(name);
      // The version stays: to nodes that are about to make a run this is no change.
      try (PreparedStatement update = connection.prepareStatement(sql.scheduleUpdate())) {
        update.setBytes(1, payloads.protect(payloads.reveal(definition, bound), bound));
        update.setString(2, name);
        update.setLong(3, version);
        return update.executeUpdate() > 0;
      }
    }

    private static String nameOf(byte[] key) {
      return new String(key, StandardCharsets.US_ASCII);
    }
  }

  private static boolean isDuplicate(SQLException e) {
    return e instanceof SQLIntegrityConstraintViolationException
        || (e.getSQLState() != null && e.getSQLState().startsWith("23"));
  }
}
