package dev.notifier.channel.webhook;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryAttempt;
import dev.notifier.RetryPolicy;
import dev.notifier.channel.webhook.FailingEndpoints.Threshold;
import dev.notifier.channel.webhook.WebhookSignature.PlainHmac;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import java.net.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the channel {@code webhook}, which posts events to URLs and signs them by
 * Standard Webhooks 1.0:
 *
 * <pre>{@code
 * Notifier.builder().channel(WebhookChannel.signedWith("whsec_…"))
 * }</pre>
 *
 * <p>Endpoints are not trusted: only https is spoken, no redirect is followed, no address in a
 * private network is connected to, no reply is read without end, and one slow host does not starve
 * the others. What the host wants otherwise it allows by name.
 *
 * <p>{@code webhook-id} is the delivery's id, the same over all attempts, so that a receiver can
 * tell a repeat. Not thread-safe; the channel that it makes is.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>
 */
public final class WebhookChannel implements ChannelFactory {
  /**
   * The schedule that Standard Webhooks recommends: ten attempts over 75 hours, for {@link
   * #retries}.
   */
  public static final RetryPolicy STANDARD_RETRIES =
      RetryPolicy.seconds(5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400);

  static final ChannelId ID = ChannelId.of("webhook");
  static final Threshold DISABLE_AFTER = new Threshold(20, Duration.ofDays(5));
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  private final EndpointKeys.Source keys;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> httpHosts = new LinkedHashSet<>();
  private final Set<String> allowedHosts = new LinkedHashSet<>();
  private final List<Cidr> allowedNetworks = new ArrayList<>();
  private String eventType = "notification";
  private Duration timeout = Duration.ofSeconds(10);
  private int callsPerHost = 8;
  private Threshold disableAfter = DISABLE_AFTER;
  private Proxy proxy = Proxy.NO_PROXY;
  private InstantSource clock = InstantSource.system();
  private Dns dns = Dns.SYSTEM;
  private @Nullable Function<DeliveryAttempt, WebhookBody> body;
  private @Nullable PlainHmac plainHmac;
  private @Nullable WebhookListener listener;
  private @Nullable RetryPolicy retries;
  private @Nullable SSLSocketFactory sockets;
  private @Nullable X509TrustManager trust;

  private WebhookChannel(EndpointKeys.Source keys) {
    this.keys = keys;
  }

  // --- Signatures -------------------------------------------------------------------------------

  /**
   * Starts a channel that signs for every endpoint with these secrets, each of which adds a
   * signature: the new one and the old one while receivers change over.
   *
   * @param secret {@code whsec_} and the Base64 of 24 to 64 random bytes, for HMAC-SHA256; or
   *     {@code whsk_} and the Base64 of an Ed25519 private key, so that receivers need only the
   *     public one
   * @throws IllegalArgumentException if a secret cannot be read; the message does not show it
   */
  public static WebhookChannel signedWith(String secret, String... more) {
    List<String> secrets = new ArrayList<>(List.of(secret));
    secrets.addAll(List.of(more));
    EndpointKeys keys = EndpointKeys.parse(secrets);
    return new WebhookChannel(endpoint -> keys);
  }

  /**
   * Starts a channel that signs for each endpoint with its own secrets, as Standard Webhooks
   * recommends where endpoints belong to different owners. An endpoint whose secrets cannot be used
   * fails for good.
   */
  public static WebhookChannel signedBy(SecretLookup secrets) {
    return new WebhookChannel(EndpointKeys.lookedUp(Objects.requireNonNull(secrets, "secrets")));
  }

  /** Starts a channel that does not sign. The receivers cannot tell who sent an event. */
  public static WebhookChannel unsigned() {
    EndpointKeys none = EndpointKeys.parse(List.of());
    return new WebhookChannel(endpoint -> none);
  }

  /**
   * Adds {@code sha256=} and the HMAC-SHA256 of the body, in hex, for receivers that already expect
   * that, such as those made for GitHub's webhooks. It says nothing of time: an event that somebody
   * recorded can be replayed.
   *
   * @param header where to put it, such as {@code X-Hub-Signature-256}
   * @param secret the key, used as it is
   * @throws IllegalArgumentException if the header is reserved, or the secret is empty
   */
  public WebhookChannel plainHmac(String header, String secret) {
    HeaderRules.checkName(header);
    if (secret.isBlank()) {
      throw new IllegalArgumentException("the secret of header " + header + " must not be empty");
    }
    this.plainHmac = new PlainHmac(header, secret);
    return this;
  }

  // --- What is sent -----------------------------------------------------------------------------

  /**
   * Sets the {@code type} of events whose notification has no {@link WebhookOptions#eventType}.
   * Defaults to {@code notification}.
   *
   * @throws IllegalArgumentException if it is not at most 200 letters, digits and underscores, in
   *     parts separated by dots
   */
  public WebhookChannel eventType(String type) {
    this.eventType = WebhookOptions.checkedType(type);
    return this;
  }

  /**
   * Sets what makes the body instead of the JSON event. It is called for each attempt, on the
   * worker, from several threads at a time. If it throws, the delivery fails for good.
   */
  public WebhookChannel body(Function<DeliveryAttempt, WebhookBody> body) {
    this.body = Objects.requireNonNull(body, "body");
    return this;
  }

  /**
   * Adds a header to every request.
   *
   * @throws IllegalArgumentException if it cannot be a header, or is reserved: those of the
   *     connection, the body, signatures and cloud gateways
   * @throws IllegalStateException if it was set already
   */
  public WebhookChannel header(String name, String value) {
    HeaderRules.check(name, value);
    if (headers.putIfAbsent(name, value) != null) {
      throw new IllegalStateException("header " + name + " was set already");
    }
    return this;
  }

  // --- Where to ---------------------------------------------------------------------------------

  /**
   * Allows plain http to hosts. None by default.
   *
   * @param host a host name or an IP address, as it stands in the URL
   * @throws IllegalArgumentException if it is neither
   */
  public WebhookChannel allowHttp(String host, String... more) {
    addHosts(httpHosts, host, more);
    return this;
  }

  /**
   * Allows hosts to be reached wherever their names lead, private networks included. Whoever
   * controls such a name controls what is reached. None by default.
   *
   * @param host a host name or an IP address, as it stands in the URL
   * @throws IllegalArgumentException if it is neither
   */
  public WebhookChannel allowHost(String host, String... more) {
    addHosts(allowedHosts, host, more);
    return this;
  }

  private static void addHosts(Set<String> to, String host, String... more) {
    to.add(EndpointRules.host(host));
    for (String other : more) {
      to.add(EndpointRules.host(other));
    }
  }

  /**
   * Allows networks to be reached that are refused otherwise. None by default.
   *
   * @param network address/bits, such as {@code 10.1.0.0/16}
   * @throws IllegalArgumentException if it is not
   */
  public WebhookChannel allowNetwork(String network, String... more) {
    allowedNetworks.add(Cidr.parse(network));
    for (String other : more) {
      allowedNetworks.add(Cidr.parse(other));
    }
    return this;
  }

  /**
   * Sets a proxy through which every endpoint is reached. None by default, whatever the JVM's
   * system properties say. A proxy looks up the names itself: then it must refuse private
   * addresses, because this channel cannot.
   */
  public WebhookChannel proxy(Proxy proxy) {
    this.proxy = Objects.requireNonNull(proxy, "proxy");
    return this;
  }

  /** Sets how TLS is spoken, for certificates of the host's own. Defaults to the JVM's way. */
  public WebhookChannel tls(SSLSocketFactory sockets, X509TrustManager trust) {
    this.sockets = Objects.requireNonNull(sockets, "sockets");
    this.trust = Objects.requireNonNull(trust, "trust");
    return this;
  }

  // --- Patience ---------------------------------------------------------------------------------

  /**
   * Sets how long a call may take in all. Defaults to 10 seconds.
   *
   * @throws IllegalArgumentException if it is below 1 millisecond, or over 5 minutes
   */
  public WebhookChannel timeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout must be from 1 ms to 5 minutes, but was " + timeout);
    }
    this.timeout = timeout;
    return this;
  }

  /**
   * Sets how many calls go to one host at a time; further deliveries to it wait. Should be below
   * the concurrency of the channel, so that one slow host cannot take every worker. Defaults to 8,
   * of 32 workers.
   *
   * @throws IllegalArgumentException if it is not from 1 to 1,000
   */
  public WebhookChannel callsPerHost(int calls) {
    if (calls < 1 || calls > 1000) {
      throw new IllegalArgumentException("callsPerHost must be from 1 to 1000, but was " + calls);
    }
    this.callsPerHost = calls;
    return this;
  }

  /**
   * Sets how failed attempts are retried, such as {@link #STANDARD_RETRIES}, for every priority.
   * Defaults to what the notifier does for each priority. A policy that the application sets for
   * the channel wins.
   */
  public WebhookChannel retries(RetryPolicy policy) {
    this.retries = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets when an endpoint is disabled: after so many failed attempts in a row, the first of them so
   * long ago. Its address is then suppressed, and {@link WebhookListener#endpointDisabled} is told.
   * Failures are counted in this process and forgotten when it ends. Defaults to 20 attempts and 5
   * days.
   *
   * @throws IllegalArgumentException if the number is below 1, or the time is negative or over 365
   *     days
   */
  public WebhookChannel disableAfter(int failures, Duration time) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be 1 or more, but was " + failures);
    }
    if (time.isNegative() || time.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("time must be from 0 to 365 days, but was " + time);
    }
    this.disableAfter = new Threshold(failures, time);
    return this;
  }

  /** Sets who hears what endpoints answer and when one is disabled. Nobody by default. */
  public WebhookChannel listener(WebhookListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /** Sets the clock of timestamps and waits. Defaults to the system's; meant for tests. */
  public WebhookChannel clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** Sets how names are looked up, for tests. */
  WebhookChannel dns(Dns dns) {
    this.dns = dns;
    return this;
  }

  // --- Making it --------------------------------------------------------------------------------

  @Override
  public ChannelId id() {
    return ID;
  }

  /**
   * Makes the channel.
   *
   * @throws ConfigurationException if the header of {@link #plainHmac} is also set by {@link
   *     #header}
   */
  @Override
  public Channel create() {
    if (plainHmac != null && headers.containsKey(plainHmac.header())) {
      throw new ConfigurationException(
          "header "
              + plainHmac.header()
              + " cannot hold both a signature and a fixed value: remove header(...) or"
              + " plainHmac(...)");
    }
    return new PostingChannel(this);
  }

  EndpointKeys.Source keys() {
    return keys;
  }

  /** Returns what must not be shown besides the keys. */
  Set<String> confidential() {
    Set<String> confidential = new LinkedHashSet<>(headers.values());
    if (plainHmac != null) {
      confidential.add(plainHmac.secret());
    }
    return confidential;
  }

  Map<String, String> headers() {
    return new LinkedHashMap<>(headers);
  }

  Optional<PlainHmac> plainHmac() {
    return Optional.ofNullable(plainHmac);
  }

  Function<DeliveryAttempt, WebhookBody> body() {
    String type = eventType;
    InstantSource now = clock;
    Function<DeliveryAttempt, WebhookBody> otherwise =
        body != null ? body : attempt -> EventJson.message(type, attempt, now.instant());
    return attempt ->
        WebhookOptions.isBodyInText(attempt.notification().optionsFor(attempt.channel()))
            ? WebhookBody.json(attempt.content().text().orElse(""))
            : otherwise.apply(attempt);
  }

  EndpointRules endpoints() {
    return new EndpointRules(httpHosts, guard());
  }

  private AddressGuard guard() {
    return new AddressGuard(allowedNetworks, allowedHosts);
  }

  /** Sets up the client so that every connection passes the guard, unless there is a proxy. */
  void setUp(OkHttpClient.Builder client) {
    client.proxy(proxy).dns(dns);
    if (proxy.equals(Proxy.NO_PROXY)) {
      client.socketFactory(new GuardedSocketFactory(guard()));
    }
    if (sockets != null && trust != null) {
      client.sslSocketFactory(sockets, trust);
    }
  }

  Duration timeout() {
    return timeout;
  }

  int callsPerHost() {
    return callsPerHost;
  }

  Threshold disableAfter() {
    return disableAfter;
  }

  Optional<RetryPolicy> retries() {
    return Optional.ofNullable(retries);
  }

  Optional<WebhookListener> listener() {
    return Optional.ofNullable(listener);
  }

  InstantSource clock() {
    return clock;
  }

  /** Returns nothing that is secret. */
  @Override
  public String toString() {
    return "WebhookChannel[timeout=" + timeout + ", headers=" + headers.keySet() + "]";
  }
}
