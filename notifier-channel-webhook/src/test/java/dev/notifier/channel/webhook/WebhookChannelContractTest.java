package dev.notifier.channel.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.notifier.ChannelOptions;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class WebhookChannelContractTest extends ChannelContract {
  private static final String TOKEN = "Bearer t0ps3cret";
  private static WireMockServer server;

  @BeforeAll
  static void startServer() {
    server = new WireMockServer(options().dynamicPort());
    server.start();
  }

  @AfterAll
  static void stopServer() {
    server.stop();
  }

  @Override
  protected Channel createChannel() {
    server.resetAll();
    provider().accept();
    return WebhookChannel.signedWith(WebhookVerifierTest.SECRET)
        .header("Authorization", TOKEN)
        .allowHttp("127.0.0.1")
        .allowHost("127.0.0.1")
        .timeout(Duration.ofSeconds(3))
        .create();
  }

  private static String url() {
    return "http://127.0.0.1:" + server.port() + "/hooks/T0KEN-of-the-endpoint";
  }

  @Override
  protected Notification notification() {
    return Notification.to("webhook:" + url())
        .subject("Order 1001")
        .text("It has shipped.")
        .html("<p>It has shipped.</p>")
        .build();
  }

  @Override
  protected List<Notification> unsendableNotifications() {
    return List.of(
        Notification.to("webhook:http://example.com/").text("no TLS").build(),
        Notification.to("webhook:https://10.0.0.1/").text("inside").build(),
        Notification.to("webhook:" + url())
            .text("a typo")
            .options(ChannelOptions.of("webhook", Map.of("event_type", "a")))
            .build());
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(WebhookVerifierTest.SECRET, TOKEN);
  }

  /** No answer refuses credentials: an endpoint's 401 is a matter of that endpoint. */
  @Override
  protected Provider provider() {
    return new Receiver();
  }

  /** Answers as it is told, and quotes the request where a real one might. */
  private static final class Receiver implements Provider {
    @Override
    public void accept() {
      answer(aResponse().withStatus(200));
    }

    @Override
    public void refuseForGood() {
      answer(quoting(404));
    }

    @Override
    public void refuseForNow() {
      answer(quoting(503));
    }

    @Override
    public void askToWait(Duration retryAfter) {
      answer(quoting(429).withHeader("Retry-After", Long.toString(retryAfter.toSeconds())));
    }

    private static ResponseDefinitionBuilder quoting(int status) {
      return aResponse()
          .withStatus(status)
          .withBody("Cannot POST " + url() + " with " + TOKEN + ": It has shipped.");
    }

    @Override
    public void hangUp() {
      answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
    }

    @Override
    public void stall() {
      answer(aResponse().withFixedDelay(6_000));
    }

    private static void answer(ResponseDefinitionBuilder response) {
      server.stubFor(any(anyUrl()).willReturn(response));
    }

    @Override
    public List<String> acceptedTokens() {
      List<String> tokens = new ArrayList<>();
      for (ServeEvent event : server.getAllServeEvents()) { // the newest first
        if (event.getResponse().getStatus() == 200) {
          tokens.add(event.getRequest().getHeader("webhook-id"));
        }
      }
      Collections.reverse(tokens);
      return tokens;
    }
  }
}
