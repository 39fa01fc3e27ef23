package dev.notifier.examples;

import dev.notifier.ChannelPolicy;
import dev.notifier.Content;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.RateLimit;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.spi.ChannelFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The code that README and guides show: what stands here between two comments stands there to the
 * letter, but for white space. {@link GuideTest} compares them and runs them.
 */
final class GuideSamples {
  final List<String> alarms = new ArrayList<>();

  void firstSend() throws InterruptedException {
    // sample: firstSend
    try (Notifier notifier =
        Notifier.builder()
            .channel(
                EmailChannel.smtp("smtp.example.com", 587)
                    .credentials("user", "password")
                    .from("Shop <no-reply@example.com>"))
            .build()) {

      Receipt receipt =
          notifier.send(
              Notification.to("email:ada@example.com")
                  .subject("Your order has shipped")
                  .text("It arrives on Monday.")
                  .priority(Priority.HIGH)
                  .idempotencyKey("order-1001-shipped")
                  .build());

      System.out.println(receipt.await(Duration.ofSeconds(30)));
    }
    // end
  }

  ChannelFactory email() {
    // sample: email
    ChannelFactory email =
        EmailChannel.smtp("mail.example.com", 465)
            .implicitTls()
            .credentials("user", "password")
            .from("Shop <no-reply@example.com>")
            .replyTo("help@example.com");
    // end
    return email;
  }

  ChannelPolicy channelPolicy() {
    // sample: channelPolicy
    ChannelPolicy patient =
        ChannelPolicy.builder()
            .concurrency(4)
            .retry(Priority.LOW, RetryPolicy.seconds(60, 600))
            .retry(
                Priority.NORMAL,
                RetryPolicy.exponential(Duration.ofSeconds(2), 3, Duration.ofMinutes(10)))
            .rateLimit(RateLimit.perSecond(30))
            .recipientRateLimit(RateLimit.perMinute(20))
            .overflow(OverflowPolicy.reject())
            .build();
    // end
    return patient;
  }

  List<Notification> routes() {
    // sample: routes
    Recipient ada = Recipient.named("user-42").email("ada@example.com").address("pager", "42");

    Notification fallBack =
        Notification.to(ada)
            .via("email")
            .orElse("pager")
            .fallbackAfter(Duration.ofMinutes(10))
            .text("The order has shipped.")
            .build();

    Notification sideBySide =
        Notification.to(ada).viaAll("email", "pager").text("The house is on fire.").build();
    // end
    return List.of(fallBack, sideBySide);
  }

  DeliveryInterceptor interceptor() {
    // sample: interceptor
    DeliveryInterceptor footer =
        (attempt, chain) -> {
          Content content = attempt.content();
          String text = content.text().orElse("") + "\n-- \nYour shop";
          return chain.proceed(attempt.withContent(content.withText(text)));
        };
    // end
    return footer;
  }

  NotificationListener listener() {
    // sample: listener
    NotificationListener pagerDuty =
        new NotificationListener() {
          @Override
          public void settled(NotificationId id, DeliveryReport delivery) {
            if (delivery.status() == DeliveryStatus.FAILED) {
              alarms.add(id + ": " + delivery.reason());
            }
          }
        };
    // end
    return pagerDuty;
  }

  Notifier properties(Path file) {
    // sample: properties
    Notifier notifier = Notifier.builder().properties(file).environment().build();
    // end
    return notifier;
  }
}
