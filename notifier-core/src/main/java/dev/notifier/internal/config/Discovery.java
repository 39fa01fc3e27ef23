package dev.notifier.internal.config;

import dev.notifier.ConfigurationException;
import java.security.CodeSource;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds providers by ServiceLoader, and says aloud what it found. */
final class Discovery {
  private static final Logger log = LoggerFactory.getLogger(Discovery.class);

  private Discovery() {}

  /**
   * Returns the providers by id.
   *
   * @param what what they provide, for messages
   * @throws ConfigurationException if two have one id, or one cannot be loaded
   */
  static <P> Map<String, P> find(String what, ServiceLoader<P> loader, Function<P, String> idOf) {
    Map<String, P> found = new TreeMap<>();
    try {
      for (Iterator<P> providers = loader.iterator(); providers.hasNext(); ) {
        P provider = providers.next();
        String id = idOf.apply(provider);
        P other = found.putIfAbsent(id, provider);
        if (other != null) {
          throw twoOfOneId(what, id, other, provider);
        }
        log.info("found {} provider '{}': {}", what, id, origin(provider));
      }
    } catch (ServiceConfigurationError e) {
      throw new ConfigurationException(
          "a " + what + " provider cannot be loaded: " + e.getMessage(), e);
    }
    return found;
  }

  private static ConfigurationException twoOfOneId(
      String what, String id, Object one, Object other) {
    return new ConfigurationException(
        "two "
            + what
            + " providers have the id '"
            + id
            + "': "
            + origin(one)
            + " and "
            + origin(other)
            + "; remove one of them from the class path");
  }

  private static String origin(Object provider) {
    Class<?> type = provider.getClass();
    String version =
        Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("no version");
    CodeSource source = type.getProtectionDomain().getCodeSource();
    String location =
        source == null || source.getLocation() == null
            ? "unknown place"
            : lastSegment(source.getLocation().getPath());
    return type.getName() + " (" + version + ", " + location + ")";
  }

  private static String lastSegment(String path) {
    String withoutSlash = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return withoutSlash.substring(withoutSlash.lastIndexOf('/') + 1);
  }
}
