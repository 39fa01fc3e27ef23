package dev.notifier.store.jdbc;

import dev.notifier.AnalyticsWindow;
import dev.notifier.DeliveryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * The statements that count. Each scans the history from the window's start on, once, and the queue
 * with it, since a delivery that moves from one to the other must be counted once.
 *
 * <p>Times and names are written into the statements, for a plan that fits the window; the name of
 * a channel has nothing to quote.
 */
final class AnalyticsSql {
  /** Each bucket is longer than the one before by 1 %. */
  private static final int BUCKETS_PER_E = 100;

  /** Longer than clocks of nodes differ: what was accepted by one may be settled by another. */
  private static final Duration MARGIN = Duration.ofHours(1);

  private static final String SENT =
      codes(DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED);
  private static final String NOT_DELIVERED =
      codes(
          DeliveryStatus.FAILED,
          DeliveryStatus.BOUNCED,
          DeliveryStatus.EXPIRED,
          DeliveryStatus.SUPPRESSED);

  private static final String TIME = "GREATEST(settled_at - accepted_at, 0)";

  private final Tables tables;
  private final DatabaseKind kind;

  AnalyticsSql(TablePrefix prefix, DatabaseKind kind) {
    this.tables = Tables.of(prefix, kind);
    this.kind = kind;
  }

  private static String codes(DeliveryStatus... statuses) {
    return Arrays.stream(statuses)
        .map(status -> String.valueOf(Codes.of(status)))
        .collect(Collectors.joining(", ", " IN (", ")"));
  }

  /**
   * What became of deliveries, those alike in one row: lane, status, how many, how long they took
   * in all, and the longest, 0. And what is owed: lane, status, how many of the window, how many in
   * all, since when the oldest of these waits, 1.
   */
  String outcomes(AnalyticsWindow window, Instant now) {
    String status = statusOfOwed(now);
    return "SELECT lane, status, COUNT(*), SUM("
        + TIME
        + "), MAX("
        + TIME
        + "), 0 FROM "
        + settledIn(window)
        + " GROUP BY lane, status, "
        + bucket()
        + " UNION ALL SELECT lane, "
        + status
        + ", SUM("
        + inWindow(window)
        + "), COUNT(*), MIN(step_since), 1 FROM "
        + tables.queue()
        + " WHERE "
        + tables.owed()
        + lane(window)
        + " GROUP BY lane, "
        + status;
  }

  private static String inWindow(AnalyticsWindow window) {
    return "CASE WHEN " + acceptedIn(window) + " THEN 1 ELSE 0 END";
  }

  /** Of equal length but for 1 %: a logarithm, rounded. Of what was not sent there is one. */
  private String bucket() {
    String real = kind == DatabaseKind.MARIADB ? "DOUBLE" : "DOUBLE PRECISION";
    return "CASE WHEN status"
        + SENT
        + " THEN FLOOR(LN(CAST(GREATEST(settled_at - accepted_at, 1) AS "
        + real
        + ")) * "
        + BUCKETS_PER_E
        + ") END";
  }

  /** SCHEDULED until the time has come for the first time, and QUEUED from then on. */
  private static String statusOfOwed(Instant now) {
    return "CASE WHEN step_since > " + now.toEpochMilli() + " THEN 0 ELSE 1 END";
  }

  /** The most frequent reasons of each lane: lane, status, reason, how many. */
  String reasons(AnalyticsWindow window) {
    return "SELECT lane, status, reason, deliveries FROM (SELECT lane, status, reason, COUNT(*) AS"
        + " deliveries, ROW_NUMBER() OVER (PARTITION BY lane ORDER BY COUNT(*) DESC, status,"
        + " reason) AS place FROM "
        + settledIn(window)
        + " AND status"
        + NOT_DELIVERED
        + " GROUP BY lane, status, reason) ranked WHERE place <= "
        + window.maxReasons();
  }

  /** The number of the step, lane, status, how many, how long they took in all. */
  String series(AnalyticsWindow window, Duration step, Instant now) {
    String number =
        "(accepted_at - "
            + window.from().toEpochMilli()
            + (kind == DatabaseKind.MARIADB ? ") DIV " : ") / ")
            + step.toMillis();
    String status = statusOfOwed(now);
    return "SELECT "
        + number
        + ", lane, status, COUNT(*), SUM(CASE WHEN status"
        + SENT
        + " THEN "
        + TIME
        + " ELSE 0 END) FROM "
        + settledIn(window)
        + " GROUP BY "
        + number
        + ", lane, status UNION ALL SELECT "
        + number
        + ", lane, "
        + status
        + ", COUNT(*), 0 FROM "
        + tables.queue()
        + " WHERE "
        + tables.owed()
        + nearKeys(window)
        + acceptedIn(window)
        + " AND "
        + lane(window)
        + " GROUP BY "
        + number
        + ", lane, "
        + status;
  }

  /** Nothing is settled before it is accepted: that spares the days before the window. */
  private String settledIn(AnalyticsWindow window) {
    return tables.history()
        + " WHERE settled_at >= "
        + window.from().minus(MARGIN).toEpochMilli()
        + " AND "
        + nearKeys(window)
        + acceptedIn(window)
        + " AND "
        + lane(window);
  }

  /** H2 has no index by time, but keys begin with the time of acceptance. */
  private String nearKeys(AnalyticsWindow window) {
    return kind == DatabaseKind.H2
        ? "id BETWEEN "
            + keyAt(window.from().minus(MARGIN))
            + " AND "
            + keyAt(window.to().plus(MARGIN))
            + " AND "
        : "";
  }

  private static String keyAt(Instant time) {
    return "X'" + HexFormat.of().formatHex(HistoryWalk.keyAt(time, Duration.ZERO)) + "'";
  }

  private static String acceptedIn(AnalyticsWindow window) {
    return "accepted_at >= "
        + window.from().toEpochMilli()
        + " AND accepted_at < "
        + window.to().toEpochMilli();
  }

  private static String lane(AnalyticsWindow window) {
    return window.channel().map(channel -> "lane = '" + channel + "'").orElse("1 = 1");
  }
}
