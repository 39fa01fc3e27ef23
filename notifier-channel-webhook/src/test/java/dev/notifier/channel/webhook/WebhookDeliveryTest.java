package dev.notifier.channel.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.Address;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks through a notifier. */
@Timeout(60)
class WebhookDeliveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private WireMockServer receiver;

  @BeforeEach
  void start() {
    receiver = new WireMockServer(options().dynamicPort().containerThreads(60));
    receiver.start();
    receiver.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(200)));
  }

  @AfterEach
  void stop() {
    receiver.stop();
  }

  private static WebhookChannel local() {
    return WebhookChannel.signedWith(WebhookVerifierTest.SECRET)
        .allowHttp("localhost", "127.0.0.1")
        .allowNetwork("127.0.0.0/8", "::1/128");
  }

  private String url(String host, String path) {
    return "http://" + host + ":" + receiver.port() + path;
  }

  private Notification to(String url) {
    return Notification.to("webhook:" + url).text("It has shipped.").build();
  }

  private static DeliveryStatus statusOf(Receipt receipt) throws InterruptedException {
    return receipt.await(PATIENCE).map(Outcome::status).orElseThrow();
  }

  @Test
  void aSlowHostDoesNotStarveTheOthers() throws Exception {
    receiver.stubFor(any(urlEqualTo("/slow")).willReturn(aResponse().withFixedDelay(60_000)));
    WebhookChannel channel = local().callsPerHost(4).timeout(Duration.ofSeconds(50));
    try (Notifier notifier = Notifier.builder().channel(channel).build()) {
      List<Receipt> slow = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        slow.add(notifier.send(to(url("localhost", "/slow"))));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(statusOf(notifier.send(to(url("127.0.0.1", "/quick")))))
            .isEqualTo(DeliveryStatus.SENT);
      }
      for (Receipt receipt : slow) {
        assertThat(receipt.await(Duration.ZERO)).isEmpty();
      }
      notifier.close(Duration.ZERO);
    }
  }

  @Test
  void aQuickHostGetsABurstThoughItsCallsAreBounded() throws Exception {
    try (Notifier notifier = Notifier.builder().channel(local().callsPerHost(2)).build()) {
      List<Receipt> receipts = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        receipts.add(notifier.send(to(url("127.0.0.1", "/"))));
      }
      for (Receipt receipt : receipts) {
        assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
      }
    }
    assertThat(receiver.findAll(postRequestedFor(anyUrl())))
        .extracting(request -> request.getHeader("webhook-id"))
        .hasSize(100)
        .doesNotHaveDuplicates();
  }

  @Test
  void anEndpointThatIsGoneGetsNothingMore() throws Exception {
    receiver.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(410)));
    String url = url("127.0.0.1", "/");
    try (Notifier notifier = Notifier.builder().channel(local()).build()) {
      assertThat(statusOf(notifier.send(to(url)))).isEqualTo(DeliveryStatus.FAILED);
      assertThat(statusOf(notifier.send(to(url)))).isEqualTo(DeliveryStatus.SUPPRESSED);
      assertThat(notifier.suppressions().find(Address.parse("webhook:" + url))).isPresent();
    }
    assertThat(receiver.findAll(postRequestedFor(anyUrl()))).hasSize(1);
  }

  @Test
  void aWebhookThatIsRefusedOnceComesAgainUnderTheSameId() throws Exception {
    receiver.stubFor(
        any(anyUrl())
            .inScenario("once")
            .whenScenarioStateIs("Started")
            .willSetStateTo("up")
            .willReturn(aResponse().withStatus(503)));
    WebhookChannel channel =
        local().retries(RetryPolicy.delays(Duration.ofMillis(10), Duration.ofMillis(10)));
    try (Notifier notifier = Notifier.builder().channel(channel).build()) {
      assertThat(statusOf(notifier.send(to(url("127.0.0.1", "/"))))).isEqualTo(DeliveryStatus.SENT);
    }
    assertThat(receiver.findAll(postRequestedFor(anyUrl())))
        .hasSize(2)
        .extracting(request -> request.getHeader("webhook-id"))
        .containsOnly(receiver.findAll(postRequestedFor(anyUrl())).get(0).getHeader("webhook-id"));
  }

  // --- Outcomes posted to the host's own system -------------------------------------------------

  private final Told told = new Told();

  /** Is told after the listener under test, and so knows that it is done. */
  private static final class Told implements NotificationListener {
    private final CountDownLatch settled = new CountDownLatch(1);

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      settled.countDown();
    }

    void await() throws InterruptedException {
      assertThat(settled.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void outcomesArePostedOnceAndTheirOwnOutcomesAreNot() throws Exception {
    DeliveryStatusWebhook outcomes = DeliveryStatusWebhook.to(url("127.0.0.1", "/outcomes"));
    try (Notifier notifier =
        Notifier.builder()
            .channel(local())
            .channel("pager", attempt -> DeliveryResult.permanentFailure("no such pager"))
            .channel("desk", attempt -> DeliveryResult.accepted("desk-7"))
            .listener(outcomes)
            .listener(told)
            .build()) {
      outcomes.through(notifier);
      Receipt receipt =
          notifier.send(
              Notification.to(Recipient.named("ada").address("pager", "4711").address("desk", "1"))
                  .text("The house is on fire.")
                  .idempotencyKey("fire-1")
                  .build());
      assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
      told.await();
    } // closing drains what was accepted

    List<LoggedRequest> requests = receiver.findAll(postRequestedFor(urlEqualTo("/outcomes")));
    assertThat(requests).hasSize(1);
    WebhookVerifier.of(WebhookVerifierTest.SECRET)
        .verify(requests.get(0)::getHeader, requests.get(0).getBody());
    JsonNode event = JsonMapper.builder().build().readTree(requests.get(0).getBody());
    assertThat(event.path("type").asText()).isEqualTo("delivery.sent");
    JsonNode data = event.path("data");
    assertThat(data.path("status").asText()).isEqualTo("sent");
    assertThat(data.path("channel").asText()).isEqualTo("desk");
    assertThat(data.path("recipient").asText()).isEqualTo("ada");
    assertThat(data.path("idempotencyKey").asText()).isEqualTo("fire-1");
    assertThat(data.path("attempts")).hasSize(2);
    assertThat(data.path("attempts").get(0).path("result").asText()).isEqualTo("permanent");
    assertThat(data.path("attempts").get(0).path("reason").asText()).isEqualTo("no such pager");
    assertThat(data.path("attempts").get(1).path("providerMessageId").asText()).isEqualTo("desk-7");
    assertThat(event.toString()).doesNotContain("fire.", "4711");
  }

  @Test
  void whatIsSettledBeforeTheNotifierIsKnownIsPostedThen() throws Exception {
    DeliveryStatusWebhook outcomes = DeliveryStatusWebhook.to(url("127.0.0.1", "/outcomes"));
    try (Notifier notifier =
        Notifier.builder()
            .channel(local())
            .channel("desk", attempt -> DeliveryResult.accepted())
            .listener(outcomes)
            .listener(told)
            .build()) {
      Receipt receipt = notifier.send(Notification.to("desk:1").text("hello").build());
      assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
      told.await();

      outcomes.through(notifier);

      assertThatThrownBy(() -> outcomes.through(notifier))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(receiver.findAll(postRequestedFor(urlEqualTo("/outcomes")))).hasSize(1);
  }

  @Test
  void anOutcomeThatCannotBeSentHurtsNobody() throws Exception {
    DeliveryStatusWebhook outcomes = DeliveryStatusWebhook.to("https://ops.example/outcomes");
    try (Notifier notifier =
        Notifier.builder()
            .channel("desk", attempt -> DeliveryResult.accepted())
            .listener(outcomes)
            .build()) {
      outcomes.through(notifier); // which has no channel webhook
      assertThat(statusOf(notifier.send(Notification.to("desk:1").text("hello").build())))
          .isEqualTo(DeliveryStatus.SENT);
    }
    assertThatThrownBy(() -> DeliveryStatusWebhook.to("ftp://ops.example"))
        .hasMessageContaining("it must start with https:// or http://");
  }
}
