package dev.notifier.store.jdbc;

import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.AnalyticsCounter;
import dev.notifier.spi.SeriesCounter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Counts what became of deliveries. The database does it, and answers in some thousand rows however
 * many deliveries there are. Thread-safe.
 */
final class HistoryCounter {
  private final ConnectionSource source;
  private final AnalyticsSql sql;
  private final DatabaseClock clock;
  private final Duration historyAge;
  private final PurgeMark purgeMark;

  HistoryCounter(
      ConnectionSource source,
      TablePrefix prefix,
      DatabaseClock clock,
      Duration historyAge,
      PurgeMark purgeMark) {
    this.source = source;
    this.sql = new AnalyticsSql(prefix, source.kind());
    this.clock = clock;
    this.historyAge = historyAge;
    this.purgeMark = purgeMark;
  }

  /** Returns the numbers of a window. */
  AnalyticsSummary summarize(AnalyticsWindow window) throws SQLException {
    AnalyticsCounter counter = new AnalyticsCounter(window);
    Instant now = clock.instant();
    Optional<Instant> purged;
    try (OpenConnection open = source.open()) {
      countOutcomes(open.jdbc(), window, now, counter);
      if (window.maxReasons() > 0) {
        countReasons(open.jdbc(), window, counter);
      }
      purged = purgeMark.purgedUntil(open.jdbc());
    }
    Instant forgotten = now.minus(historyAge);
    return counter.summary(purged.filter(forgotten::isBefore).or(() -> Optional.of(forgotten)));
  }

  private void countOutcomes(
      Connection connection, AnalyticsWindow window, Instant now, AnalyticsCounter counter)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql.outcomes(window, now))) {
      while (row.next()) {
        ChannelId channel = ChannelId.of(row.getString(1));
        DeliveryStatus status = Codes.status(row.getInt(2));
        long deliveries = row.getLong(3);
        if (row.getInt(6) == 1) {
          counter.count(channel, status, deliveries);
          counter.backlog(channel, backlog(status, row.getLong(4), row.getLong(5), now));
        } else if (isSent(status)) {
          counter.countSent(channel, status, deliveries, row.getLong(4), row.getLong(5));
        } else {
          counter.count(channel, status, deliveries);
        }
      }
    }
  }

  private static Backlog backlog(DeliveryStatus status, long waiting, long oldest, Instant now) {
    return status == DeliveryStatus.SCHEDULED
        ? new Backlog(waiting, waiting, Duration.ZERO)
        : new Backlog(waiting, 0, Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest)));
  }

  private static boolean isSent(DeliveryStatus status) {
    return status == DeliveryStatus.SENT
        || status == DeliveryStatus.DELIVERED
        || status == DeliveryStatus.BOUNCED;
  }

  private void countReasons(Connection connection, AnalyticsWindow window, AnalyticsCounter counter)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql.reasons(window))) {
      while (row.next()) {
        counter.reason(
            ChannelId.of(row.getString(1)),
            Codes.status(row.getInt(2)),
            row.getString(3),
            row.getLong(4));
      }
    }
  }

  /** Returns the numbers of each step of a window. */
  List<AnalyticsStep> summarize(AnalyticsWindow window, Duration step) throws SQLException {
    SeriesCounter counter = new SeriesCounter(window, step);
    try (OpenConnection open = source.open();
        Statement statement = open.jdbc().createStatement();
        ResultSet row = statement.executeQuery(sql.series(window, step, clock.instant()))) {
      while (row.next()) {
        counter.count(
            row.getLong(1),
            ChannelId.of(row.getString(2)),
            Codes.status(row.getInt(3)),
            row.getLong(4),
            row.getLong(5));
      }
    }
    return counter.series();
  }
}
