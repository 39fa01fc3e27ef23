package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.notifier.CallbackRequest;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Amazon SNS with a key of its own; the host of its region is played by WireMock. */
final class FakeSns {
  static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail-events";
  static final String CERTIFICATE_PATH = "/SimpleNotificationService-0a1b2c.pem";
  static final String CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com" + CERTIFICATE_PATH;

  private static final String PASSWORD = "changeit";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final WireMockServer server;
  private final PrivateKey key;
  private final byte[] certificate;

  private FakeSns(WireMockServer server, PrivateKey key, byte[] certificate) {
    this.server = server;
    this.key = key;
    this.certificate = certificate;
  }

  /** Makes the key and a certificate that is valid in 2025. */
  static FakeSns behind(WireMockServer server, Path folder) {
    try {
      Path file = folder.resolve("sns.p12");
      keytool(file);
      KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
      return new FakeSns(
          server,
          (PrivateKey) store.getKey("sns", PASSWORD.toCharArray()),
          pem(store.getCertificate("sns").getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(
            (keytool
                    + " -genkeypair -alias sns -keyalg RSA -keysize 2048 -dname CN=sns -storetype"
                    + " PKCS12 -validity 365 -storepass "
                    + PASSWORD)
                .split(" "));
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-startdate", "2025/01/01 00:00:00", "-keystore", file.toString()));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] pem(byte[] der) {
    return ("-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END CERTIFICATE-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  // --- Its host ---------------------------------------------------------------------------------

  /** Answers with its certificate, and confirms subscriptions. */
  void serve() {
    serveCertificate(aResponse().withBody(certificate));
    server.stubFor(get(urlPathEqualTo("/")).willReturn(aResponse().withBody("<Confirmed/>")));
  }

  void serveCertificate(ResponseDefinitionBuilder response) {
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    server.stubFor(get(CERTIFICATE_PATH).willReturn(response));
  }

  /** Sends what is meant for SNS to the server that plays it. */
  HttpOutcome send(HttpSender sender, Request request) {
    return sender.send(rewritten(request));
  }

  /** Does the same inside of a client. */
  Interceptor interceptor() {
    return this::intercept;
  }

  private Response intercept(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    boolean forSns = request.url().host().startsWith("sns.");
    return chain.proceed(forSns ? rewritten(request) : request);
  }

  private Request rewritten(Request request) {
    HttpUrl here = HttpUrl.get(server.baseUrl());
    HttpUrl url =
        request.url().newBuilder().scheme("http").host(here.host()).port(here.port()).build();
    return request.newBuilder().url(url).build();
  }

  // --- What it posts ----------------------------------------------------------------------------

  /** Returns a notification, not signed yet. */
  static ObjectNode notification(String message, Instant time) {
    return MAPPER
        .createObjectNode()
        .put("Type", "Notification")
        .put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
        .put("TopicArn", TOPIC)
        .put("Message", message)
        .put("Timestamp", time.toString())
        .put("SignatureVersion", "2")
        .put("SigningCertURL", CERTIFICATE_URL);
  }

  /** Returns a request to confirm a subscription, not signed yet. */
  static ObjectNode subscription(Instant time) {
    ObjectNode message =
        notification("You have chosen to subscribe.", time)
            .put("Type", "SubscriptionConfirmation")
            .put("Token", "2336412f37")
            .put(
                "SubscribeURL",
                "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn="
                    + TOPIC
                    + "&Token=2336412f37");
    return message;
  }

  CallbackRequest signed(ObjectNode message) {
    try {
      String version = message.path("SignatureVersion").asText();
      Signature signature =
          Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(text(message).getBytes(StandardCharsets.UTF_8));
      return posted(message.put("Signature", Base64.getEncoder().encodeToString(signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By the rule in Amazon's guide, not by the code under test. */
  private static String text(ObjectNode message) {
    StringBuilder text = new StringBuilder();
    boolean notification = message.path("Type").asText().equals("Notification");
    String[] names =
        notification
            ? new String[] {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
            : new String[] {
              "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"
            };
    for (String name : names) {
      if (message.has(name)) {
        text.append(name).append('\n').append(message.path(name).asText()).append('\n');
      }
    }
    return text.toString();
  }

  /** Returns a message as SNS posts it: JSON under the name of plain text. */
  static CallbackRequest posted(JsonNode message) {
    return CallbackRequest.of("POST", "https://shop.example/mail/events")
        .header("Content-Type", "text/plain; charset=UTF-8")
        .header("x-amz-sns-message-type", message.path("Type").asText())
        .body(message.toString().getBytes(StandardCharsets.UTF_8));
  }
}
