package dev.notifier.internal.template;

import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateReference;
import dev.notifier.TemplateVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Templates in text form, without versions: resources of the class path, or files. */
final class TextSource implements TemplateSource {
  private static final String SUFFIX = ".template";
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_REMEMBERED = 1000;

  /** Finds a text by the name of its file. */
  @FunctionalInterface
  private interface Texts {
    /** Returns an open stream; null if there is no such file. */
    @Nullable InputStream open(String file) throws IOException;
  }

  private final Texts texts;
  private final boolean fixed;
  private final Map<String, Optional<String>> remembered = new ConcurrentHashMap<>();

  private TextSource(Texts texts, boolean fixed) {
    this.texts = texts;
    this.fixed = fixed;
  }

  /** Returns the resources under a folder of the class path; each is read once. */
  static TextSource classPath(String folder, ClassLoader loader) {
    return new TextSource(file -> loader.getResourceAsStream(folder + "/" + file), true);
  }

  /** Returns the files of a directory; each is read anew every time. */
  static TextSource directory(Path directory) {
    return new TextSource(file -> openFile(directory.resolve(file)), false);
  }

  private static @Nullable InputStream openFile(Path file) throws IOException {
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public boolean has(String name) {
    return text(name).isPresent();
  }

  @Override
  public Optional<VersionKey> active(String name) {
    return text(name).map(text -> new VersionKey(name, 0, text));
  }

  @Override
  public Optional<VersionKey> version(String name, int version) {
    return Optional.empty();
  }

  @Override
  public Optional<TemplateVersion> load(VersionKey key) {
    try {
      Template template = Template.parse(key.name(), (String) key.stamp());
      return Optional.of(new TemplateVersion(template, 0, Instant.EPOCH));
    } catch (IllegalArgumentException e) {
      throw problem(key.name(), String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> text(String name) {
    if (!fixed) {
      return read(name);
    }
    Optional<String> known = remembered.get(name);
    if (known != null) {
      return known;
    }
    Optional<String> found = read(name);
    if (remembered.size() < MAX_REMEMBERED) {
      remembered.put(name, found);
    }
    return found;
  }

  /** The name of a template has no slash, so that this never leaves the folder. */
  private Optional<String> read(String name) {
    try (InputStream stream = texts.open(name + SUFFIX)) {
      if (stream == null) {
        return Optional.empty();
      }
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw problem(name, "its file must have at most " + MAX_BYTES + " bytes");
      }
      return Optional.of(decoded(bytes).replace("\r\n", "\n"));
    } catch (CharacterCodingException e) {
      throw problem(name, "its file must be in UTF-8, but holds bytes that are not");
    } catch (IOException e) {
      throw problem(name, "its file cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** Some editors begin a file with the mark of UTF-8, which is no part of the text. */
  private static String decoded(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static TemplateException problem(String name, String message) {
    return new TemplateException(TemplateProblem.of(TemplateReference.active(name), message));
  }
}
