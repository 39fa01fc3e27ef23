package dev.notifier.channel.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.LoggerFactory;

/** Test data that lies beside the project and was written by others. */
final class SharedData {
  private SharedData() {}

  /** Reads a file, or skips the test, loudly, where there is none. */
  static JsonNode json(String name) throws IOException {
    Optional<Path> file = find(name);
    if (file.isEmpty()) {
      LoggerFactory.getLogger(SharedData.class).warn("SKIPPED: no shared/data/{} above here", name);
    }
    Assumptions.assumeTrue(file.isPresent(), "no shared/data/" + name);
    return JsonMapper.builder().build().readTree(file.orElseThrow().toFile());
  }

  private static Optional<Path> find(String name) {
    for (String up : new String[] {"..", "../..", "../../.."}) {
      Path file = Path.of(up, "shared", "data", name);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
