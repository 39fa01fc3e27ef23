/**
 * The email channel: SMTP.
 *
 * @provides dev.notifier.spi.ChannelProvider the channel {@code email}, made from settings
 */
module dev.notifier.channel.email {
  requires transitive dev.notifier.core;
  requires static org.jspecify;
  requires org.jsoup;
  requires org.slf4j;

  exports dev.notifier.channel.email;

  provides dev.notifier.spi.ChannelProvider with
      dev.notifier.channel.email.EmailChannelProvider;
}
