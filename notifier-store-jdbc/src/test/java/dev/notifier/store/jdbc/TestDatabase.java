package dev.notifier.store.jdbc;

import java.nio.file.Path;

/**
 * A kind of database to test with: {@code @EnumSource(TestDatabase.class)}. The servers start on
 * first use and end with the JVM; nothing has to be installed.
 */
enum TestDatabase {
  H2,
  POSTGRESQL,
  MARIADB;

  /** Makes a new database without tables; H2's is a file in the directory. */
  EmptyDatabase create(Path directory) {
    return switch (this) {
      case H2 -> TestDatabases.h2(directory);
      case POSTGRESQL -> TestDatabases.postgresql();
      case MARIADB -> TestDatabases.mariadb();
    };
  }

  DatabaseKind kind() {
    return DatabaseKind.valueOf(name());
  }

  /** The tables with the usual prefix. On H2 queue and history, which can be read, are views. */
  Tables tables() {
    return Tables.of(TablePrefix.DEFAULT, kind());
  }
}
