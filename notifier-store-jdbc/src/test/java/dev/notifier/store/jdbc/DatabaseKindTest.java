package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseKindTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          H2         | 2.2.220 (2023-07-04)                      | H2
          H2         | 2.5.252 (2026-01-01)                      | H2
          H2         | 3.0                                       | H2
          PostgreSQL | 13.0                                      | POSTGRESQL
          PostgreSQL | 17.11 (Debian 17.11-1.pgdg12+1)           | POSTGRESQL
          PostgreSQL | 18beta1                                   | POSTGRESQL
          MariaDB    | 10.6.0-MariaDB                            | MARIADB
          MariaDB    | 11.4.5-MariaDB-log                        | MARIADB
          MySQL      | 5.5.5-10.6.12-MariaDB-1:10.6.12+maria~deb | MARIADB
          MySQL      | 8.0.11                                    | MARIADB
          MySQL      | 9.4.0-log                                 | MARIADB
          """)
  void theOldestAndNewerVersionsAreUsed(String product, String version, DatabaseKind kind) {
    assertThat(DatabaseKind.of(product, version)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          H2         | 2.2.219 (2023-06-11)  | use 2.2.220 or newer
          H2         | 1.4.200               | use 2.2.220 or newer
          PostgreSQL | 12.20                 | use 13 or newer
          PostgreSQL | 9.6.24                | use 13 or newer
          MariaDB    | 10.5.28-MariaDB       | use 10.6 or newer
          MySQL      | 5.5.5-10.3.39-MariaDB | use 10.6 or newer
          MySQL      | 8.0.4                 | use 8.0.11 or newer
          MySQL      | 5.7.44-log            | use 8.0.11 or newer
          MySQL      | unknown               | use 8.0.11 or newer
          Oracle     | 23.1                  | use H2, PostgreSQL, MariaDB or MySQL
          """)
  void olderVersionsAndOtherDatabasesAreRefused(String product, String version, String advice) {
    assertThatThrownBy(() -> DatabaseKind.of(product, version))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the database is ")
        .hasMessageEndingWith(advice);
  }
}
