package dev.notifier.channel.email;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in which something outside of the application keeps a valid access token. */
record TokenFile(Path file) implements AccessTokens {
  private static final long MOST_BYTES = 64 * 1024;

  @Override
  public String current() throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("token file " + file + " is larger than " + MOST_BYTES + " bytes");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
  }
}
