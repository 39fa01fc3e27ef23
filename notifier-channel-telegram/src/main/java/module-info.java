/**
 * Messages and files by a Telegram bot.
 *
 * @provides dev.notifier.spi.ChannelProvider to make the channel from settings
 */
module dev.notifier.channel.telegram {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.github.benmanes.caffeine;
  requires transitive dev.notifier.core;
  requires dev.notifier.http;
  requires okio;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.notifier.channel.telegram;

  provides dev.notifier.spi.ChannelProvider with
      dev.notifier.channel.telegram.TelegramChannelProvider;
}
