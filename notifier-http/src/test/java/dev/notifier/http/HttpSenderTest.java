package dev.notifier.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpSenderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final MediaType JSON = MediaType.get("application/json");

  private ScriptedServer server;
  private HttpSender sender;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    sender = HttpSender.builder().clock(() -> NOW).keptBytes(1000).build();
  }

  @AfterEach
  void stop() throws IOException {
    sender.close();
    server.close();
  }

  private Request post(String path) {
    byte[] body = "{\"ü\":1}".getBytes(StandardCharsets.UTF_8);
    return new Request.Builder().url(server.url(path)).post(RequestBody.create(body, JSON)).build();
  }

  private HttpReply reply(Request request) {
    HttpOutcome outcome = sender.send(request);
    assertThat(outcome).isInstanceOf(HttpReply.class);
    return (HttpReply) outcome;
  }

  private NoReply noReply(HttpSender by, Request request) {
    HttpOutcome outcome = by.send(request);
    assertThat(outcome).isInstanceOf(NoReply.class);
    return (NoReply) outcome;
  }

  @Test
  void aReplyCarriesStatusHeadersAndBody() {
    server.then("HTTP/1.1 201 Created", "X-Id: a", "x-ID: b", "Content-Length: 5", "", "hello");

    HttpReply reply = reply(post("/"));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.isSuccessful()).isTrue();
    assertThat(reply.header("X-ID")).contains("b");
    assertThat(reply.header("X-Other")).isEmpty();
    assertThat(reply.text()).isEqualTo("hello");
    assertThat(reply.body()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(reply.isComplete()).isTrue();
    assertThat(reply.retryAfter()).isEmpty();
    assertThat(reply).hasToString("HttpReply[201, 5 bytes]");
    assertThat(reply.toResult(it -> DeliveryResult.accepted(it.text())))
        .isEqualTo(DeliveryResult.accepted("hello"));
  }

  @Test
  void theBytesOfTheBodyAndItsTypeAreSentAsTheyAre() {
    server.then("HTTP/1.1 204 No Content", "", "");

    reply(post("/"));

    ScriptedServer.Received request = server.requests().get(0);
    assertThat(request.body()).isEqualTo("{\"ü\":1}");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header("User-Agent")).matches("notifier/[0-9].*");
  }

  @Test
  void aUserAgentOfTheChannelsOwnStays() {
    server.then("HTTP/1.1 204 No Content", "", "");

    reply(post("/").newBuilder().header("User-Agent", "own").build());

    assertThat(server.requests().get(0).header("User-Agent")).isEqualTo("own");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsAReplyAndNotFollowed(int status) {
    server.then("HTTP/1.1 " + status + " Moved", "Location: /b", "Content-Length: 0", "", "");

    assertThat(reply(post("/a")).status()).isEqualTo(status);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 421, 429, 503})
  void aBodyIsNotSentTwiceThoughTheServerAsksForIt(int status) {
    server.then("HTTP/1.1 " + status + " X", "Retry-After: 0", "Content-Length: 0", "", "");

    HttpReply reply = reply(post("/"));

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.retryAfter()).contains(Duration.ZERO);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void retryAfterAsDateIsCountedByTheClockGiven() {
    server.then(
        "HTTP/1.1 503 X",
        "Retry-After: Thu, 01 Jan 2026 00:01:00 GMT",
        "Content-Length: 0",
        "",
        "");

    assertThat(reply(post("/")).retryAfter()).contains(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource({"999, 999, true", "1000, 1000, true", "1001, 1000, false", "50000, 1000, false"})
  void aBodyIsKeptUpToTheLimit(int length, int kept, boolean complete) {
    server.then("HTTP/1.1 200 OK", "Content-Length: " + length, "", "x".repeat(length));

    HttpReply reply = reply(post("/"));

    assertThat(reply.body()).hasSize(kept);
    assertThat(reply.isComplete()).isEqualTo(complete);
  }

  @Test
  void aBodyWithoutEndIsLeft() {
    byte[] chunk = ("2000\r\n" + "x".repeat(0x2000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    server.then(
        connection -> {
          write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          while (true) {
            connection.getOutputStream().write(chunk);
          }
        });

    HttpReply reply = reply(post("/"));

    assertThat(reply.body()).hasSize(1000);
    assertThat(reply.isComplete()).isFalse();
  }

  @Test
  void aBodyThatBreaksOffLeavesTheStatusStanding() {
    server.thenClose("HTTP/1.1 200 OK", "Content-Length: 10", "", "half");

    HttpReply reply = reply(post("/"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("half");
    assertThat(reply.isComplete()).isFalse();
  }

  @Test
  void aReplyThatOkHttpRefusesStillHasItsStatus() {
    server.thenClose("HTTP/1.1 204 No Content", "Content-Length: 2", "", "ok");

    HttpReply reply = reply(post("/"));

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.isComplete()).isFalse();
  }

  @Test
  void connectionsAreUsedAgain() {
    String[] ok = {"HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"};
    server.then(ok).then(ok);

    reply(post("/"));
    reply(post("/"));

    assertThat(server.requests()).extracting(ScriptedServer.Received::connection).containsOnly(1);
  }

  @Test
  void aRequestThatWasSentAndNotAnsweredIsAmbiguous() {
    server.thenClose("");

    NoReply outcome = noReply(sender, post("/secret-path?token=abc"));

    assertThat(outcome.requestSent()).isTrue();
    assertThat(outcome.result()).isInstanceOf(DeliveryResult.Ambiguous.class);
    assertThat(outcome.reason())
        .startsWith("no reply from http://127.0.0.1:" + server.port() + "/…: ")
        .doesNotContain("secret-path")
        .doesNotContain("abc");
    assertThat(outcome).asString().doesNotContain("secret-path").contains("requestSent=true");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void silenceAfterTheRequestIsAmbiguous() {
    CountDownLatch over = new CountDownLatch(1);
    server.then(connection -> over.await(30, TimeUnit.SECONDS));
    try (HttpSender hasty = HttpSender.builder().readTimeout(Duration.ofMillis(100)).build()) {
      NoReply outcome = noReply(hasty, post("/"));

      assertThat(outcome.requestSent()).isTrue();
      assertThat(outcome.reason()).contains("SocketTimeoutException");
    } finally {
      over.countDown();
    }
  }

  @Test
  void aReplyThatTricklesEndsWithTheCallTimeout() {
    CountDownLatch over = new CountDownLatch(1);
    server.then(
        connection -> {
          while (!over.await(20, TimeUnit.MILLISECONDS)) {
            write(connection, "H");
          }
          return false;
        });
    try (HttpSender hasty = HttpSender.builder().callTimeout(Duration.ofMillis(200)).build()) {
      assertThat(noReply(hasty, post("/")).requestSent()).isTrue();
    } finally {
      over.countDown();
    }
  }

  @Test
  void aRefusedConnectionIsTransient() throws IOException {
    Request request = post("/secret-path");
    server.close();

    NoReply outcome = noReply(sender, request);

    assertThat(outcome.requestSent()).isFalse();
    assertThat(outcome.toResult(reply -> DeliveryResult.accepted()))
        .isInstanceOf(DeliveryResult.Transient.class);
    assertThat(outcome.reason()).startsWith("no connection to ").doesNotContain("secret-path");
  }

  @Test
  void aNameThatIsNotFoundIsTransient() {
    Request request = new Request.Builder().url("https://nowhere.invalid/").build();
    try (HttpSender nameless =
        HttpSender.builder()
            .client(
                client ->
                    client.dns(
                        host -> {
                          throw new java.net.UnknownHostException(host);
                        }))
            .build()) {
      NoReply outcome = noReply(nameless, request);

      assertThat(outcome.result()).isInstanceOf(DeliveryResult.Transient.class);
      assertThat(outcome.reason()).contains("UnknownHostException");
    }
  }

  @Test
  void aBrokenTlsHandshakeIsTransient() {
    server.thenClose("HTTP/1.1 400 Bad Request", "", "");
    HttpUrl https = HttpUrl.get("https://127.0.0.1:" + server.port() + "/");
    try (HttpSender hasty = HttpSender.builder().readTimeout(Duration.ofMillis(500)).build()) {
      NoReply outcome = noReply(hasty, post("/").newBuilder().url(https).build());

      assertThat(outcome.requestSent()).isFalse();
    }
  }

  @Test
  void closingBreaksOffWhatIsUnderWay() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch received = new CountDownLatch(1);
    server.then(
        connection -> {
          received.countDown();
          return over.await(30, TimeUnit.SECONDS);
        });
    CompletableFuture<HttpOutcome> outcome =
        CompletableFuture.supplyAsync(() -> sender.send(post("/")));
    assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();

    sender.close();

    assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(NoReply.class);
    over.countDown();
  }

  @Test
  void everyThreadOfTheClientIsADaemon() {
    server.then("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");

    reply(post("/"));

    List<Thread> clientThreads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("(?i).*ok(http|io).*"))
            .toList();
    assertThat(clientThreads).isNotEmpty().allMatch(Thread::isDaemon);
  }

  @Test
  void customizationCannotUndoTheSafeSettings() {
    server.then("HTTP/1.1 302 Found", "Location: /b", "Content-Length: 0", "", "");
    try (HttpSender own =
        HttpSender.builder()
            .client(client -> client.followRedirects(true).retryOnConnectionFailure(true))
            .build()) {
      assertThat(own.send(post("/a")))
          .isInstanceOfSatisfying(
              HttpReply.class, reply -> assertThat(reply.status()).isEqualTo(302));
    }
  }

  @Test
  void anExcerptIsOneRedactedLine() {
    server.then(
        "HTTP/1.1 404 Not Found",
        "Content-Length: 37",
        "",
        "Cannot POST /hooks/token-1\r\n\t because");
    Request request = post("/hooks/token-1");

    HttpReply reply = reply(request);

    Redaction redaction = Redaction.of(request.url());
    assertThat(reply.excerpt(redaction, 100)).isEqualTo("Cannot POST … because");
    assertThat(reply.excerpt(redaction, 6)).isEqualTo("Cannot…");
  }

  @Test
  void waitsWithoutEndAreRefused() {
    HttpSender.Builder builder = HttpSender.builder();
    assertThatThrownBy(() -> builder.callTimeout(Duration.ZERO))
        .hasMessage("callTimeout must be from 1 ms to 1 hour, but was PT0S");
    assertThatThrownBy(() -> builder.connectTimeout(Duration.ofHours(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.writeTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.keptBytes(-1))
        .hasMessage("keptBytes must be from 0 to 10485760, but was -1");
    assertThatThrownBy(() -> builder.idleConnections(-1))
        .hasMessage("idleConnections must be from 0 to 10000, but was -1");
  }

  private static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
  }
}
