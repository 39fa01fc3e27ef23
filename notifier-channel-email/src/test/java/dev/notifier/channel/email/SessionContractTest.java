package dev.notifier.channel.email;

import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class SessionContractTest extends ChannelContract {
  private static final String PASSWORD = "s3cret-passw0rd";

  private final ScriptedSmtpServer server = ScriptedSmtpServer.start().offering("AUTH PLAIN");

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  protected Channel createChannel() {
    return EmailChannel.session(
            TestSessions.loggingIn(server.port(), PASSWORD, Map.of("mail.smtp.timeout", "1000")))
        .plaintextWithCredentials()
        .from("Shop <no-reply@shop.example>")
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
        Notification.to("email:ädä@example.com").text("needs SMTPUTF8").build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(PASSWORD);
  }

  @Override
  protected Provider provider() {
    return new ScriptedProvider(server);
  }
}
