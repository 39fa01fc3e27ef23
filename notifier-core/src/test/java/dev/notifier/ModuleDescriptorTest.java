package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.NotificationStoreProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The module as users of the module path get it; the tests themselves run on the class path. */
class ModuleDescriptorTest {
  private static ModuleDescriptor module;

  @BeforeAll
  static void readModule() throws IOException, URISyntaxException {
    URI classes = Notifier.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    try (InputStream in = Files.newInputStream(Path.of(classes).resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
  }

  @Test
  void itExportsTheApiAndTheSpiToEverybodyAndNothingElse() {
    assertThat(module.exports())
        .extracting(Exports::source)
        .containsExactlyInAnyOrder("dev.notifier", "dev.notifier.spi");
    assertThat(module.exports()).noneMatch(Exports::isQualified);
    assertThat(module.opens()).isEmpty();
    assertThat(module.isOpen()).isFalse();
  }

  @Test
  void itUsesBothKindsOfProviders() {
    assertThat(module.uses())
        .isEqualTo(
            Set.of(ChannelProvider.class.getName(), NotificationStoreProvider.class.getName()));
    assertThat(module.provides()).isEmpty();
  }

  @Test
  void itNeedsNothingAtRunTimeButFailsafeCaffeineCronUtilsHdrHistogramMustacheAndSlf4j() {
    assertThat(module.name()).isEqualTo("dev.notifier.core");
    assertThat(module.requires())
        .filteredOn(each -> !each.modifiers().contains(Requires.Modifier.STATIC))
        .extracting(Requires::name)
        .containsExactlyInAnyOrder(
            "java.base",
            "java.logging",
            "HdrHistogram",
            "com.cronutils",
            "com.github.benmanes.caffeine",
            "com.github.mustachejava",
            "dev.failsafe.core",
            "org.slf4j");
    assertThat(module.requires())
        .noneMatch(each -> each.modifiers().contains(Requires.Modifier.TRANSITIVE));
  }
}
