package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaCommandTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private int run(Map<String, String> environment, String... arguments) {
    out.reset();
    errors.reset();
    return new SchemaCommand(
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8))
        .run(List.of(arguments));
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void migratesShowsAndRollsBack(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      assertThat(on(database, "status")).contains("V1 core: PENDING");
      assertThat(on(database, "migrate"))
          .isEqualTo("versions installed: " + SchemaScript.all(kind.kind()).size() + "\n");
      assertThat(on(database, "status")).contains("V1 core: APPLIED");
      assertThat(on(database, "validate")).contains("as they should be");
      assertThat(on(database, "rollback", "0")).isEqualTo("rolled back to version 0\n");
    }
  }

  private String on(EmptyDatabase database, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(
        List.of("--url", database.url(), "--user", database.user(), "--prefix", "app_"));
    Map<String, String> environment = Map.of("NOTIFIER_STORE_JDBC_PASSWORD", database.password());
    assertThat(run(environment, arguments.toArray(String[]::new)))
        .as(() -> errors.toString(StandardCharsets.UTF_8))
        .isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsWithoutADatabase() {
    assertThat(run(Map.of(), "print", "postgresql", "--prefix", "app_")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("CREATE TABLE app_queue (", "INSERT INTO app_schema_history")
        .doesNotContain("${");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                             | say what to do
          destroy                        | unknown command: destroy
          rollback                       | unknown command: rollback
          rollback -1                    | unknown command: rollback -1
          print oracle                   | unknown command: print oracle
          status                         | option --url is missing
          status --url                   | option --url needs a value
          status --password=s3cret       | unknown option: --password=…
          """)
  void whatItDoesNotUnderstandItExplains(String line, String message) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);

    assertThat(run(Map.of(), arguments)).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith(message)
        .contains("usage: ", "NOTIFIER_STORE_JDBC_PASSWORD")
        .doesNotContain("s3cret");
  }

  @Test
  void aFailureIsOneLine() {
    assertThat(run(Map.of(), "status", "--url", "jdbc:h2:mem:x", "--prefix", "A B")).isEqualTo(1);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("table prefix \"A B\"")
        .hasLineCount(1);
  }
}
