package dev.notifier.channel.webhook;

import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.spi.ChannelFactory;
import java.util.Map;

/** The code that docs/WEBHOOK.md shows: {@link GuideTest} compares the two. */
final class GuideSamples {
  void webhook() {
    // sample: webhook
    Notifier notifier =
        Notifier.builder()
            .channel(
                WebhookChannel.signedWith("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
                    .retries(WebhookChannel.STANDARD_RETRIES))
            .build();

    notifier.send(
        Notification.to("webhook:https://example.com/hooks/orders")
            .text("Order 1001 has shipped.")
            .data(Map.of("order", 1001))
            .options(WebhookOptions.eventType("order.shipped"))
            .build());
    // end
    notifier.close();
  }

  String webhookVerifier(Map<String, String> headers, byte[] body) {
    // sample: webhookVerifier
    WebhookVerifier verifier = WebhookVerifier.of("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz");

    String id = verifier.verify(headers, body); // the bytes as they came; throws if not genuine
    // end
    return id;
  }

  Notifier webhookOutcomes(ChannelFactory webhooks) {
    // sample: webhookOutcomes
    DeliveryStatusWebhook outcomes = DeliveryStatusWebhook.to("https://ops.example.com/outcomes");
    Notifier notifier = Notifier.builder().channel(webhooks).listener(outcomes).build();
    outcomes.through(notifier);
    // end
    return notifier;
  }
}
