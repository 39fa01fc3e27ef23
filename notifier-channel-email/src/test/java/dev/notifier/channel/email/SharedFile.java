package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Test data that is not part of the project; without it a test is skipped, and says so. */
final class SharedFile {
  private static final List<String> PLACES =
      List.of("../shared/data/", "../../shared/data/", "../../../shared/data/");

  private SharedFile() {}

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(bytes(name));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + name, e);
    }
  }

  static byte[] bytes(String name) {
    for (String place : PLACES) {
      Path file = Path.of(place + name);
      if (Files.exists(file)) {
        return read(file);
      }
    }
    String message = "SKIPPED: shared test data " + name + " is not here";
    System.err.println(message);
    return Assumptions.abort(message);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }
}
