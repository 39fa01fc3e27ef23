package dev.notifier.channel.email;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Files that other projects gave away for tests, which lie beside this one and not in it. */
final class SharedData {
  private SharedData() {}

  /** Returns where it is; where it is not, the test is skipped, and says so. */
  static Path file(String name) {
    Path found =
        Stream.of("../../shared/data", "../shared/data", "../../../shared/data")
            .map(folder -> Path.of(folder, name))
            .filter(Files::exists)
            .findFirst()
            .orElse(null);
    if (found == null) {
      System.err.println("SKIPPED: shared data file " + name + " is not here");
    }
    Assumptions.assumeTrue(found != null, "shared data file " + name + " is not here");
    return Objects.requireNonNull(found);
  }
}
