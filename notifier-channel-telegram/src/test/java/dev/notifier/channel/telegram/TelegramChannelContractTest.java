package dev.notifier.channel.telegram;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.notifier.ChannelOptions;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract of every channel. The Bot API takes no token by which a repeat is recognised, so the
 * tests that need one are skipped; {@link RetriesTest} counts messages instead.
 */
class TelegramChannelContractTest extends ChannelContract {
  private final BotServer server = new BotServer();

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  protected Channel createChannel() {
    return server
        .bot()
        .readTimeout(Duration.ofSeconds(3))
        .callTimeout(Duration.ofSeconds(10))
        .callbackSecret("callback-secret-1")
        .withoutGroupLimit()
        .create();
  }

  @Override
  protected Notification notification() {
    return Notification.to("telegram:-100123456789")
        .subject("Subject-of-the-contract")
        .text("Text-of-the-contract")
        .html("<b>Html-of-the-contract</b>")
        .build();
  }

  @Override
  protected List<Notification> unsendableNotifications() {
    return List.of(
        Notification.to("telegram:1").text("x".repeat(100_000)).build(),
        Notification.to("telegram:1").html("<p></p>").build(),
        Notification.to("telegram:1")
            .text("x")
            .options(ChannelOptions.of("telegram", Map.of("photo", "gopher://example.com")))
            .build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(BotServer.TOKEN, BotServer.TOKEN.substring(10), "callback-secret-1");
  }

  @Override
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  @Override
  protected Provider provider() {
    return new Provider() {
      @Override
      public void accept() {
        server.accept();
      }

      @Override
      public void refuseForGood() {
        server.always(BotServer.refused(400, "Bad Request: chat not found"));
      }

      @Override
      public void refuseForNow() {
        server.always(BotServer.json(503, "<html>bot" + BotServer.TOKEN + "</html>"));
      }

      /** A 429 is a matter of the whole lane here: see {@link RetriesTest}. */
      @Override
      public void askToWait(Duration retryAfter) {
        server.always(
            BotServer.json(503, "").withHeader("Retry-After", "" + retryAfter.toSeconds()));
      }

      @Override
      public void refuseCredentials() {
        server.always(
            BotServer.refused(401, "Unauthorized: bot" + BotServer.TOKEN + " is not known"));
      }

      @Override
      public void hangUp() {
        server.always(WireMock.aResponse().withFault(Fault.EMPTY_RESPONSE));
      }

      @Override
      public void stall() {
        server.always(BotServer.granted(1).withFixedDelay(8000));
      }
    };
  }
}
