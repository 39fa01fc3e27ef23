package dev.notifier.internal.config;

import dev.notifier.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What stands in properties and in the environment, by key without {@code notifier.}: lower case,
 * with a dot wherever there was a dot, a hyphen or an underscore. The environment wins.
 */
public final class Settings {
  private static final String PREFIX = "notifier.";

  private final Map<String, String> fromProperties = new TreeMap<>();
  private final Map<String, String> fromEnvironment = new TreeMap<>();

  /**
   * Adds the entries of a properties file in UTF-8.
   *
   * @throws ConfigurationException if it cannot be read
   */
  public void addFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException("properties file " + file + " cannot be read: " + e, e);
    }
    addProperties(properties);
  }

  /** Adds the entries that start with {@code notifier.}; others belong to somebody else. */
  public void addProperties(Properties properties) {
    for (String key : properties.stringPropertyNames()) {
      add(fromProperties, key, properties.getProperty(key));
    }
  }

  /** Adds the variables that start with {@code NOTIFIER_}. */
  public void addEnvironment(Map<String, String> environment) {
    environment.forEach((key, value) -> add(fromEnvironment, key, value));
  }

  private static void add(Map<String, String> to, String key, String value) {
    String canonical = canonical(key);
    if (canonical.startsWith(PREFIX)) {
      to.put(canonical.substring(PREFIX.length()), value);
    }
  }

  static String canonical(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
  }

  Map<String, String> fromProperties() {
    return fromProperties;
  }

  Map<String, String> fromEnvironment() {
    return fromEnvironment;
  }
}
