package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.StoreException;
import dev.notifier.testkit.UncaughtExceptionsFailTheTest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
@ExtendWith(UncaughtExceptionsFailTheTest.class)
class ConnectionSourceTest {
  @TempDir Path directory;

  private static ConnectionSource connect(String url, String user, String password) {
    return ConnectionSource.of(new JdbcUrl(url), user, password, Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aUrlIsEnough(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory);
        ConnectionSource source = connect(database.url(), database.user(), database.password())) {
      assertThat(source.kind()).isEqualTo(kind.kind());
      JdbcSchema.of(source.dataSource()).migrate();
      try (OpenConnection connection = source.open()) {
        assertThat(connection.jdbc().isValid(5)).isTrue();
        assertThat(connection.jdbc().getNetworkTimeout()).isEqualTo(30_000);
      }
    }
  }

  @Test
  void whatIsClosedSaysSo() {
    ConnectionSource source = connect("jdbc:h2:mem:closed", "sa", "");
    Shield shield = Shield.against(source.kind());
    shield.close();
    source.close();
    assertThatThrownBy(source::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the store is closed");
    assertThatThrownBy(() -> shield.call(() -> 1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the store is closed");
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theConnectionOfAHostGoesBackWithItsOwnTimeout(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory);
        OneConnection pool = new OneConnection(database.dataSource())) {
      int before = pool.connection().getNetworkTimeout();
      ConnectionSource source = ConnectionSource.of(pool, Duration.ZERO);

      try (OpenConnection connection = source.open()) {
        assertThat(connection.jdbc().getNetworkTimeout())
            .isEqualTo(kind == TestDatabase.H2 ? 0 : 30_000);
      }
      source.close();

      assertThat(pool.connection().getNetworkTimeout()).isEqualTo(before);
      assertThat(pool.connection().isClosed()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestDatabase.class,
      names = {"POSTGRESQL", "MARIADB"})
  void aDatabaseThatIsDownIsTold(TestDatabase kind) throws Exception {
    String url;
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String scheme = "jdbc:" + kind.kind().folder();
      url = scheme + "://localhost:" + port.getLocalPort() + "/x?password=s3cret";
    }
    assertThatThrownBy(() -> connect(url, "joe", "s3cret"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("password=***")
        .hasMessageContaining("notifier.store.jdbc.startup-wait")
        .satisfies(ConnectionSourceTest::tellsNoPassword);
  }

  @ParameterizedTest
  @EnumSource(
      value = TestDatabase.class,
      names = {"POSTGRESQL", "MARIADB"})
  void aServerThatAcceptsAndSaysNothingIsGivenUp(TestDatabase kind) throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = kind.kind().folder() + "://localhost:" + mute.getLocalPort() + "/x?";
      String limit =
          kind == TestDatabase.MARIADB ? "connectTimeout=500" : "loginTimeout=1&connectTimeout=1";

      assertThatThrownBy(() -> connect("jdbc:" + address + limit, "joe", "s3cret"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("cannot be reached");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aRefusedLoginIsTold(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      database.execute("SELECT 1");
      // The embedded PostgreSQL asks for no password.
      String user = kind == TestDatabase.POSTGRESQL ? "nobody_here" : database.user();

      assertThatThrownBy(() -> connect(database.url(), user, "wr0ng-s3cret"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("refuses the login")
          .hasMessageContaining("notifier.store.jdbc.user and .password")
          .satisfies(ConnectionSourceTest::tellsNoPassword);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestDatabase.class,
      names = {"POSTGRESQL", "MARIADB"})
  void aDatabaseThatDoesNotExistIsTold(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      String url = database.url().replaceAll("/test_[0-9]+", "/no_such_database");
      String user = kind == TestDatabase.MARIADB ? "notifier_admin" : database.user();

      assertThatThrownBy(() -> connect(url, user, database.password()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("does not exist: create it");
    }
  }

  @Test
  void aDatabaseThatIsNotGrantedIsTold() throws Exception {
    try (EmptyDatabase database = TestDatabase.MARIADB.create(directory)) {
      String url = database.url().replaceAll("/test_[0-9]+", "/mysql");

      assertThatThrownBy(() -> connect(url, database.user(), database.password()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("grant the user all rights on it");
    }
  }

  @Test
  void aMissingDriverIsNamedWithoutTheUrlsPassword() {
    assertThatThrownBy(() -> connect("jdbc:mysql://joe:s3cret@localhost/x", "joe", "s3cret"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "no driver for jdbc:mysql:***@localhost/x: add com.mysql:mysql-connector-j to the class"
                + " path")
        .satisfies(ConnectionSourceTest::tellsNoPassword);
  }

  @Test
  void aMissingPoolIsNamed() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      if (!entry.contains("HikariCP")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> test = loader.loadClass(WithoutPool.class.getName());
      assertThat(test.getMethod("message").invoke(null))
          .asString()
          .contains("add com.zaxxer:HikariCP to the class path, or give the store a DataSource");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void waitsForTheDatabaseIfToldTo(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      FailingDataSource away =
          new FailingDataSource(database.dataSource(), 2, new SQLException("starting", "57P03"));

      assertThatThrownBy(() -> ConnectionSource.of(away, Duration.ZERO))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the database of the given DataSource cannot be reached");
      ConnectionSource source = ConnectionSource.of(away, Duration.ofSeconds(30));
      assertThat(source.kind()).isEqualTo(kind.kind());
      source.close();
    }
  }

  @Test
  void doesNotWaitForWhatDoesNotPass() throws Exception {
    FailingDataSource closed = new FailingDataSource(null, 100, new SQLException("no", "28P01"));

    assertThatThrownBy(() -> ConnectionSource.of(closed, Duration.ofMinutes(1)))
        .isInstanceOf(ConfigurationException.class);
    assertThat(closed.calls()).isEqualTo(1);
  }

  @Test
  void aWaitCanBeInterrupted() throws Exception {
    FailingDataSource away =
        new FailingDataSource(null, 1_000_000, new SQLException("no", "08001"));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ConnectionSource.of(away, Duration.ofMinutes(1)))
        .isInstanceOf(StoreException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aDataSourceThatHangsIsGivenUpAndItsLateConnectionClosed() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      CountDownLatch release = new CountDownLatch(1);
      HangingDataSource hanging = new HangingDataSource(database.dataSource(), release);
      BoundedOpening opening = new BoundedOpening(hanging, Duration.ofMillis(50));
      for (int i = 0; i < 8; i++) {
        assertThatThrownBy(opening::open)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("no connection after 50 ms");
      }
      assertThatThrownBy(opening::open).hasMessageContaining("8 calls");

      release.countDown();
      Connection late = hanging.opened().poll(10, TimeUnit.SECONDS);
      assertThat(late).isNotNull();
      assertThat(hanging.closed().tryAcquire(8, 10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anH2FileIsCompactAndFreeOnceClosed() throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("embedded");
    try (ConnectionSource source = connect(url, "sa", "")) {
      JdbcSchema.of(source.dataSource()).migrate();
      try (OpenConnection connection = source.open();
          Statement statement = connection.jdbc().createStatement()) {
        statement.execute(
            "INSERT INTO notifier_body SELECT CAST(X AS BINARY(16)), REPEAT(RANDOM_UUID(), 40) FROM"
                + " SYSTEM_RANGE(1, 3000)");
        statement.execute("DELETE FROM notifier_body");
      }
    }
    assertThat(Files.size(directory.resolve("embedded.mv.db"))).isLessThan(200_000);
    // Another user in the same process finds it as it was.
    try (ConnectionSource again = connect(url, "sa", "")) {
      JdbcSchema.of(again.dataSource()).validate();
    }
  }

  @Test
  void anH2FileThatTheHostAlsoUsesStaysOpenForIt() throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("shared");
    UrlDataSource host = new UrlDataSource(new JdbcUrl(url), "sa", "");
    try (Connection connection = host.getConnection()) {
      connect(url, "sa", "").close();

      assertThat(connection.isValid(5)).isTrue();
    }
    // Closed after the host: no delay was left behind.
    assertThatThrownBy(() -> host.getConnection("sa", "")).isInstanceOf(SQLException.class);
    try (Connection next = host.getConnection();
        Statement statement = next.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  private static void tellsNoPassword(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain("s3cret");
    }
  }
}
