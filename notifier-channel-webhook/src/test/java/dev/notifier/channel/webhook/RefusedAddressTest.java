package dev.notifier.channel.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpSender;
import dev.notifier.http.NoReply;
import dev.notifier.spi.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.Dns;
import okhttp3.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server on loopback stands for what must not be reached; each test counts what it received. */
@Timeout(60)
class RefusedAddressTest {
  private static WireMockServer inside;

  @BeforeAll
  static void startServer() {
    inside = new WireMockServer(options().dynamicPort().dynamicHttpsPort());
    inside.start();
  }

  @AfterAll
  static void stopServer() {
    inside.stop();
  }

  @BeforeEach
  void reset() {
    inside.resetAll();
    inside.stubFor(any(anyUrl()).willReturn(ok()));
  }

  private static DeliveryResult send(WebhookChannel settings, String url) throws Exception {
    Channel channel = settings.timeout(Duration.ofSeconds(5)).create();
    try (channel) {
      return channel.send(Attempts.to(url));
    }
  }

  private static void assertRefused(DeliveryResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Permanent.class,
            failure -> {
              assertThat(failure.reason()).contains("is refused: its address");
              assertThat(failure.suppressRecipient()).isFalse();
              assertThat(failure.configurationFault()).isFalse();
            });
    assertThat(inside.getAllServeEvents()).isEmpty();
  }

  /** What the host's name stands for, one answer after the other. */
  private static Dns answers(String... addresses) throws UnknownHostException {
    Queue<List<InetAddress>> answers = new ArrayDeque<>();
    for (String address : addresses) {
      answers.add(List.of(named(address)));
    }
    return host -> answers.size() > 1 ? answers.remove() : answers.element();
  }

  private static InetAddress named(String address) throws UnknownHostException {
    return InetAddress.getByAddress("hooks.example", InetAddress.getByName(address).getAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "fd00:ec2::254"})
  void aNameThatLeadsInsideIsRefusedWhenItIsConnected(String address) throws Exception {
    for (String scheme : new String[] {"http", "https"}) {
      int port = scheme.equals("http") ? inside.port() : inside.httpsPort();
      assertRefused(
          send(
              WebhookChannel.unsigned().allowHttp("hooks.example").dns(answers(address)),
              scheme + "://hooks.example:" + port + "/"));
    }
  }

  @Test
  void theNameLocalhostIsRefused() throws Exception {
    assertRefused(
        send(
            WebhookChannel.unsigned().allowHttp("localhost"),
            "http://localhost:" + inside.port() + "/"));
  }

  @Test
  void aNameThatChangesItsMindIsRefused() throws Exception {
    // An address for documentation at registration, loopback when it counts.
    Dns rebinding = answers("93.184.215.14", "127.0.0.1");
    assertThat(rebinding.lookup("hooks.example").get(0).isLoopbackAddress()).isFalse();

    assertRefused(
        send(
            WebhookChannel.unsigned().allowHttp("hooks.example").dns(rebinding),
            "http://hooks.example:" + inside.port() + "/"));
  }

  @Test
  void aNameWithOneAddressInsideIsRefused() throws Exception {
    Dns both = host -> List.of(named("127.0.0.1"), named("::1"));
    assertRefused(
        send(
            WebhookChannel.unsigned().allowHttp("hooks.example").dns(both),
            "http://hooks.example:" + inside.port() + "/"));
  }

  /** The core takes none of these as an address; the guard must not depend on that. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "localhost",
        "LOCALHOST"
      })
  void literalsInAnyFormAreRefusedWhenTheyAreConnected(String host) {
    GuardedSocketFactory sockets = new GuardedSocketFactory(new AddressGuard(List.of(), Set.of()));
    try (HttpSender sender =
        HttpSender.builder()
            .callTimeout(Duration.ofSeconds(5))
            .client(client -> client.socketFactory(sockets).proxy(Proxy.NO_PROXY))
            .build()) {
      HttpOutcome outcome =
          sender.send(
              new Request.Builder().url("http://" + host + ":" + inside.port() + "/").build());

      assertThat(outcome)
          .isInstanceOfSatisfying(
              NoReply.class,
              none -> {
                assertThat(none.requestSent()).isFalse();
                if (!(none.cause() instanceof UnknownHostException)) { // some are no host at all
                  assertThat(RefusedAddressException.behind(none.cause())).isPresent();
                }
              });
    }
    assertThat(inside.getAllServeEvents()).isEmpty();
  }

  @Test
  void proxiesOfTheJvmAreNotUsed() throws Exception {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", Integer.toString(inside.port()));
    System.setProperty("http.nonProxyHosts", "");
    try {
      assertRefused(
          send(
              WebhookChannel.unsigned().allowHttp("hooks.example").dns(answers("10.0.0.1")),
              "http://hooks.example/"));
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
      System.clearProperty("http.nonProxyHosts");
    }
  }

  @Test
  void aProxyThatTheHostSetsIsUsed() throws Exception {
    Proxy proxy =
        new Proxy(
            Proxy.Type.HTTP,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), inside.port()));

    assertThat(
            send(
                WebhookChannel.unsigned().allowHttp("hooks.example").proxy(proxy),
                "http://hooks.example/by-proxy"))
        .isInstanceOf(Accepted.class);
    assertThat(inside.getAllServeEvents())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getRequest().getAbsoluteUrl())
                    .isEqualTo("http://hooks.example/by-proxy"));
  }

  @Test
  void theHostReachesItsOwnNetworks() throws Exception {
    String url = "http://hooks.example:" + inside.port() + "/";
    assertThat(
            send(
                WebhookChannel.unsigned()
                    .allowHttp("hooks.example")
                    .allowNetwork("127.0.0.0/8")
                    .dns(answers("127.0.0.1")),
                url))
        .isInstanceOf(Accepted.class);
    assertThat(
            send(
                WebhookChannel.unsigned()
                    .allowHttp("hooks.example")
                    .allowHost("hooks.example")
                    .dns(answers("127.0.0.1")),
                url))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void aCertificateThatIsNotTrustedIsTransientAndTrustCanBeSet() throws Exception {
    String url = "https://hooks.example:" + inside.httpsPort() + "/";
    X509TrustManager everybody = new TrustsEverybody();
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {everybody}, new SecureRandom());

    DeliveryResult untrusted =
        send(WebhookChannel.unsigned().allowNetwork("127.0.0.0/8").dns(answers("127.0.0.1")), url);
    DeliveryResult trusted =
        send(
            WebhookChannel.unsigned()
                .allowNetwork("127.0.0.0/8")
                .dns(answers("127.0.0.1"))
                .tls(tls.getSocketFactory(), everybody),
            url);

    assertThat(untrusted).isInstanceOf(Transient.class);
    assertThat(untrusted.reason()).contains("SSLHandshakeException");
    // The certificate is now trusted, and still is not that of this host.
    assertThat(trusted).isInstanceOf(Transient.class);
    assertThat(trusted.reason()).contains("SSLPeerUnverifiedException");
    assertThat(inside.getAllServeEvents()).isEmpty();
  }

  private static final class TrustsEverybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
