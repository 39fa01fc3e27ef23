package dev.notifier;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Data of others that lies beside the project and is not part of it. */
final class SharedData {
  private static final List<Path> PLACES =
      List.of(Path.of("../../shared/data"), Path.of("../../../shared/data"));

  private SharedData() {}

  /** Returns the file, or skips the test, aloud, where there is none. */
  static Path file(String name) {
    for (Path place : PLACES) {
      if (Files.isRegularFile(place.resolve(name))) {
        return place.resolve(name);
      }
    }
    String skipped = "SKIPPED: there is no " + name + " in any of " + PLACES;
    System.err.println(skipped);
    Assumptions.abort(skipped);
    throw new AssertionError("abort throws");
  }
}
