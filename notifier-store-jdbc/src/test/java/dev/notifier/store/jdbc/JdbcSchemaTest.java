package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class JdbcSchemaTest {
  private static final List<String> TABLES =
      List.of(
          "attempt",
          "batch",
          "body",
          "cancel_request",
          "dedup",
          "early_update",
          "history",
          "node",
          "preference",
          "queue",
          "schedule",
          "suppression",
          "tag",
          "template",
          "template_version");
  private static final int NEWEST = 4;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void leadsUpAndDownAndUp(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());

      assertThat(schema.migrate()).isEqualTo(NEWEST);
      assertThat(tables(database)).containsAll(prefixed("notifier_"));
      assertThat(schema.migrate()).isZero();

      schema.rollback(0);
      assertThat(tables(database)).containsExactly("notifier_schema_history");
      schema.rollback(0);

      assertThat(schema.migrate()).isEqualTo(NEWEST);
      assertThatCode(schema::validate).doesNotThrowAnyException();
      assertThat(tables(database)).containsAll(prefixed("notifier_"));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void statusTellsWhatIsInstalledSinceWhen(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());

      SchemaVersion before = schema.status().get(0);
      assertThat(before.state()).isEqualTo(SchemaVersion.State.PENDING);
      assertThat(before.installedAt()).isEmpty();
      assertThat(tables(database)).isEmpty();

      schema.migrate();
      assertThat(schema.status()).hasSize(NEWEST);
      SchemaVersion after = schema.status().get(0);
      assertThat(after.number()).isEqualTo(1);
      assertThat(after.description()).isEqualTo("core");
      assertThat(after.checksum()).isEqualTo(before.checksum()).hasSize(64);
      assertThat(after.state()).isEqualTo(SchemaVersion.State.APPLIED);
      assertThat(Duration.between(after.installedAt().orElseThrow(), Instant.now()).abs())
          .isLessThan(Duration.ofMinutes(1));
      assertThat(after.took().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
      assertThat(after).asString().startsWith("V1 core: APPLIED 20").contains(" ms, sha256 ");
    }
  }

  @Test
  void allDatabasesHaveTheSameTablesAndColumns() throws Exception {
    List<Map<String, String>> columns = new ArrayList<>();
    for (TestDatabase kind : TestDatabase.values()) {
      try (EmptyDatabase database = kind.create(directory)) {
        JdbcSchema.of(database.dataSource()).migrate();
        Map<String, String> found = columns(database);
        found.remove("notifier_queue.free_recipient"); // stands in for an index of some rows only
        if (kind == TestDatabase.H2) { // has one table for two, which are views there
          found.keySet().removeIf(name -> name.matches("notifier_(delivery|free|lookup)\\..*"));
        }
        columns.add(found);
      }
    }
    Map<String, String> onH2 = columns.get(0);
    Map<String, String> onPostgresql = columns.get(1);
    assertThat(onH2).hasSizeGreaterThan(70);
    assertThat(columns.get(2)).as("MariaDB").isEqualTo(onPostgresql);
    onPostgresql.replaceAll((name, nullable) -> isOfView(name) ? onH2.get(name) : nullable);
    assertThat(onPostgresql).as("PostgreSQL").isEqualTo(onH2);
  }

  /** A column of a view may always be null. */
  private static boolean isOfView(String column) {
    return column.startsWith("notifier_queue.") || column.startsWith("notifier_history.");
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatItPrintsCanBeRunByAnotherTool(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource()).prefix("app_");

      String up = schema.print(kind.kind());
      assertThat(up).contains("CREATE TABLE app_body").doesNotContain("${prefix}");
      database.execute(SqlStatements.of(up).toArray(String[]::new));
      assertThatCode(schema::validate).doesNotThrowAnyException();
      assertThat(schema.migrate()).isZero();

      String down = schema.print(kind.kind(), NEWEST, 0);
      database.execute(SqlStatements.of(down).toArray(String[]::new));
      assertThat(tables(database)).containsExactly("app_schema_history");
      assertThat(schema.status()).extracting("state").containsOnly(SchemaVersion.State.PENDING);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void twoPrefixesDoNotSeeEachOther(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema one = JdbcSchema.of(database.dataSource());
      // As long as it may be, for the limits of identifiers; and like a pattern of the first one.
      JdbcSchema other = one.prefix("notifierxabcdefghijklmnopqrstu");
      one.migrate();

      assertThat(other.status().get(0).state()).isEqualTo(SchemaVersion.State.PENDING);
      assertThat(other.migrate()).isEqualTo(NEWEST);
      one.rollback(0);
      assertThatCode(other::validate).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void nodesThatStartAtOnceMigrateOnce(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      int nodes = 4;
      CyclicBarrier start = new CyclicBarrier(nodes);
      Callable<Integer> node =
          () -> {
            JdbcSchema schema = JdbcSchema.of(database.dataSource());
            start.await(10, TimeUnit.SECONDS);
            int installed = schema.migrate();
            schema.validate();
            return installed;
          };
      ExecutorService threads = Executors.newFixedThreadPool(nodes);
      try {
        int installed = 0;
        for (int i = 0; i < 3; i++) {
          for (Future<Integer> done : threads.invokeAll(List.of(node, node, node, node))) {
            installed += done.get();
          }
          JdbcSchema.of(database.dataSource()).rollback(0);
        }
        assertThat(installed).isEqualTo(3 * NEWEST);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aNodeDoesNotWaitForEverForAnother(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<Integer> other = thread.submit(() -> hold(database, locked, release));
        assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
        JdbcSchema schema = JdbcSchema.of(database.dataSource()).patience(Duration.ofSeconds(1));

        assertThatThrownBy(schema::migrate)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("another node is at work on the tables")
            .hasMessageContaining("after 1 s");

        release.countDown();
        other.get(10, TimeUnit.SECONDS);
        assertThat(schema.migrate()).isEqualTo(NEWEST);
      } finally {
        release.countDown();
        thread.shutdownNow();
      }
    }
  }

  private static int hold(EmptyDatabase database, CountDownLatch locked, CountDownLatch release)
      throws SQLException {
    try (SchemaSession session = new SchemaSession(database.dataSource(), TablePrefix.DEFAULT)) {
      return session.locked(
          Duration.ofSeconds(10),
          alone -> {
            locked.countDown();
            try {
              return release.await(10, TimeUnit.SECONDS) ? 1 : 0;
            } catch (InterruptedException e) {
              return 0;
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aScriptThatWasChangedIsRefused(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());
      schema.migrate();
      database.execute("UPDATE notifier_schema_history SET checksum = 'x' WHERE version = 1");

      assertThat(schema.status()).extracting("state").contains(SchemaVersion.State.CHANGED);
      for (Runnable action : List.<Runnable>of(schema::migrate, schema::validate)) {
        assertThatThrownBy(action::run)
            .isInstanceOf(ConfigurationException.class)
            .hasMessageStartingWith(
                "version 1 (core) of the tables notifier_* was installed by another script");
      }
      assertThatThrownBy(() -> schema.rollback(0)).isInstanceOf(ConfigurationException.class);
      assertThat(tables(database)).containsAll(prefixed("notifier_"));
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aNewerSchemaIsRefused(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());
      schema.migrate();
      database.execute("INSERT INTO notifier_schema_history VALUES (99, 'future', 'abc', 1, 1, 1)");

      List<SchemaVersion> versions = schema.status();
      assertThat(versions.subList(0, NEWEST))
          .extracting(SchemaVersion::state)
          .containsOnly(SchemaVersion.State.APPLIED);
      assertThat(versions.subList(NEWEST, versions.size()))
          .extracting(SchemaVersion::state)
          .containsExactly(SchemaVersion.State.UNKNOWN);
      for (Runnable action :
          List.<Runnable>of(schema::migrate, schema::validate, () -> schema.rollback(0))) {
        assertThatThrownBy(action::run)
            .isInstanceOf(ConfigurationException.class)
            .hasMessage(
                "version 99 (future) of the tables notifier_* was installed by a newer"
                    + " notifier-store-jdbc: update this one, which knows versions up to "
                    + NEWEST);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aPendingVersionIsNotValid(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      assertThatThrownBy(JdbcSchema.of(database.dataSource())::validate)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("version 1 (core) of the tables notifier_* is not installed")
          .hasMessageContaining("JdbcSchema.migrate()");
      assertThat(tables(database)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aBrokenMigrationIsSeenAndCanBeUndone(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      database.execute("CREATE TABLE notifier_node (mine INTEGER)");
      JdbcSchema schema = JdbcSchema.of(database.dataSource());

      assertThatThrownBy(schema::migrate)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("version 1 (core) of the tables notifier_* failed on its way up")
          .hasMessageContaining("CREATE TABLE notifier_node");
      if (kind == TestDatabase.POSTGRESQL) {
        assertThat(tables(database)).containsExactly("notifier_node");
        database.execute("DROP TABLE notifier_node");
      } else {
        assertThat(schema.status().get(0).state()).isEqualTo(SchemaVersion.State.UNFINISHED);
        for (Runnable action : List.<Runnable>of(schema::migrate, schema::validate)) {
          assertThatThrownBy(action::run)
              .isInstanceOf(ConfigurationException.class)
              .hasMessageContaining("was begun and broken off")
              .hasMessageContaining("run JdbcSchema.rollback(0)");
        }
        schema.rollback(0);
        assertThat(tables(database)).containsExactly("notifier_schema_history");
      }
      assertThat(schema.migrate()).isEqualTo(NEWEST);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aConnectionOfThePoolGoesBackAsItCame(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory);
        OneConnection pool = new OneConnection(database.dataSource())) {
      pool.connection().setAutoCommit(false);
      pool.connection().setNetworkTimeout(Runnable::run, 12_345);
      int timeout = pool.connection().getNetworkTimeout();

      JdbcSchema.of(pool).status();
      if (kind != TestDatabase.H2) { // there it needs a second one
        JdbcSchema.of(pool).migrate();
      }

      assertThat(pool.connection().getAutoCommit()).isFalse();
      assertThat(pool.connection().getNetworkTimeout()).isEqualTo(timeout);
    }
  }

  @Test
  void seesWhatAnotherNodeDidWhateverTheIsolation() throws Exception {
    try (EmptyDatabase database = TestDatabase.POSTGRESQL.create(directory)) {
      database.execute(
          "ALTER ROLE CURRENT_USER IN DATABASE "
              + database.url().replaceAll(".*/|\\?.*", "")
              + " SET default_transaction_isolation = 'serializable'");
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<Integer> first = threads.submit(() -> hold(database, locked, release));
        assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
        Future<Integer> second =
            threads.submit(() -> JdbcSchema.of(database.dataSource()).migrate());
        release.countDown();
        first.get(10, TimeUnit.SECONDS);
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(NEWEST);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void aDatabaseHasToBeSelected() throws Exception {
    try (EmptyDatabase database = TestDatabase.MARIADB.create(directory)) {
      JdbcUrl server = new JdbcUrl(database.url().replaceAll("/test_[0-9]+", "/"));
      UrlDataSource nowhere = new UrlDataSource(server, database.user(), database.password());

      assertThatThrownBy(JdbcSchema.of(nowhere)::migrate)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("no database selected")
          .hasMessageContaining("name one in the URL");
    }
  }

  @Test
  void tablesAreMadeInTheSchemaThatTheConnectionSelects() throws Exception {
    try (EmptyDatabase database = TestDatabase.POSTGRESQL.create(directory)) {
      JdbcSchema.of(database.dataSource()).migrate();
      database.execute("CREATE SCHEMA own");
      JdbcUrl own = new JdbcUrl(database.url() + "&currentSchema=own,public");
      JdbcSchema schema =
          JdbcSchema.of(new UrlDataSource(own, database.user(), database.password()));

      assertThat(schema.migrate()).isEqualTo(NEWEST);
      schema.rollback(0);
      assertThatCode(JdbcSchema.of(database.dataSource())::validate).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PostgreSQL;DATABASE_TO_LOWER=TRUE", "MySQL", "MariaDB", "Oracle"})
  void modesOfH2DoNotMatter(String mode) throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("modes") + ";MODE=" + mode;
    JdbcSchema schema = JdbcSchema.of(new UrlDataSource(new JdbcUrl(url), null, null));

    assertThat(schema.migrate()).isEqualTo(NEWEST);
    assertThat(schema.migrate()).isZero();
    schema.rollback(0);
  }

  @Test
  void versionsThatAreNotKnownAreRefused() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      JdbcSchema schema = JdbcSchema.of(database.dataSource());

      assertThatThrownBy(() -> schema.rollback(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> schema.rollback(NEWEST + 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 0 to " + NEWEST + ", but was " + (NEWEST + 1));
      assertThatThrownBy(() -> schema.print(DatabaseKind.H2, 0, NEWEST + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> schema.patience(Duration.ofMillis(999)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 1 s to 1 hour");
    }
  }

  private static List<String> prefixed(String prefix) {
    return TABLES.stream().map(name -> prefix + name).toList();
  }

  private static Set<String> tables(EmptyDatabase database) throws SQLException {
    String sql =
        "SELECT LOWER(table_name), '' FROM information_schema.tables WHERE table_schema = %s";
    return select(database, sql).keySet();
  }

  /** By table and column: whether it may be null. */
  private static Map<String, String> columns(EmptyDatabase database) throws SQLException {
    Map<String, String> columns =
        select(
            database,
            "SELECT CONCAT(LOWER(table_name), '.', LOWER(column_name)), is_nullable FROM"
                + " information_schema.columns WHERE table_schema = %s");
    columns.keySet().removeIf(name -> name.startsWith("notifier_history_rest."));
    return columns;
  }

  private static Map<String, String> select(EmptyDatabase database, String sql)
      throws SQLException {
    Map<String, String> found = new TreeMap<>();
    try (Connection connection = database.dataSource().getConnection()) {
      String schema = DatabaseKind.of(connection).currentSchema();
      try (PreparedStatement select = connection.prepareStatement(sql.formatted(schema));
          ResultSet result = select.executeQuery()) {
        while (result.next()) {
          found.put(result.getString(1), result.getString(2));
        }
      }
    }
    return found;
  }
}
