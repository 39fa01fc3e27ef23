package dev.notifier.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
  @TempDir private Path dir;

  /** Claims an id that is taken. */
  public static final class Twin implements ChannelProvider {
    @Override
    public String id() {
      return OddChannelProvider.ID;
    }

    @Override
    public Channel create(ProviderSettings settings) {
      throw new AssertionError("never asked");
    }
  }

  /** Cannot be made. */
  public static final class Broken implements ChannelProvider {
    /** Fails. */
    public Broken() {
      throw new IllegalStateException("broken");
    }

    @Override
    public String id() {
      return "broken";
    }

    @Override
    public Channel create(ProviderSettings settings) {
      throw new AssertionError("never made");
    }
  }

  private static Map<String, ChannelProvider> find(ClassLoader loader) {
    return Discovery.find(
        "channel", ServiceLoader.load(ChannelProvider.class, loader), ChannelProvider::id);
  }

  /** A class loader on which one more provider is registered. */
  private URLClassLoader registering(String provider) throws IOException {
    Path services = Files.createDirectories(dir.resolve("META-INF/services"));
    Files.writeString(services.resolve(ChannelProvider.class.getName()), provider + "\n");
    return new URLClassLoader(new URL[] {url(dir)}, getClass().getClassLoader());
  }

  private static URL url(Path path) throws MalformedURLException {
    return path.toUri().toURL();
  }

  @Test
  void registeredProvidersAreFoundById() {
    assertThat(find(getClass().getClassLoader()))
        .containsOnlyKeys(OddChannelProvider.ID)
        .extractingByKey(OddChannelProvider.ID)
        .isInstanceOf(OddChannelProvider.class);
  }

  @Test
  void twoProvidersOfOneIdAreRefusedWithBothNames() throws IOException {
    try (URLClassLoader loader = registering(Twin.class.getName())) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> find(loader))
          .withMessageStartingWith("two channel providers have the id 'odd-test-channel': ")
          .withMessageContaining(OddChannelProvider.class.getName() + " (no version, test-classes)")
          .withMessageContaining(Twin.class.getName())
          .withMessageEndingWith("; remove one of them from the class path");
    }
  }

  @Test
  void aProviderThatCannotBeLoadedIsNamed() throws IOException {
    for (String name : new String[] {Broken.class.getName(), "no.such.Provider"}) {
      try (URLClassLoader loader = registering(name)) {
        assertThatExceptionOfType(ConfigurationException.class)
            .isThrownBy(() -> find(loader))
            .withMessageStartingWith("a channel provider cannot be loaded: ")
            .withMessageContaining(name)
            .withCauseInstanceOf(ServiceConfigurationError.class);
      }
    }
  }
}
