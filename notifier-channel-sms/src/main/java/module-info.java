/** SMS and MMS over Twilio and Vonage. */
module dev.notifier.channel.sms {
  requires transitive dev.notifier.core;
  requires dev.notifier.http;
  requires com.fasterxml.jackson.databind;
  requires com.google.i18n.phonenumbers.libphonenumber;
  requires okhttp3;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.notifier.channel.sms;

  provides dev.notifier.spi.ChannelProvider with
      dev.notifier.channel.sms.SmsChannelProvider;
}
