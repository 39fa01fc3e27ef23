package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of queue or history, as {@link HistorySql} selects it. */
final class StoredDelivery {
  private final byte[] key;
  private final boolean settled;
  private final ChannelId lane;
  private final Instant acceptedAt;
  private final DeliveryStatus status;
  private final String reason;
  private final Instant due;
  private final @Nullable Instant startedAt;
  private final Duration latency;
  private final @Nullable String providerId;
  private final byte[] envelope;
  private final byte @Nullable [] content;

  StoredDelivery(ResultSet row) throws SQLException {
    key = row.getBytes(1);
    settled = row.getInt(2) == 1;
    lane = ChannelId.of(row.getString(3));
    acceptedAt = Instant.ofEpochMilli(row.getLong(4));
    status = Codes.status(row.getInt(5));
    reason = row.getString(6);
    due = Instant.ofEpochMilli(row.getLong(7));
    long started = row.getLong(8);
    startedAt = row.wasNull() ? null : Instant.ofEpochMilli(started);
    latency = Duration.ofMillis(row.getLong(9));
    providerId = row.getString(10);
    envelope = row.getBytes(11);
    content = row.getBytes(12);
  }

  byte[] key() {
    return key;
  }

  DeliveryId id() {
    return DeliveryKey.delivery(key);
  }

  boolean settled() {
    return settled;
  }

  Instant acceptedAt() {
    return acceptedAt;
  }

  byte[] envelope() {
    return envelope;
  }

  byte @Nullable [] content() {
    return content;
  }

  /**
   * Returns what is known of the delivery.
   *
   * @param attempts its rows of the attempt table
   * @param held what this node knows of it, if it has it in hand
   */
  DeliveryReport report(List<AttemptReport> attempts, Optional<HistoryReader.Held> held) {
    List<AttemptReport> all = attempts.isEmpty() ? onlyAttempt() : attempts;
    if (settled) {
      return new DeliveryReport(id(), lane, status, reason, Optional.empty(), all);
    }
    DeliveryStatus now = held.map(HistoryReader.Held::status).orElse(status);
    String last = all.isEmpty() ? "" : all.get(all.size() - 1).result().reason();
    String why = held.map(HistoryReader.Held::reason).orElse(last);
    boolean waits = now != DeliveryStatus.SENDING;
    return new DeliveryReport(
        id(), lane, now, why, waits ? Optional.of(due) : Optional.empty(), all);
  }

  /** A delivery that was sent at the first attempt has no row for it. */
  private List<AttemptReport> onlyAttempt() {
    if (startedAt == null) {
      return List.of();
    }
    DeliveryResult accepted = new DeliveryResult.Accepted(Optional.ofNullable(providerId));
    return List.of(new AttemptReport(lane, 1, startedAt, latency, accepted, Optional.empty()));
  }
}
