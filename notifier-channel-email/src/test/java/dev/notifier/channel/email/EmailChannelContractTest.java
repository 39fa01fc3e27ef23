package dev.notifier.channel.email;

import dev.notifier.ChannelOptions;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class EmailChannelContractTest extends ChannelContract {
  private final ScriptedSmtpServer server = ScriptedSmtpServer.start().offering("AUTH PLAIN");

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  protected Channel createChannel() {
    return EmailChannel.smtp("127.0.0.1", server.port())
        .plaintextWithCredentials()
        .credentials("shop", "s3cret-passw0rd")
        .from("Shop <no-reply@shop.example>")
        .readTimeout(Duration.ofSeconds(1))
        .acceptanceTimeout(Duration.ofSeconds(1))
        .create();
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
        Notification.to("email:ada@example.com").html("<img src=\"cid:missing\">").build(),
        Notification.to("email:ada@straße.example").text("x").build(),
        Notification.to("email:ada@example.com")
            .text("x")
            .options(ChannelOptions.of("email", Map.of("headers", "Subject: another")))
            .build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of("s3cret-passw0rd");
  }

  @Override
  protected Provider provider() {
    return new ScriptedProvider(server);
  }
}
