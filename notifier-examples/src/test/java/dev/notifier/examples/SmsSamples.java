package dev.notifier.examples;

import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.channel.sms.SmsAccounts;
import dev.notifier.channel.sms.SmsChannel;

/** The code that the guide of the SMS channel shows; see {@link GuideSamples}. */
final class SmsSamples {
  private final String accountSid = "AC0123456789abcdef0123456789abcdef";
  private final String authToken = "token";
  private final String apiKey = "abcd1234";
  private final String apiSecret = "secret";

  void twilio() {
    // sample: smsTwilio
    try (Notifier notifier =
        Notifier.builder()
            .channel(SmsChannel.twilio(accountSid, authToken).from("+14155550100"))
            .build()) {

      notifier.send(Notification.to("sms:+4915112345678").text("Your code is 1234").build());
      // end
    }
  }

  SmsAccounts failover() {
    // sample: smsFailover
    SmsAccounts sms =
        SmsChannel.failover(
                SmsChannel.twilio(accountSid, authToken).from("+14155550100"),
                SmsChannel.vonage(apiKey, apiSecret).from("Shop"))
            .maxParts(3);
    // end
    return sms;
  }

  CallbackReply callback(
      Notifier notifier,
      String method,
      String url,
      String contentType,
      String signature,
      byte[] body) {
    // sample: smsCallback
    CallbackReply reply =
        notifier
            .callbacks()
            .accept(
                "sms",
                CallbackRequest.of(method, url)
                    .header("Content-Type", contentType)
                    .header("X-Twilio-Signature", signature)
                    .body(body));
    // end
    return reply;
  }
}
