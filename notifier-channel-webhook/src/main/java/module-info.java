/**
 * Signed webhooks to endpoints that are not trusted.
 *
 * @provides dev.notifier.spi.ChannelProvider the channel {@code webhook}
 */
module dev.notifier.channel.webhook {
  requires transitive dev.notifier.core;
  requires dev.notifier.http;
  requires com.fasterxml.jackson.databind;
  requires com.github.benmanes.caffeine;
  requires okhttp3;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.notifier.channel.webhook;

  provides dev.notifier.spi.ChannelProvider with
      dev.notifier.channel.webhook.WebhookChannelProvider;
}
