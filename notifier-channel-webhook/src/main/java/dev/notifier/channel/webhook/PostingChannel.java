package dev.notifier.channel.webhook;

import dev.notifier.ChannelPolicy;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.InvalidNotificationException;
import dev.notifier.RetryPolicy;
import dev.notifier.Verification;
import dev.notifier.channel.webhook.HostLimits.Host;
import dev.notifier.channel.webhook.WebhookSignature.PlainHmac;
import dev.notifier.channel.webhook.WebhookSignature.Stamp;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.HttpSender;
import dev.notifier.http.NoReply;
import dev.notifier.http.Redaction;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts signed events to endpoints that are not trusted. Thread-safe. */
final class PostingChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(PostingChannel.class);
  private static final int KEPT_BYTES = 20 * 1024;
  private static final int RECOMMENDED_BYTES = 20 * 1024;
  private static final int CONCURRENCY = 32;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final EndpointRules endpoints;
  private final Function<DeliveryAttempt, WebhookBody> body;
  private final EndpointKeys.Source keys;
  private final Optional<PlainHmac> plainHmac;
  private final Map<String, String> headers;
  private final Set<String> confidential;
  private final HostLimits limits;
  private final int callsPerHost;
  private final FailingEndpoints failing;
  private final Optional<WebhookListener> listener;
  private final Optional<RetryPolicy> retries;
  private final InstantSource clock;
  private final HttpSender http;

  PostingChannel(WebhookChannel settings) {
    this.endpoints = settings.endpoints();
    this.body = settings.body();
    this.keys = settings.keys();
    this.plainHmac = settings.plainHmac();
    this.headers = settings.headers();
    this.confidential = settings.confidential();
    this.clock = settings.clock();
    this.callsPerHost = settings.callsPerHost();
    this.limits = new HostLimits(callsPerHost, clock);
    this.failing = new FailingEndpoints(settings.disableAfter(), clock);
    this.listener = settings.listener();
    this.retries = settings.retries();
    this.http = sender(settings.timeout(), settings::setUp, clock);
  }

  private static HttpSender sender(
      Duration timeout, Consumer<OkHttpClient.Builder> setUp, InstantSource clock) {
    return HttpSender.builder()
        .connectTimeout(timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .callTimeout(timeout)
        .keptBytes(KEPT_BYTES)
        .clock(clock)
        // HTTP/2 lets one host use the connection of another, which would pass the guard unseen.
        .client(client -> setUp.accept(client.protocols(List.of(Protocol.HTTP_1_1))))
        .build();
  }

  /**
   * Every recipient is a server of its own: there is a breaker for each, and none for the channel,
   * which a few dead endpoints would open for all.
   */
  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    ChannelPolicy.Builder policy =
        defaults.toBuilder()
            .concurrency(Math.max(CONCURRENCY, defaults.concurrency()))
            .withoutBreakers();
    Optional<CircuitBreakerPolicy> perRecipient = defaults.recipientBreaker();
    perRecipient.ifPresent(policy::recipientBreaker);
    retries.ifPresent(policy::retry);
    return policy.build();
  }

  @Override
  public void check(DeliveryAttempt attempt) {
    try {
      endpoints.endpoint(attempt.address().value());
      WebhookOptions.check(attempt.notification().optionsFor(attempt.channel()));
    } catch (UnpreparedException e) {
      throw new InvalidNotificationException(e.reason());
    }
  }

  @Override
  public List<String> preview(DeliveryAttempt attempt) {
    try {
      WebhookBody content = body(attempt);
      int size = content.size();
      String note = size + " bytes of " + content.contentType();
      return size <= RECOMMENDED_BYTES
          ? List.of(note)
          : List.of(note, "over " + RECOMMENDED_BYTES + " bytes: receivers may refuse it");
    } catch (UnpreparedException e) {
      return List.of(e.reason());
    }
  }

  /** There is no provider to ask; what can be told of the settings alone was told at the start. */
  @Override
  public Verification verify() {
    return new Verification(
        Verification.Verdict.UNKNOWN,
        "the settings are sound; whether an endpoint takes webhooks shows when one is sent");
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws InterruptedException {
    Post post;
    try {
      post = prepare(attempt);
    } catch (UnpreparedException e) {
      return DeliveryResult.permanentFailure(e.reason());
    }
    Host host = limits.host(post.url().host());
    if (!host.enter()) {
      return putOff(host, post.url());
    }
    Instant start = clock.instant();
    HttpOutcome outcome;
    try {
      outcome = http.send(post.request());
    } finally {
      host.leave(Duration.between(start, clock.instant()));
    }
    return settled(attempt, judge(attempt, post, outcome));
  }

  private DeliveryResult putOff(Host host, HttpUrl url) {
    return DeliveryResult.deferred(
        host.nextTurn(),
        Obstacle.RECIPIENT_LIMIT,
        callsPerHost + " calls to " + url.host() + " are under way, as many as allowed for a host");
  }

  // --- The request ------------------------------------------------------------------------------

  /** A request that is ready, and what must not be shown of it. */
  private record Post(HttpUrl url, Request request, List<String> confidential) {}

  private Post prepare(DeliveryAttempt attempt) throws UnpreparedException {
    HttpUrl url = endpoints.endpoint(attempt.address().value());
    WebhookBody content = body(attempt);
    EndpointKeys signing = keys.of(attempt.address());
    byte[] bytes = content.bytes();
    Request.Builder request = new Request.Builder().url(url);
    headers.forEach(request::header);
    request.header("Content-Type", content.contentType());
    WebhookSignature.headers(signing.keys(), plainHmac, stamp(attempt), bytes)
        .forEach(request::header);
    request.post(RequestBody.create(bytes, (MediaType) null)); // the header above stays as it is
    return new Post(url, request.build(), signing.secrets());
  }

  private WebhookBody body(DeliveryAttempt attempt) throws UnpreparedException {
    Optional<WebhookBody> status = DeliveryStatusWebhook.bodyOf(attempt);
    if (status.isPresent()) {
      return status.get();
    }
    try {
      return body.apply(attempt);
    } catch (RuntimeException e) { // only the class: the message may quote what must not be told
      throw new UnpreparedException("the body could not be made: " + e.getClass().getName());
    }
  }

  private Stamp stamp(DeliveryAttempt attempt) {
    return new Stamp(
        attempt.delivery().toString(), Long.toString(clock.instant().getEpochSecond()));
  }

  // --- The reply --------------------------------------------------------------------------------

  private DeliveryResult judge(DeliveryAttempt attempt, Post post, HttpOutcome outcome) {
    if (outcome instanceof NoReply none) {
      return RefusedAddressException.behind(none.cause())
          .map(refusal -> DeliveryResult.permanentFailure(refusal.reason()))
          .orElseGet(none::result);
    }
    return outcome.toResult(reply -> judge(attempt, post, reply));
  }

  private DeliveryResult judge(DeliveryAttempt attempt, Post post, HttpReply reply) {
    if (reply.isSuccessful() && listener.isEmpty()) {
      return DeliveryResult.accepted(); // nothing is shown, so that nothing needs to be hidden
    }
    Redaction redaction = redaction(attempt, post);
    tell(it -> it.replied(attempt, reply.status(), redaction.apply(reply.text())));
    return ReplyRules.judge(reply, post.url(), redaction);
  }

  /** Some receivers quote the request in their error pages. */
  private Redaction redaction(DeliveryAttempt attempt, Post post) {
    List<String> hidden = new ArrayList<>(confidential);
    hidden.addAll(post.confidential());
    Content content = attempt.content();
    content.subject().ifPresent(hidden::add);
    content.text().ifPresent(hidden::add);
    content.html().ifPresent(hidden::add);
    return Redaction.of(post.url(), hidden);
  }

  private void tell(Consumer<WebhookListener> event) {
    try {
      listener.ifPresent(event);
    } catch (RuntimeException e) { // the answer of the endpoint stands
      log.error("the webhook listener threw {}", e.getClass().getName());
    }
  }

  /** Disables an endpoint that is gone, or has failed for too long. */
  private DeliveryResult settled(DeliveryAttempt attempt, DeliveryResult result) {
    Optional<String> dead = failing.note(attempt.address(), result);
    DeliveryResult verdict = dead.map(DeliveryResult::suppressRecipient).orElse(result);
    if (verdict instanceof Permanent failure && failure.suppressRecipient()) {
      log.warn("endpoint {} is disabled: {}", attempt.address(), failure.reason());
      tell(it -> it.endpointDisabled(attempt.address(), failure.reason()));
    }
    return verdict;
  }

  @Override
  public void close() {
    http.close();
  }

  /** Returns nothing that is secret. */
  @Override
  public String toString() {
    return "PostingChannel[" + callsPerHost + " calls per host]";
  }
}
