package dev.notifier.store.jdbc;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's lease on what it holds: one row, renewed on the database's clock.
 *
 * <p>Here, the lease is trusted until some time before it ends there, by a clock that neither jumps
 * nor stops: from then on nothing is sent, because another node may soon hold what this one did. If
 * the lease turns out to be gone, the node goes on as a new incarnation that holds nothing.
 */
final class Lease {
  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  private static final int SWEPT_AT_ONCE = 1000;
  static final int LIVE = 1;
  private static final int STOPPED = 2;
  private static final int DEAD = 3;

  private final HeldConnection held;
  private final Dialect dialect;
  private final DatabaseClock clock;
  private final LongSupplier nanos;
  private final String name;
  private final Duration time;
  private final LongConsumer onLost;
  private final SecureRandom random = new SecureRandom();

  private volatile long node;
  private volatile boolean ended;
  private volatile long trustedUntil;

  /**
   * Creates a lease that is not held yet.
   *
   * @param nanos a clock that only goes forward
   * @param onLost told the incarnation that has ended, before there is a new one
   */
  Lease(
      HeldConnection held,
      Dialect dialect,
      DatabaseClock clock,
      LongSupplier nanos,
      String name,
      Duration time,
      LongConsumer onLost) {
    this.held = held;
    this.dialect = dialect;
    this.clock = clock;
    this.nanos = nanos;
    this.name = name;
    this.time = time;
    this.onLost = onLost;
  }

  /** Returns the current incarnation of this node. */
  long node() {
    return node;
  }

  /**
   * Tells whether an incarnation is the current one. If not, what is found to be held by it after
   * this must be dropped, since nobody else does.
   */
  boolean holds(long incarnation) {
    return !ended && incarnation == node; // in this order: ended is reset after node is set
  }

  /** Tells whether this node may act on what it holds. */
  boolean isTrusted() {
    return nanos.getAsLong() - trustedUntil < 0;
  }

  /** Tells whether something held by this incarnation may be acted on. */
  boolean isTrusted(long incarnation) {
    return incarnation == node && isTrusted();
  }

  /** A fifth of the lease is kept back, for what is under way when the trust ends. */
  private long trustFrom(long before) {
    return before + time.toNanos() / 5 * 4;
  }

  /** Takes a lease as a new incarnation. */
  void acquire() throws SQLException {
    long incarnation = random.nextLong(1, Long.MAX_VALUE); // never one that was used
    long before = nanos.getAsLong();
    String sql =
        "INSERT INTO "
            + dialect.tables.node()
            + " (id, name, state, lease_until, started_at) SELECT ?, ?, ?, n.now + ?, n.now FROM"
            + " (SELECT "
            + dialect.nowMillis()
            + " AS now) n";
    held.inTransaction(
        connection -> {
          compareClocks(connection);
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, incarnation);
            statement.setString(2, name);
            statement.setInt(3, LIVE);
            statement.setLong(4, time.toMillis());
            return statement.executeUpdate();
          }
        });
    node = incarnation;
    ended = false;
    trustedUntil = trustFrom(before);
    log.info("node {} holds the lease {}", name, Long.toHexString(incarnation));
  }

  /** Renews the lease, or begins a new incarnation if it is gone. */
  void renew() throws SQLException {
    long before = nanos.getAsLong();
    int renewed =
        held.inTransaction(
            connection -> {
              compareClocks(connection);
              return setState(connection, node, LIVE, time.toMillis());
            });
    if (renewed == 1) {
      trustedUntil = trustFrom(before);
      return;
    }
    log.warn(
        "node {} was too long without touch with the database and has lost the lease {}: others"
            + " deliver what it held",
        name,
        Long.toHexString(node));
    trustedUntil = before;
    ended = true;
    onLost.accept(node);
    acquire();
  }

  private void compareClocks(Connection connection) throws SQLException {
    long before = clock.localMillis();
    long database = dialect.now(connection);
    clock.compare(before, database, clock.localMillis());
  }

  private int setState(Connection connection, long id, int state, long leaseMillis)
      throws SQLException {
    String sql =
        "UPDATE "
            + dialect.tables.node()
            + " SET state = ?, lease_until = "
            + dialect.nowMillis()
            + " + ? WHERE id = ? AND state = "
            + LIVE;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, state);
      statement.setLong(2, leaseMillis);
      statement.setLong(3, id);
      return statement.executeUpdate();
    }
  }

  /** Declares nodes dead whose lease has ended. Returns how many there were. */
  int declareDead() throws SQLException {
    String sql =
        "UPDATE "
            + dialect.tables.node()
            + " SET state = "
            + DEAD
            + " WHERE state = "
            + LIVE
            + " AND lease_until < "
            + dialect.nowMillis();
    return held.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }

  /** Returns the incarnations that have ended, as long as the database remembers them. */
  List<Long> ended() throws SQLException {
    String sql = "SELECT id FROM " + dialect.tables.node() + " WHERE state <> " + LIVE;
    return held.inTransaction(
        connection -> {
          List<Long> ids = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet result = statement.executeQuery()) {
            while (result.next()) {
              ids.add(result.getLong(1));
            }
          }
          return ids;
        });
  }

  /**
   * Frees some of what an incarnation that has ended holds still: it may have been writing when it
   * was declared dead. Returns how many deliveries that were; 0 if there are no more.
   */
  int sweep(long incarnation) throws SQLException {
    return held.inTransaction(
        connection -> dialect.freeOwnedBy(connection, incarnation, SWEPT_AT_ONCE));
  }

  /** Forgets incarnations that ended so long ago that none of them can be writing any more. */
  void forgetEnded(Duration age) throws SQLException {
    String sql =
        "DELETE FROM "
            + dialect.tables.node()
            + " WHERE state <> "
            + LIVE
            + " AND lease_until < "
            + dialect.nowMillis()
            + " - ?";
    held.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, age.toMillis());
            return statement.executeUpdate();
          }
        });
  }

  /** Gives the lease back: the last thing that a node does. */
  void release() throws SQLException {
    trustedUntil = nanos.getAsLong();
    held.inTransaction(connection -> setState(connection, node, STOPPED, 0));
  }

  /** Ends the trust at once, as a test or a broken connection may ask for. */
  void distrust() {
    trustedUntil = nanos.getAsLong();
  }
}
