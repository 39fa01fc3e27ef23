package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelOptions;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.SuppressionTarget;
import dev.notifier.store.jdbc.HistorySql.Lead;
import dev.notifier.store.jdbc.HistorySql.Walk;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On filled tables, every question follows an index: read from the plans of the databases. */
class HistoryPlansTest {
  private static final int SETTLED = 12_000;
  private static final int OWED = 3_000;
  private static final Pattern SCANNED = Pattern.compile("scanCount: ([0-9]+)");

  @TempDir Path directory;

  private record Question(String sql, List<Object> parameters) {}

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void noQuestionScansATable(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema.of(database.dataSource()).migrate();
      Tables tables = Tables.of(TablePrefix.DEFAULT, kind.kind());
      fill(database, tables);
      analyze(kind, database, tables);
      try (Connection connection = database.dataSource().getConnection()) {
        for (Map.Entry<String, Question> question : questions(kind.kind()).entrySet()) {
          assertFollowsIndexes(kind, connection, question.getKey(), question.getValue());
        }
      }
    }
  }

  private static void fill(EmptyDatabase database, Tables tables) throws SQLException {
    try (StoredRows rows = new StoredRows(database.dataSource(), Payloads.plain())) {
      for (int i = 0; i < SETTLED; i++) {
        DeliveryStatus status = i % 100 == 0 ? DeliveryStatus.FAILED : DeliveryStatus.SENT;
        rows.settled(i, 0, notification(i), status);
      }
      for (int i = SETTLED; i < SETTLED + OWED; i++) {
        rows.owed(i, 0, notification(i));
      }
    }
    database.execute(
        "UPDATE "
            + tables.queue()
            + " SET owner = 7 WHERE "
            + tables.owed()
            + "MOD(accepted_at, 25000) < 1000");
    try (StoredRows rows = new StoredRows(database.dataSource(), Payloads.plain())) {
      for (int i = 0; i < 2000; i++) {
        rows.attempt(i, 0, 1, StoredRows.attempt("email", 1, DeliveryResult.ambiguous("x")));
        rows.body(i, notification(i));
      }
    }
    fillPermissions(database);
  }

  private static void fillPermissions(EmptyDatabase database) throws SQLException {
    ConnectionSource source = ConnectionSource.of(database.dataSource(), Duration.ZERO);
    Dialect dialect = Dialect.of(source.kind(), TablePrefix.DEFAULT, true);
    SuppressionList list = new SuppressionList(source, dialect, Payloads.plain());
    for (int chunk = 0; chunk < 20; chunk++) {
      List<Suppression> suppressions = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        suppressions.add(
            new Suppression(
                SuppressionTarget.recipient("user-" + (1000 * chunk + i)),
                "gone",
                Suppression.Source.IMPORT,
                Instant.ofEpochMilli(1000 * chunk + i % 100)));
      }
      list.addAll(suppressions);
    }
    database.execute(
        "INSERT INTO notifier_preference SELECT address_hash, MOD(since, 1000), address, 'news',"
            + " '*', 0, since, changed_at FROM notifier_suppression");
  }

  private static Notification notification(int i) {
    return Notification.to(Recipient.named("user-" + i % 1000).email("a@example.com"))
        .text("hello")
        .options(ChannelOptions.of("email", Map.of()))
        .correlationId("order-" + i)
        .tag("campaign-" + i % 100)
        .build();
  }

  private static void analyze(TestDatabase kind, EmptyDatabase database, Tables tables)
      throws SQLException {
    for (String table :
        new TreeSet<>(
            List.of(
                tables.queue(),
                tables.history(),
                tables.lookup(),
                tables.attempt(),
                tables.body(),
                tables.tag(),
                tables.suppression(),
                tables.preference()))) {
      database.execute(
          switch (kind) {
            case H2 -> "ANALYZE TABLE " + table;
            case POSTGRESQL -> "VACUUM (FULL, ANALYZE) " + table; // rows went from queue to history
            case MARIADB -> "ANALYZE TABLE " + table;
          });
    }
  }

  private static Map<String, Question> questions(DatabaseKind kind) {
    HistorySql sql = new HistorySql(TablePrefix.DEFAULT, kind);
    Tables tables = Tables.of(TablePrefix.DEFAULT, kind);
    byte[] first = DeliveryKey.first(StoredRows.id(77));
    byte[] last = DeliveryKey.last(StoredRows.id(77));
    LookupHash hash = LookupHash.plain();
    Map<String, Question> questions = new LinkedHashMap<>();
    questions.put("find", question(sql.deliveriesBetween(), first, last, first, last));
    questions.put("load", question(sql.deliveriesIn(16), keys(32)));
    questions.put("attempts", question(sql.attemptsIn(16), keys(16)));
    questions.put("bodies", question(sql.bodiesIn(1), DeliveryKey.of(StoredRows.id(77))));
    byte[] newest = DeliveryKey.last(StoredRows.id(SETTLED + OWED));
    byte[] oldest = DeliveryKey.first(StoredRows.id(0));
    if (sql.usesLookups()) {
      long reference = LookupHash.reference("email", "provider-77-0");
      questions.put("callback", question(sql.byProviderId(), "provider-77-0", "email", reference));
      long correlation = hash.correlation("order-7");
      questions.put("lookup", question(sql.foundKeys(), correlation, oldest, newest, 100));
    } else {
      questions.put("callback", question(sql.byProviderId(), "provider-77-0", "email"));
      questions.put("recipient", walk(sql, Lead.RECIPIENT, hash.recipient("#user-7"), true, true));
      questions.put(
          "correlation", walk(sql, Lead.CORRELATION, hash.correlation("order-7"), true, true));
      questions.put("dead letters", walk(sql, Lead.STATUS, null, true, false));
    }
    questions.put("tag", question(sql.taggedKeys(), hash.tag("campaign-7"), oldest, newest, 100));
    questions.put("tagged", question(sql.stepsIn(16), keys(32)));
    BatchSql batches = new BatchSql(tables);
    byte[] from = DeliveryKey.first(StoredRows.id(SETTLED + 1000));
    byte[] to = DeliveryKey.last(StoredRows.id(SETTLED + 1200));
    byte[] half = Arrays.copyOfRange(from, 8, 16);
    questions.put("what a batch owes", question(batches.owes(), from, to, half));
    questions.put("what waits of a batch", question(batches.waiting(), from, to, half, 100));
    questions.put("all", walk(sql, Lead.ID, null, true, true));
    questions.put("waiting", walk(sql, Lead.ID, null, false, true));
    byte[] end = DeliveryKey.last(StoredRows.id(SETTLED));
    questions.put("purge of all", question(sql.settledSteps(List.of()), first, end, 100));
    int failed = Codes.of(DeliveryStatus.FAILED);
    int expired = Codes.of(DeliveryStatus.EXPIRED);
    questions.put(
        "purge of failures", question(sql.settledSteps(List.of(failed)), first, end, 100));
    questions.put(
        "purge of trouble",
        question(
            sql.settledSteps(List.of(failed, expired)), first, end, 100, first, end, 100, 100));
    questions.put("purge of these", question(sql.settledIn(32), keys(32)));
    questions.put("still owed", question(sql.owedIn(32), keys(32)));
    questions.put("forget, owed", question(sql.owedBetween(), first, last));
    questions.put("forget, settled", question(sql.settledBetween(), first, last));
    byte[] key = hash.idempotencyKey("x", "y");
    questions.put(
        "suppressions", question(SuppressionList.pageSql(tables), 10_050L, 10_050L, key, 101));
    questions.put(
        "newest suppressions",
        question(
            SuppressionList.pageSql(tables), Long.MAX_VALUE, Long.MAX_VALUE, new byte[32], 101));
    String preference = tables.preference();
    questions.put("preferences", preferences(preference, JdbcPreferenceStore.PAGE, key, 101));
    questions.put(
        "preferences of one",
        preferences(preference, JdbcPreferenceStore.PAGE_OF_RECIPIENT, 7L, key, 101));
    questions.put(
        "permission", preferences(preference, JdbcPreferenceStore.COVERING, 7L, "news", "email"));
    return questions;
  }

  private static Question preferences(String table, String which, Object... parameters) {
    return question(JdbcPreferenceStore.sql(table, which), parameters);
  }

  private static Object[] keys(int count) {
    Object[] keys = new Object[count];
    for (int i = 0; i < count; i++) {
      keys[i] = DeliveryKey.first(StoredRows.id(100 + i % 16));
    }
    return keys;
  }

  private static Question question(String sql, Object... parameters) {
    return new Question(sql, List.of(parameters));
  }

  private static Question walk(
      HistorySql sql, Lead lead, Long led, boolean inHistory, boolean inQueue) {
    List<Integer> statuses =
        lead == Lead.STATUS ? List.of((int) Codes.of(DeliveryStatus.FAILED)) : List.of();
    Walk walk = new Walk(lead, statuses, inHistory, inQueue);
    List<Object> parameters = new ArrayList<>();
    for (int branch = 0; branch < sql.branches(walk); branch++) {
      if (led != null) {
        parameters.add(led);
      }
      parameters.add(DeliveryKey.first(StoredRows.id(0)));
      parameters.add(DeliveryKey.last(StoredRows.id(SETTLED + OWED)));
      parameters.add(100);
    }
    if (sql.branches(walk) > 1) {
      parameters.add(100);
    }
    return new Question(sql.steps(walk), parameters);
  }

  private static void assertFollowsIndexes(
      TestDatabase kind, Connection connection, String name, Question question)
      throws SQLException {
    List<String> plan = explain(connection, "EXPLAIN ", question);
    switch (kind) {
      case H2 ->
          assertThat(plan)
              .as("plan of %s", name)
              .noneMatch(line -> line.contains("tableScan"))
              .anyMatch(line -> line.contains("NOTIFIER_") || line.contains("PRIMARY_KEY"));
      case POSTGRESQL ->
          assertThat(plan)
              .as("plan of %s", name)
              .noneMatch(line -> line.contains("Seq Scan"))
              .anyMatch(line -> line.contains("Index"));
      case MARIADB ->
          // A derived table is what the union of two bounded branches comes to: it is read whole.
          assertThat(plan)
              .as("plan of %s", name)
              .filteredOn(line -> line.contains("notifier_"))
              .isNotEmpty()
              .noneMatch(line -> line.contains("|all|"))
              .noneMatch(line -> line.contains("using filesort"));
    }
    assertThat(examined(kind, connection, question)).as("rows of %s", name).isLessThan(500);
  }

  private static List<String> explain(Connection connection, String explain, Question question)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(explain + question.sql())) {
      for (int i = 0; i < question.parameters().size(); i++) {
        statement.setObject(i + 1, question.parameters().get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          StringBuilder line = new StringBuilder("|");
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            line.append(rows.getString(i)).append('|');
          }
          lines.add(fold(line));
        }
      }
    }
    return lines;
  }

  /** H2 and PostgreSQL are read as they write; MariaDB in lower case. */
  private static String fold(StringBuilder line) {
    String text = line.toString();
    return text.contains("|SIMPLE|") || text.contains("|PRIMARY|") || text.contains("|UNION|")
        ? text.toLowerCase(Locale.ROOT)
        : text;
  }

  /** How many rows the database really looks at, where it tells; H2 tells in its plan. */
  private static long examined(TestDatabase kind, Connection connection, Question question)
      throws SQLException {
    if (kind != TestDatabase.H2) {
      return 0;
    }
    long rows = 0;
    for (String line : explain(connection, "EXPLAIN ANALYZE ", question)) {
      Matcher counts = SCANNED.matcher(line);
      while (counts.find()) {
        rows = Math.max(rows, Long.parseLong(counts.group(1)));
      }
    }
    return rows;
  }
}
