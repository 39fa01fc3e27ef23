package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes an attempt into the columns of the attempt table, and reads it back. Times have
 * milliseconds; a provider's wait is rounded up, since it is the least.
 */
final class AttemptCodec {
  /** The columns that {@link #bind} fills and {@link #read} expects, in this order. */
  static final String COLUMNS =
      "lane, lane_number, started_at, latency, result, reason, provider_id, retry_after, next_due";

  /** How many columns that are. */
  static final int COLUMN_COUNT = 9;

  // The kinds of results, as the database knows them: never to be changed.
  private static final short ACCEPTED = 1;
  private static final short TRANSIENT = 2;
  private static final short PERMANENT = 3;
  private static final short SUPPRESS_RECIPIENT = 4;
  private static final short CONFIGURATION_FAULT = 5;
  private static final short AMBIGUOUS = 6;
  private static final short DEFERRED_RECIPIENT_LIMIT = 7;
  private static final short DEFERRED_CHANNEL_LIMIT = 8;
  private static final short DEFERRED_UNAVAILABLE = 9;

  private AttemptCodec() {}

  // --- Writing ----------------------------------------------------------------------------------

  /**
   * Sets the columns.
   *
   * @param first the index of the first one
   */
  static void bind(PreparedStatement statement, int first, AttemptReport attempt)
      throws SQLException {
    DeliveryResult result = attempt.result();
    int next = first;
    statement.setString(next++, attempt.channel().value());
    statement.setInt(next++, attempt.number());
    statement.setLong(next++, attempt.startedAt().toEpochMilli());
    statement.setInt(next++, latency(attempt));
    statement.setShort(next++, kind(result));
    statement.setString(next++, ColumnText.reason(result.reason()));
    setText(statement, next++, providerId(result));
    setNumber(statement, next++, retryAfter(result));
    setNumber(statement, next, attempt.nextAttempt().map(Instant::toEpochMilli).orElse(null));
  }

  private static void setText(PreparedStatement statement, int index, @Nullable String text)
      throws SQLException {
    if (text == null) {
      statement.setNull(index, Types.VARCHAR);
    } else {
      statement.setString(index, text);
    }
  }

  private static void setNumber(PreparedStatement statement, int index, @Nullable Long number)
      throws SQLException {
    if (number == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, number);
    }
  }

  /** Returns how long the attempt took, in milliseconds; no attempt takes longer than 24 days. */
  static int latency(AttemptReport attempt) {
    Duration latency = attempt.latency();
    boolean huge = latency.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0;
    return huge ? Integer.MAX_VALUE : (int) Math.max(0, latency.toMillis());
  }

  /** Returns the provider's message id as its column holds it. */
  static @Nullable String providerId(DeliveryResult result) {
    return result instanceof Accepted accepted
        ? accepted.providerMessageId().map(ColumnText::providerId).orElse(null)
        : null;
  }

  static short kind(DeliveryResult result) {
    if (result instanceof Accepted) {
      return ACCEPTED;
    }
    if (result instanceof Transient) {
      return TRANSIENT;
    }
    if (result instanceof Permanent permanent) {
      return permanent.suppressRecipient()
          ? SUPPRESS_RECIPIENT
          : permanent.configurationFault() ? CONFIGURATION_FAULT : PERMANENT;
    }
    if (result instanceof Ambiguous) {
      return AMBIGUOUS;
    }
    if (result instanceof Deferred deferred) {
      return switch (deferred.obstacle()) {
        case RECIPIENT_LIMIT -> DEFERRED_RECIPIENT_LIMIT;
        case CHANNEL_LIMIT -> DEFERRED_CHANNEL_LIMIT;
        case UNAVAILABLE -> DEFERRED_UNAVAILABLE;
      };
    }
    throw new AssertionError(result);
  }

  /** Returns the wait of a transient failure, or until when a deferral lasts. */
  static @Nullable Long retryAfter(DeliveryResult result) {
    if (result instanceof Transient failure) {
      return failure.retryAfter().map(AttemptCodec::millisUp).orElse(null);
    }
    return result instanceof Deferred deferred ? millisUp(deferred.until()) : null;
  }

  private static long millisUp(Duration wait) {
    if (wait.compareTo(Duration.ofDays(365_000)) > 0) {
      return Duration.ofDays(365_000).toMillis();
    }
    return wait.plusNanos(999_999).toMillis();
  }

  private static long millisUp(Instant time) {
    return time.plusNanos(999_999).toEpochMilli();
  }

  // --- Reading ----------------------------------------------------------------------------------

  /**
   * Reads the columns.
   *
   * @param first the index of the first one
   */
  static AttemptReport read(ResultSet row, int first) throws SQLException {
    return new AttemptReport(
        ChannelId.of(row.getString(first)),
        row.getInt(first + 1),
        Instant.ofEpochMilli(row.getLong(first + 2)),
        Duration.ofMillis(row.getInt(first + 3)),
        result(
            row.getShort(first + 4),
            row.getString(first + 5),
            row.getString(first + 6),
            number(row, first + 7)),
        Optional.ofNullable(number(row, first + 8)).map(Instant::ofEpochMilli));
  }

  private static @Nullable Long number(ResultSet row, int index) throws SQLException {
    long number = row.getLong(index);
    return row.wasNull() ? null : number;
  }

  static DeliveryResult result(
      short kind, String reason, @Nullable String providerId, @Nullable Long retryAfter) {
    return switch (kind) {
      case ACCEPTED -> new Accepted(Optional.ofNullable(providerId), reason);
      case TRANSIENT ->
          new Transient(reason, Optional.ofNullable(retryAfter).map(Duration::ofMillis));
      case PERMANENT -> new Permanent(reason, false, false);
      case SUPPRESS_RECIPIENT -> new Permanent(reason, true, false);
      case CONFIGURATION_FAULT -> new Permanent(reason, false, true);
      case AMBIGUOUS -> new Ambiguous(reason);
      case DEFERRED_RECIPIENT_LIMIT -> deferred(retryAfter, Obstacle.RECIPIENT_LIMIT, reason);
      case DEFERRED_CHANNEL_LIMIT -> deferred(retryAfter, Obstacle.CHANNEL_LIMIT, reason);
      case DEFERRED_UNAVAILABLE -> deferred(retryAfter, Obstacle.UNAVAILABLE, reason);
      default -> throw Codes.unknown("attempt result", kind);
    };
  }

  private static DeliveryResult deferred(@Nullable Long until, Obstacle obstacle, String reason) {
    return new Deferred(Instant.ofEpochMilli(until == null ? 0 : until), obstacle, reason);
  }
}
