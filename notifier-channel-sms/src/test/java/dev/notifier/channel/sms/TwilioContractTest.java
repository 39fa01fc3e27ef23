package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Twilio takes no token of ours, so the tests about tokens are skipped. */
class TwilioContractTest extends ChannelContract {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeTwilio twilio = new FakeTwilio(server);

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  protected Channel createChannel() {
    server.resetAll();
    twilio.accept();
    return twilio.account().readTimeout(Duration.ofMillis(1500)).create();
  }

  @Override
  protected Notification notification() {
    return Notification.to("sms:" + Attempts.NUMBER).text("Body-of-the-contract-17ef").build();
  }

  @Override
  protected List<Notification> unsendableNotifications() {
    return List.of(
        Notification.to("sms:" + Attempts.NUMBER).text("a".repeat(919)).build(),
        Notification.to("sms:" + Attempts.NUMBER).html("<p>only HTML</p>").build(),
        Notification.to("sms:+99912345678").text("no such country").build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(FakeTwilio.TOKEN);
  }

  @Override
  protected Provider provider() {
    return twilio;
  }
}
