package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The databases that can hold notifications, each with SQL of its own. */
public enum DatabaseKind {
  /** H2 2.2.220 or newer, the embedded default. */
  H2,
  /** PostgreSQL 13 or newer. */
  POSTGRESQL,
  /** MariaDB 10.6 or newer; MySQL 8.0.11 or newer by the same SQL, which is not tested. */
  MARIADB;

  private static final Pattern VERSION =
      Pattern.compile("([0-9]{1,6})(?:\\.([0-9]{1,6}))?(?:\\.([0-9]{1,6}))?");

  /**
   * Finds out which database a connection leads to.
   *
   * @throws ConfigurationException if it is one that cannot be used, or too old
   */
  static DatabaseKind of(Connection connection) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    return of(database.getDatabaseProductName(), database.getDatabaseProductVersion());
  }

  static DatabaseKind of(String product, String version) {
    // MySQL's driver calls MariaDB "MySQL", of a version such as 5.5.5-10.6.12-MariaDB.
    if (version.contains("MariaDB")) {
      return MARIADB.from("10.6", "MariaDB", version.replaceFirst("^5\\.5\\.5-", ""));
    }
    return switch (product) {
      case "H2" -> H2.from("2.2.220", product, version);
      case "PostgreSQL" -> POSTGRESQL.from("13", product, version);
      case "MariaDB" -> MARIADB.from("10.6", product, version);
      case "MySQL" -> MARIADB.from("8.0.11", product, version);
      default ->
          throw new ConfigurationException(
              "the database is "
                  + product
                  + ", which cannot hold notifications: use H2, PostgreSQL, MariaDB or MySQL");
    };
  }

  private DatabaseKind from(String oldest, String product, String version) {
    if (rank(version) < rank(oldest)) {
      throw new ConfigurationException(
          "the database is " + product + " " + version + ", too old: use " + oldest + " or newer");
    }
    return this;
  }

  /** A number that grows with the version; text after the numbers does not matter. */
  private static long rank(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.lookingAt()) {
      return 0;
    }
    long rank = 0;
    for (int i = 1; i <= 3; i++) {
      String part = parts.group(i);
      rank = rank * 1_000_000 + (part == null ? 0 : Integer.parseInt(part));
    }
    return rank;
  }

  /** SQL for the database's clock in epoch milliseconds. */
  String nowMillis() {
    return switch (this) {
      case H2 -> "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";
      case POSTGRESQL -> "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
      case MARIADB -> "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
    };
  }

  /** SQL for the schema in which a table without a qualified name is made. */
  String currentSchema() {
    return switch (this) {
      case H2 -> "CURRENT_SCHEMA";
      case POSTGRESQL -> "current_schema()";
      case MARIADB -> "DATABASE()";
    };
  }

  /** What ends a CREATE TABLE. */
  String tableOptions() {
    return this == MARIADB
        ? " ENGINE = InnoDB, CHARACTER SET = utf8mb4, COLLATE = utf8mb4_bin"
        : "";
  }

  /** The name of the folder with its scripts. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
