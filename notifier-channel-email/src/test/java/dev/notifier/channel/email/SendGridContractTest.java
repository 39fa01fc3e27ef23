package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.Attachment;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SendGridContractTest extends ChannelContract {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeSendGrid sendGrid = new FakeSendGrid(server);

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
    sendGrid.accept();
    return sendGrid.account().readTimeout(Duration.ofMillis(1500)).create();
  }

  @Override
  protected Notification notification() {
    return Notification.to("email:ada.lovelace@example.com")
        .subject("The subject of the contract")
        .text("The text of the contract, which nobody may log.")
        .build();
  }

  @Override
  protected List<Notification> unsendableNotifications() {
    return List.of(
        Notification.to("email:ada.lovelace@example.com").text("no subject").build(),
        Notification.to("email:ada.lovelace@example.com")
            .subject("An empty file")
            .text("See below")
            .attach(Attachment.of("empty.txt", "text/plain", new byte[0]))
            .build(),
        Notification.to("email:ädä@example.com").subject("Hi").text("needs SMTPUTF8").build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(FakeSendGrid.KEY);
  }

  @Override
  protected Provider provider() {
    return sendGrid;
  }
}
