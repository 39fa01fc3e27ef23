package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationReport;
import dev.notifier.Suppression;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.DeliveryUpdate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves what was sent to DELIVERED or BOUNCED, as providers report. An update that comes too early
 * waits in a table and is tried every second. Thread-safe.
 */
final class Updates {
  private static final Duration EARLY_UPDATE_LIFE = Duration.ofHours(1);
  private static final int MAX_AT_ONCE = 500;

  private final ConnectionSource source;
  private final Dialect dialect;
  private final LookupHash hash;
  private final HistoryReader reader;
  private final SuppressionList suppressions;
  private final DatabaseClock clock;
  private byte[] tried = new byte[32]; // the key of the last early one. Guarded by this.

  Updates(
      ConnectionSource source,
      Dialect dialect,
      LookupHash hash,
      HistoryReader reader,
      SuppressionList suppressions,
      DatabaseClock clock) {
    this.source = source;
    this.dialect = dialect;
    this.hash = hash;
    this.reader = reader;
    this.suppressions = suppressions;
    this.clock = clock;
  }

  /** What an update came to: applied, in vain, or not yet. */
  private record Outcome(boolean isEarly, Optional<AppliedUpdate> applied) {
    static final Outcome EARLY = new Outcome(true, Optional.empty());
    static final Outcome IN_VAIN = new Outcome(false, Optional.empty());
  }

  /** Applies an update, or keeps it for when its message turns up. */
  Optional<AppliedUpdate> apply(ChannelId channel, DeliveryUpdate update) throws SQLException {
    try (OpenConnection open = source.open()) {
      Outcome outcome = tryToApply(open.jdbc(), channel, update);
      if (outcome.isEarly()) {
        keep(open.jdbc(), channel, update);
        outcome = tryToApply(open.jdbc(), channel, update); // it may have been sent meanwhile
      }
      return outcome.applied();
    }
  }

  private Outcome tryToApply(Connection connection, ChannelId channel, DeliveryUpdate update)
      throws SQLException {
    Sent sent = find(connection, channel, update);
    if (sent == null) {
      return Outcome.EARLY;
    }
    if (update.suppressesRecipient()) { // a complaint comes after the mail was delivered
      suppress(sent.id(), channel, update);
    }
    boolean may = sent.lane().equals(channel.value()) && sent.status().canBecome(update.status());
    boolean moved = may && move(connection, sent, update);
    if (may && !moved) { // H2 misses a row that re-encryption moves meanwhile
      moved = move(connection, sent, update);
    }
    if (!moved) {
      return Outcome.IN_VAIN;
    }
    dialect.afterCommit(connection);
    return new Outcome(false, reader.find(sent.id().notification()).flatMap(sent::appliedTo));
  }

  private record Sent(DeliveryId id, String lane, DeliveryStatus status) {
    /** Returns nothing if the delivery was purged meanwhile. */
    Optional<AppliedUpdate> appliedTo(NotificationReport report) {
      return report.delivery(id).map(delivery -> new AppliedUpdate(report, delivery));
    }
  }

  private @Nullable Sent find(Connection connection, ChannelId channel, DeliveryUpdate update)
      throws SQLException {
    Optional<DeliveryId> id =
        update
            .delivery()
            .or(() -> reader.byProviderId(channel, update.providerMessageId().orElseThrow()));
    if (id.isEmpty()) {
      return null;
    }
    String sql =
        "SELECT id, lane, status FROM "
            + dialect.tables.history()
            + " WHERE "
            + dialect.tables.settled()
            + "id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, DeliveryKey.of(id.get()));
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? new Sent(
                DeliveryKey.delivery(result.getBytes(1)),
                result.getString(2),
                Codes.status(result.getShort(3)))
            : null;
      }
    }
  }

  private void suppress(DeliveryId id, ChannelId channel, DeliveryUpdate update)
      throws SQLException {
    Optional<Address> address =
        reader
            .find(id.notification())
            .flatMap(report -> report.notification().recipient().address(channel));
    if (address.isPresent()) {
      suppressions.addAll(
          List.of(
              new Suppression(
                  SuppressionTarget.of(address.get()),
                  update.reason(),
                  Suppression.Source.CALLBACK,
                  clock.instant())));
    }
  }

  private boolean move(Connection connection, Sent sent, DeliveryUpdate update)
      throws SQLException {
    dialect.willBe(connection, DeliveryKey.of(sent.id()), update.status());
    String sql =
        "UPDATE "
            + dialect.tables.history()
            + " SET status = ?, reason = ? WHERE id = ? AND status = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setShort(1, Codes.of(update.status()));
      statement.setString(2, ColumnText.reason(update.reason()));
      statement.setBytes(3, DeliveryKey.of(sent.id()));
      statement.setShort(4, Codes.of(sent.status()));
      return statement.executeUpdate() == 1;
    }
  }

  // --- What comes too early ---------------------------------------------------------------------

  private void keep(Connection connection, ChannelId channel, DeliveryUpdate update)
      throws SQLException {
    String sql =
        "INSERT INTO "
            + dialect.tables.earlyUpdate()
            + " (key_hash, lane, delivery, provider_id, status, reason, suppresses, expires_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, keyOf(channel, update));
      statement.setString(2, channel.value());
      statement.setBytes(3, update.delivery().map(DeliveryKey::of).orElse(null));
      statement.setString(4, update.providerMessageId().map(ColumnText::providerId).orElse(null));
      statement.setShort(5, Codes.of(update.status()));
      statement.setString(6, ColumnText.reason(update.reason()));
      statement.setInt(7, update.suppressesRecipient() ? 1 : 0);
      statement.setLong(8, clock.millis() + EARLY_UPDATE_LIFE.toMillis());
      statement.executeUpdate();
      dialect.afterCommit(connection);
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("23")) { // the first one counts
        throw e;
      }
    }
  }

  private byte[] keyOf(ChannelId channel, DeliveryUpdate update) {
    return hash.providerMessage(
        channel.value(),
        update
            .delivery()
            .map(id -> "ours " + id)
            .orElseGet(() -> "theirs " + update.providerMessageId().orElseThrow()));
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Early(byte[] key, ChannelId channel, DeliveryUpdate update, boolean isExpired) {}

  /**
   * Tries some of the updates that came too early, from where the last call ended, so that each has
   * its turn; returns those that were applied now.
   */
  synchronized List<AppliedUpdate> applyEarlyOnes() throws SQLException {
    List<AppliedUpdate> applied = new ArrayList<>();
    try (OpenConnection open = source.open()) {
      for (Early early : earlyOnes(open.jdbc())) {
        Outcome outcome = tryToApply(open.jdbc(), early.channel(), early.update());
        outcome.applied().ifPresent(applied::add);
        if (!outcome.isEarly() || early.isExpired()) {
          forget(open.jdbc(), early.key());
        }
      }
    }
    return applied;
  }

  /** Those after the last one that was tried and then, at the end, the first ones again. */
  private List<Early> earlyOnes(Connection connection) throws SQLException {
    List<Early> found = new ArrayList<>();
    read(connection, "key_hash > ?", found);
    if (found.size() < MAX_AT_ONCE) {
      read(connection, "key_hash <= ?", found);
    }
    if (!found.isEmpty()) {
      tried = found.get(found.size() - 1).key();
    }
    return found;
  }

  private void read(Connection connection, String condition, List<Early> found)
      throws SQLException {
    String sql =
        "SELECT key_hash, lane, delivery, provider_id, status, reason, suppresses, expires_at FROM "
            + dialect.tables.earlyUpdate()
            + " WHERE "
            + condition
            + " ORDER BY key_hash LIMIT "
            + (MAX_AT_ONCE - found.size());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, tried);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(
              new Early(
                  row.getBytes(1),
                  ChannelId.of(row.getString(2)),
                  updateIn(row),
                  row.getLong(8) <= clock.millis()));
        }
      }
    }
  }

  private static DeliveryUpdate updateIn(ResultSet row) throws SQLException {
    byte[] delivery = row.getBytes(3);
    DeliveryStatus status = Codes.status(row.getShort(5));
    DeliveryUpdate update =
        delivery != null
            ? DeliveryUpdate.of(DeliveryKey.delivery(delivery), status, row.getString(6))
            : DeliveryUpdate.of(row.getString(4), status, row.getString(6));
    return row.getInt(7) == 1 ? update.suppressingRecipient() : update;
  }

  private void forget(Connection connection, byte[] key) throws SQLException {
    String sql = "DELETE FROM " + dialect.tables.earlyUpdate() + " WHERE key_hash = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.executeUpdate();
    }
  }
}
