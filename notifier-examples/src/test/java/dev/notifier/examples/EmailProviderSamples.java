package dev.notifier.examples;

import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.Notifier;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.spi.ChannelFactory;
import java.util.Map;

/**
 * The code that the guide of the email channel shows of its providers; see {@link GuideSamples}.
 */
final class EmailProviderSamples {
  private final String apiKey = "SG.key";
  private final String verificationKey = "base64";
  private final String accessKeyId = "AKIDEXAMPLE";
  private final String secretAccessKey = "secret";
  private final String sender = "Shop <no-reply@example.com>";

  ChannelFactory sendGrid() {
    // sample: emailSendGrid
    ChannelFactory sendGrid =
        EmailChannel.sendGrid(apiKey).from("Shop <no-reply@example.com>").eventKey(verificationKey);
    // end
    return sendGrid;
  }

  ChannelFactory ses() {
    // sample: emailSes
    ChannelFactory ses =
        EmailChannel.ses("eu-west-1", accessKeyId, secretAccessKey)
            .from("Shop <no-reply@example.com>")
            .configurationSet("shop")
            .eventTopic("arn:aws:sns:eu-west-1:123456789012:mail-events");
    // end
    return ses;
  }

  ChannelFactory failOver() {
    // sample: emailFailOver
    ChannelFactory email =
        EmailChannel.failOver(
            EmailChannel.smtp("mail.example.com", 587).credentials("user", "password").from(sender),
            EmailChannel.sendGrid(apiKey).from(sender),
            EmailChannel.ses("eu-west-1", accessKeyId, secretAccessKey).from(sender));
    // end
    return email;
  }

  CallbackReply events(Notifier notifier, String url, Map<String, String> headers, byte[] body) {
    // sample: emailCallback
    CallbackRequest request = CallbackRequest.of("POST", url).body(body);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      request = request.header(header.getKey(), header.getValue());
    }
    CallbackReply reply = notifier.callbacks().accept("email", request);
    // end
    return reply;
  }
}
