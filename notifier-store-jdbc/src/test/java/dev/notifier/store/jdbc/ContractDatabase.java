package dev.notifier.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The database of one test of a contract, and every store that the test opens on it. All tests of a
 * JVM share one per kind, which is empty when a test begins: to make a new one takes longer than
 * most tests.
 */
final class ContractDatabase implements AutoCloseable {
  private static final String[] KINDS = {"TABLE", "BASE TABLE", "PARTITIONED TABLE"};
  private static final Map<TestDatabase, EmptyDatabase> shared = new EnumMap<>(TestDatabase.class);

  private final EmptyDatabase database;
  private final List<JdbcNotificationStore> opened = new ArrayList<>();

  ContractDatabase(TestDatabase kind) {
    this.database = shared(kind);
  }

  private static synchronized EmptyDatabase shared(TestDatabase kind) {
    return shared.computeIfAbsent(kind, each -> each.create(directory()));
  }

  private static Path directory() {
    try {
      Path directory = Files.createTempDirectory("notifier-contract");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try {
      TestDatabases.delete(directory);
    } catch (IOException e) {
      System.err.println(directory + " is left behind: " + e);
    }
  }

  JdbcNotificationStore open() {
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password()).build();
    opened.add(store);
    return store;
  }

  /** Closes the stores, perhaps again: some contracts do it too. */
  @Override
  public void close() throws SQLException {
    opened.forEach(JdbcNotificationStore::close);
    database.execute(tables().stream().map(table -> "DELETE FROM " + table).toArray(String[]::new));
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        ResultSet found =
            connection
                .getMetaData()
                .getTables(connection.getCatalog(), connection.getSchema(), null, KINDS)) {
      while (found.next()) {
        String table = found.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        if (!table.endsWith("schema_history")
            && !table.contains("history_")) { // its days and the rest are emptied with it
          tables.add(table);
        }
      }
    }
    return tables;
  }
}
