package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.SuppressionTarget;
import dev.notifier.Template;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database with rows in it goes from each version to the newest, and loses nothing. */
@Timeout(180)
class SchemaUpgradeTest {
  private static final List<String> OF_VERSION_1 =
      List.of(
          "attempt",
          "body",
          "cancel_request",
          "dedup",
          "early_update",
          "history",
          "node",
          "queue",
          "suppression");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void version1BecomesTheNewestWithAllItsRows(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());
      installVersion1(database, schema, kind);
      fill(database);
      Map<String, List<String>> before = rows(database);
      assertThat(before.values()).as("every table has rows").noneMatch(List::isEmpty);

      assertThat(schema.migrate()).isEqualTo(newest(schema) - 1);
      schema.validate();
      assertThat(rows(database)).isEqualTo(before);

      schema.rollback(1);
      assertThatOnlyVersion1IsInstalled(schema);
      assertThat(rows(database)).isEqualTo(before);

      assertThat(schema.migrate()).isEqualTo(newest(schema) - 1);
      schema.validate();
      assertThat(rows(database)).isEqualTo(before);
      assertThatAStoreWorksOn(database);
    }
  }

  /** What an older version cannot read, and would stumble over, goes with the version. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void rollingBackTakesSuppressionsOfRecipientsAway(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());
      schema.migrate();
      String longest = "pager:" + "\u6f22".repeat(2048);
      try (Notifier notifier = notifier(database)) {
        for (String target : List.of("pager:1", longest, "pager#ada", "#ada", "*:1")) {
          notifier.suppressions().add(SuppressionTarget.parse(target), "gone");
        }
      }

      schema.rollback(3);
      assertThat(schema.migrate()).isEqualTo(newest(schema) - 3);

      try (Notifier notifier = notifier(database)) {
        assertThat(notifier.suppressions().newest(10))
            .extracting(left -> left.target().text())
            .containsExactlyInAnyOrder("pager:1", longest);
      }
    }
  }

  private static Notifier notifier(EmptyDatabase database) {
    return Notifier.builder()
        .store(
            JdbcNotificationStore.builder(database.url(), database.user(), database.password())
                .build())
        .channel("pager", attempt -> DeliveryResult.accepted())
        .build();
  }

  private static int newest(JdbcSchema schema) {
    return schema.status().size();
  }

  private static void assertThatOnlyVersion1IsInstalled(JdbcSchema schema) {
    List<SchemaVersion> versions = schema.status();
    assertThat(versions.get(0).state()).isEqualTo(SchemaVersion.State.APPLIED);
    assertThat(versions.subList(1, versions.size()))
        .extracting(SchemaVersion::state)
        .containsOnly(SchemaVersion.State.PENDING);
  }

  /** As the release before did: by its own script. */
  private static void installVersion1(EmptyDatabase database, JdbcSchema schema, TestDatabase kind)
      throws SQLException {
    String script = schema.print(kind.kind(), 0, 1);
    database.execute(SqlStatements.of(script).toArray(String[]::new));
    assertThatOnlyVersion1IsInstalled(schema);
  }

  private static void fill(EmptyDatabase database) throws SQLException {
    try (StoredRows rows = new StoredRows(database.dataSource(), Payloads.plain())) {
      for (int i = 0; i < 20; i++) {
        rows.owed(i, 0, notification(i));
        rows.settled(100 + i, 0, notification(i), DeliveryStatus.SENT);
        rows.body(200 + i, notification(i));
        AttemptReport attempt =
            StoredRows.attempt("pager", 1, DeliveryResult.transientFailure("busy"));
        rows.attempt(100 + i, 0, 1, attempt);
      }
    }
    String key32 = "00".repeat(32);
    database.execute(
        "INSERT INTO notifier_node VALUES (1, 'old', 2, 5, 5)",
        "INSERT INTO notifier_dedup SELECT "
            + binary(database, key32)
            + ", id, 7 FROM notifier_body ORDER BY id LIMIT 1",
        "INSERT INTO notifier_suppression VALUES ("
            + binary(database, key32)
            + ", 'pager', "
            + binary(database, "3161")
            + ", 'gone', 1, 1, 1)",
        "INSERT INTO notifier_early_update VALUES ("
            + binary(database, key32)
            + ", 'pager', NULL, 'provider', 4, 'arrived', 0, 9223372036854775807)",
        "INSERT INTO notifier_cancel_request SELECT id, 1, 1 FROM notifier_queue ORDER BY id LIMIT 1");
  }

  private static String binary(EmptyDatabase database, String hex) {
    return database.url().contains(":postgresql:") ? "'\\x" + hex + "'::bytea" : "X'" + hex + "'";
  }

  private static Notification notification(int number) {
    return Notification.to("pager:ada-" + number).text("hello " + number).build();
  }

  /** Everything that version 1 had, as text. */
  private static Map<String, List<String>> rows(EmptyDatabase database) throws SQLException {
    Map<String, List<String>> rows = new TreeMap<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : OF_VERSION_1) {
        String columns =
            table.equals("suppression")
                ? "address_hash, lane, address, reason, since, active, changed_at"
                : "*";
        try (ResultSet result =
            statement.executeQuery("SELECT " + columns + " FROM notifier_" + table)) {
          List<String> found = new ArrayList<>();
          while (result.next()) {
            found.add(row(result));
          }
          rows.put(table, found.stream().sorted().toList());
        }
      }
    }
    return rows;
  }

  private static String row(ResultSet result) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      byte[] value = result.getObject(i) instanceof byte[] ? result.getBytes(i) : null;
      text.append(value != null ? HexFormat.of().formatHex(value) : result.getString(i));
      text.append('|');
    }
    return text.toString();
  }

  private static void assertThatAStoreWorksOn(EmptyDatabase database) throws Exception {
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password())
            .historyAge(Duration.ofDays(3650))
            .build();
    try (Notifier notifier =
        Notifier.builder()
            .store(store)
            .channel("sms", attempt -> DeliveryResult.accepted())
            .build()) {
      assertThat(notifier.find(StoredRows.id(105)).orElseThrow().status())
          .isEqualTo(DeliveryStatus.SENT);
      notifier.templates().save(Template.named("greeting").sms("Hello").build());
      assertThat(notifier.templates().find("greeting")).isPresent();
    }
  }
}
