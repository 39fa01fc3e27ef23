package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaScriptTest {
  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void everyScriptInTheFolderIsAVersion(DatabaseKind kind) throws Exception {
    List<String> expected =
        SchemaScript.all(kind).stream()
            .map(script -> "V" + script.version() + "__" + script.description())
            .flatMap(name -> Stream.of(name + ".down.sql", name + ".up.sql"))
            .sorted()
            .toList();
    URI folder = Objects.requireNonNull(SchemaScript.class.getResource(kind.folder())).toURI();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
          .isEqualTo(expected);
    }
  }

  @Test
  void theChecksumDoesNotDependOnLineEnds() {
    SchemaScript unix = new SchemaScript(1, "core", "A;\nB;\n", "");
    SchemaScript windows = new SchemaScript(1, "core", "A;\r\nB;\r\n", "");
    SchemaScript other = new SchemaScript(1, "core", "A;\nC;\n", "");

    assertThat(windows.checksum()).isEqualTo(unix.checksum()).hasSize(64);
    assertThat(other.checksum()).isNotEqualTo(unix.checksum());
  }
}
