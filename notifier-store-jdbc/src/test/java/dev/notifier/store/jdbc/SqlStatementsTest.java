package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatementsTest {
  @Test
  void statementsEndWithASemicolonOrTheScript() {
    assertThat(SqlStatements.of("A;\n B ;;C")).containsExactly("A", "B", "C");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", ";", "-- nothing", "/* nothing; at all", "-- a;\n/* b; */;"})
  void commentsAndWhiteSpaceAreNoStatements(String script) {
    assertThat(SqlStatements.of(script)).isEmpty();
  }

  @Test
  void commentsAreLeftOutWhateverIsInThem() {
    assertThat(SqlStatements.of("A -- it's; \"so\n, B /* ; ' */ , C; D"))
        .containsExactly("A \n, B   , C", "D");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';'",
        "SELECT 'it''s; --so'",
        "SELECT \"a;b\"",
        "SELECT `a;b`",
        "SELECT '/*;'",
        "SELECT $$a;b$$",
        "DO $body$ BEGIN x; END $body$",
        "SELECT 'open;"
      })
  void quotedTextStaysWhole(String statement) {
    assertThat(SqlStatements.of(statement + ";B").get(0)).startsWith(statement);
  }

  @Test
  void aDollarAloneIsNoQuote() {
    assertThat(SqlStatements.of("SELECT $1; B$")).containsExactly("SELECT $1", "B$");
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void everyStatementOfOursIsOneCommand(DatabaseKind kind) {
    for (SchemaScript script : SchemaScript.all(kind)) {
      assertThat(SqlStatements.of(script.up()))
          .isNotEmpty()
          .allMatch(
              sql ->
                  sql.matches("(?s)(CREATE|ALTER|DROP) (TABLE|(UNIQUE )?INDEX|VIEW) .*")
                      && !sql.contains(";"));
      assertThat(SqlStatements.of(script.down()))
          .allMatch(sql -> !sql.contains(";"))
          .allMatch(
              sql ->
                  script.version() > 3
                      || sql.matches("DROP (TABLE|VIEW) IF EXISTS \\$\\{prefix}[a-z_]+"));
    }
  }
}
