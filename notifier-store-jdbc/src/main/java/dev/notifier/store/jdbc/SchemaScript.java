package dev.notifier.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One version of the schema for one database: the scripts that lead to it and back. */
record SchemaScript(int version, String description, String up, String down) {
  /** Never change a script that was released: add the next version. */
  private static final List<String> DESCRIPTIONS =
      List.of("core", "templates_and_schedules", "batches_and_tags", "preferences");

  /** Returns all versions, oldest first. */
  static List<SchemaScript> all(DatabaseKind kind) {
    return DESCRIPTIONS.stream().map(description -> read(kind, description)).toList();
  }

  private static SchemaScript read(DatabaseKind kind, String description) {
    int version = DESCRIPTIONS.indexOf(description) + 1;
    String path = kind.folder() + "/V" + version + "__" + description;
    return new SchemaScript(
        version, description, resource(path + ".up.sql"), resource(path + ".down.sql"));
  }

  private static String resource(String name) {
    try (InputStream in = SchemaScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("script " + name + " is not in notifier-store-jdbc");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of the way up, the same whatever the line ends and the prefix. */
  String checksum() {
    return Sha256.hex(up.replace("\r\n", "\n"));
  }

  /** Its name, for messages. */
  @Override
  public String toString() {
    return "version " + version + " (" + description + ")";
  }
}
