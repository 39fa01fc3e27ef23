package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestDatabasesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void everyDatabaseIsANewOneOfItsKind(TestDatabase database) throws Exception {
    try (EmptyDatabase one = database.create(directory);
        EmptyDatabase other = database.create(directory)) {
      one.execute("CREATE TABLE thing (id INTEGER)", "INSERT INTO thing VALUES (1)");
      other.execute("CREATE TABLE thing (id INTEGER)");
      try (Connection connection = other.dataSource().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM thing")) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
        assertThat(DatabaseKind.of(connection)).isEqualTo(database.kind());
      }
    }
  }
}
