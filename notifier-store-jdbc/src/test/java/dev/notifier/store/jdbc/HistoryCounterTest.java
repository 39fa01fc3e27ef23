package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelSummary;
import dev.notifier.ChannelSummary.Reason;
import dev.notifier.ChannelSummary.Times;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted, on rows of which everything is known. */
@Timeout(180)
class HistoryCounterTest {
  private static final int SETTLED = 1000;
  private static final Duration KEPT = Duration.ofDays(3650);
  private static final AnalyticsWindow ALL =
      AnalyticsWindow.between(StoredRows.START, StoredRows.START.plus(Duration.ofDays(1)));

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void everyDatabaseCountsAlike(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema.of(database.dataSource()).migrate();
      fill(kind, database);
      try (JdbcNotificationStore store =
          JdbcNotificationStore.builder(database.dataSource()).historyAge(KEPT).build()) {
        assertThatTimesAreRight(store);
        assertThatTheWindowIsKept(store);
        assertThatStepsAddUp(store);
        assertThatPurgesAreKnown(store);
      }
    }
  }

  /** The n-th took n * 10 ms, or failed; all of it a second apart. */
  private static void fill(TestDatabase kind, EmptyDatabase database) throws SQLException {
    Notification notification = Notification.to("pager:7").text("hello").build();
    try (StoredRows rows = new StoredRows(database.dataSource(), Payloads.plain())) {
      for (int i = 0; i < SETTLED; i++) {
        rows.settled(i, 0, notification, DeliveryStatus.DELIVERED);
      }
      rows.settled(SETTLED, 0, notification, DeliveryStatus.FAILED);
      rows.owed(SETTLED + 1, 0, notification);
    }
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE "
                    + kind.tables().history()
                    + " SET settled_at = accepted_at + ? WHERE id = ?")) {
      for (int i = 0; i < SETTLED; i++) {
        update.setLong(1, 10L * (i + 1));
        update.setBytes(2, DeliveryKey.first(StoredRows.id(i)));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private static void assertThatTimesAreRight(JdbcNotificationStore store) {
    AnalyticsSummary summary = store.summarize(ALL);
    ChannelSummary pager = summary.channel("pager");
    assertThat(pager.counts().accepted()).isEqualTo(SETTLED + 2);
    assertThat(pager.counts().delivered()).isEqualTo(SETTLED);
    assertThat(pager.counts().waiting()).isEqualTo(1);
    assertThat(pager.backlog().waiting()).isEqualTo(1);
    assertThat(pager.reasons()).containsExactly(new Reason(DeliveryStatus.FAILED, "because", 1));
    Times times = pager.times().orElseThrow();
    assertThat(times.average()).isEqualTo(Duration.ofMillis(5005));
    assertThat(times.p50().toMillis()).isBetween(4900L, 5100L);
    assertThat(times.p95().toMillis()).isBetween(9310L, 9690L);
    assertThat(times.p99().toMillis()).isBetween(9702L, 10_000L);
    assertThat(times.longest()).isEqualTo(Duration.ofSeconds(10));
    assertThat(summary.completeSince().orElseThrow())
        .isBetween(
            Instant.now().minus(KEPT).minusSeconds(60), Instant.now().minus(KEPT).plusSeconds(60));
  }

  private static void assertThatPurgesAreKnown(JdbcNotificationStore store) {
    for (int purged : new int[] {20, 40, 30}) {
      assertThat(store.forget(StoredRows.id(purged))).isTrue();
    }
    assertThat(store.summarize(ALL).completeSince().orElseThrow())
        .isBetween(StoredRows.acceptedAt(41), StoredRows.acceptedAt(50));
    assertThat(store.summarize(ALL).isComplete()).isFalse();
  }

  private static void assertThatTheWindowIsKept(JdbcNotificationStore store) {
    AnalyticsWindow some =
        AnalyticsWindow.between(StoredRows.acceptedAt(10), StoredRows.acceptedAt(20));
    assertThat(store.summarize(some).total().accepted()).isEqualTo(10);
    assertThat(store.summarize(some.channel("pager")).total().accepted()).isEqualTo(10);
    assertThat(store.summarize(some.channel("email")).channels()).isEmpty();
    assertThat(store.summarize(some.maxReasons(0)).channel("pager").reasons()).isEmpty();
  }

  private static void assertThatStepsAddUp(JdbcNotificationStore store) {
    List<AnalyticsStep> steps = store.summarize(ALL, Duration.ofMillis(60_001));
    assertThat(steps).hasSize(1440);
    assertThat(steps.get(0).total().accepted()).isEqualTo(61);
    assertThat(steps.get(0).channel("pager").averageTime()).hasValue(Duration.ofMillis(310));
    assertThat(steps.get(1).total().accepted()).isEqualTo(60);
    assertThat(steps.stream().mapToLong(step -> step.total().accepted()).sum())
        .isEqualTo(SETTLED + 2);
    assertThat(steps.get(100).channels()).isEmpty();
  }
}
