package dev.notifier.channel.email;

import dev.notifier.ChannelOptions;
import dev.notifier.Notification;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

class EmailChannelContractTest extends ChannelContract {
  private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: <(.+)@shop.example>");

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
    return new ScriptedProvider();
  }

  /** A mail server's way to say each of these. */
  private final class ScriptedProvider implements Provider {
    @Override
    public void accept() {
      server.on(Step.RCPT, "250 2.1.5 ok").on(Step.END_OF_DATA, "250 2.0.0 queued");
    }

    @Override
    public void refuseForGood() {
      server.on(Step.RCPT, "550 5.1.1 <ada.lovelace@example.com>: no such user");
    }

    @Override
    public void refuseForNow() {
      server.on(Step.RCPT, "451 4.3.0 try again later");
    }

    @Override
    public void askToWait(Duration retryAfter) {
      server.on(
          Step.RCPT, "450 4.7.1 Greylisted, try again in " + retryAfter.toSeconds() + " seconds");
    }

    @Override
    public void refuseCredentials() {
      server.on(Step.AUTH, "535 5.7.8 authentication failed");
    }

    @Override
    public void hangUp() {
      server.on(Step.END_OF_DATA, ScriptedSmtpServer.HANG_UP);
    }

    @Override
    public void stall() {
      server.on(Step.END_OF_DATA, ScriptedSmtpServer.SILENCE);
    }

    @Override
    public List<String> acceptedTokens() {
      return server.messages().stream()
          .flatMap(message -> MESSAGE_ID.matcher(message).results().map(this::token))
          .toList();
    }

    private String token(MatchResult found) {
      return found.group(1);
    }
  }
}
