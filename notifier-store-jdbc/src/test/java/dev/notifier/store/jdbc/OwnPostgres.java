package dev.notifier.store.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that a test has for itself, to crash it and to start it again where it was. */
final class OwnPostgres implements AutoCloseable {
  private final Path data;
  private EmbeddedPostgres server;
  private final int port;

  OwnPostgres(Path data) throws IOException {
    this.data = data;
    server = builder().start();
    port = server.getPort();
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(2))
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "off"); // the server is killed, the machine is not
  }

  EmptyDatabase database() throws SQLException {
    String url =
        "jdbc:postgresql://localhost:" + port + "/postgres?connectTimeout=10&socketTimeout=60";
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
    dataSource.setUser("postgres");
    dataSource.setPassword("letmein");
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE postgres PASSWORD 'letmein'");
    }
    return new EmptyDatabase(url, "postgres", "letmein", dataSource, () -> {});
  }

  /** Ends it at once, as a crash does: the next start recovers from the log. */
  void crash() throws IOException, InterruptedException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    new ProcessBuilder("kill", "-QUIT", "" + pid).start().waitFor();
    postmaster.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }

  void start() throws IOException {
    server.close(); // it holds a lock on the directory
    server = builder().setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
