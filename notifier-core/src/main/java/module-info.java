/**
 * The notifier: fluent API, service-provider interface and in-process engine.
 *
 * @uses dev.notifier.spi.ChannelProvider to find channels
 * @uses dev.notifier.spi.NotificationStoreProvider to find stores
 */
module dev.notifier.core {
  requires com.cronutils;
  requires com.github.benmanes.caffeine;
  requires com.github.mustachejava;
  requires dev.failsafe.core;
  requires java.logging; // for mustache.java, an automatic module, which cannot ask for it
  requires HdrHistogram;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.notifier;
  exports dev.notifier.spi;

  uses dev.notifier.spi.ChannelProvider;
  uses dev.notifier.spi.NotificationStoreProvider;
}
