/**
 * The email channel: SMTP, SendGrid and Amazon SES.
 *
 * @provides dev.notifier.spi.ChannelProvider the channel {@code email}, made from settings
 */
module dev.notifier.channel.email {
  requires transitive dev.notifier.core;
  requires transitive jakarta.mail;
  requires dev.notifier.http;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires okhttp3;
  requires okio;
  requires static org.jspecify;
  requires org.jsoup;
  requires org.slf4j;

  exports dev.notifier.channel.email;

  provides dev.notifier.spi.ChannelProvider with
      dev.notifier.channel.email.EmailChannelProvider;
}
