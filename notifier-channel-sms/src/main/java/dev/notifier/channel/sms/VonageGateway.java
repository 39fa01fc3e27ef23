package dev.notifier.channel.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.Verification;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.HttpSender;
import dev.notifier.http.NoReply;
import dev.notifier.http.Redaction;
import dev.notifier.spi.DeliveryUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends by Vonage's SMS API, which answers 200 to failures too, with a status for each part.
 *
 * @see <a href="https://developer.vonage.com/en/api/sms">Vonage, SMS API reference</a>
 */
final class VonageGateway implements SmsGateway {
  private static final int SHOWN = 200;

  /** Vonage takes 20 seconds at least, and 7 days at most. */
  private static final long LEAST_TTL_MILLIS = 20_000;

  private static final long MOST_TTL_MILLIS = 604_800_000;
  private static final int MOST_REFERENCE = 40;

  private final VonageAccount account;
  private final HttpUrl url;
  private final HttpSender http;
  private final VonageCallbacks callbacks;

  VonageGateway(VonageAccount account, HttpSender http, InstantSource clock) {
    this.account = account;
    this.url = account.base().newBuilder().addPathSegments("sms/json").build();
    this.http = http;
    this.callbacks =
        new VonageCallbacks(account.signatureMethod(), account.signatureSecret(), clock);
  }

  @Override
  public String name() {
    return "Vonage";
  }

  @Override
  public Optional<String> obstacle(SmsMessage message) {
    return message.isMms()
        ? Optional.of("Vonage's SMS API carries no media: use Twilio or leave the media out")
        : Optional.empty();
  }

  @Override
  public DeliveryResult send(SmsMessage message) {
    Request request = new Request.Builder().url(url).post(form(message)).build();
    Redaction redaction =
        Redaction.of(url, List.of(account.apiSecret(), message.to().substring(1)));
    return http.send(request).toResult(reply -> judge(reply, redaction));
  }

  private FormBody form(SmsMessage message) {
    FormBody.Builder form =
        new FormBody.Builder(StandardCharsets.UTF_8)
            .add("api_key", account.apiKey())
            .add("api_secret", account.apiSecret())
            .add("from", message.from().orElseGet(account::usualSender).withoutPlus())
            .add("to", message.to().substring(1))
            .add("text", message.text())
            .add("type", Gsm7.canEncode(message.text()) ? "text" : "unicode");
    message.validity().ifPresent(time -> form.add("ttl", ttl(time)));
    account.callbackUrl().ifPresent(callback -> form.add("callback", callback));
    String reference = message.delivery().toString();
    if (reference.length() <= MOST_REFERENCE) { // longer only in a fan-out to a thousand channels
      form.add("client-ref", reference);
    }
    return form.build();
  }

  private static String ttl(Duration time) {
    return Long.toString(Math.min(Math.max(time.toMillis(), LEAST_TTL_MILLIS), MOST_TTL_MILLIS));
  }

  private static DeliveryResult judge(HttpReply reply, Redaction redaction) {
    Duration wait = reply.retryAfter().orElse(null);
    JsonNode parts = Json.read(reply.body()).path("messages");
    return reply.isSuccessful() && parts.isArray() && !parts.isEmpty()
        ? judge(parts, redaction, wait)
        : FailureClass.ofHttpStatus(reply.status())
            .result(
                "Vonage answered HTTP " + reply.status() + " " + reply.excerpt(redaction, 80),
                wait);
  }

  private static DeliveryResult judge(
      JsonNode parts, Redaction redaction, @Nullable Duration wait) {
    List<JsonNode> failed = new ArrayList<>();
    parts.forEach(
        part -> {
          if (!part.path("status").asText().equals(VonageStatuses.ACCEPTED)) {
            failed.add(part);
          }
        });
    if (failed.isEmpty()) {
      String id = parts.path(0).path("message-id").asText();
      return id.isEmpty() ? DeliveryResult.accepted() : DeliveryResult.accepted(id);
    }
    JsonNode worst = worst(failed);
    String reason =
        "Vonage "
            + shortened(worst.path("status").asText())
            + ": "
            + shortened(redaction.apply(worst.path("error-text").asText()));
    FailureClass meaning = VonageStatuses.classOf(worst.path("status").asText());
    return failed.size() == parts.size()
        ? meaning.result(reason, wait)
        : inPart(meaning)
            .result(
                (parts.size() - failed.size())
                    + " of "
                    + parts.size()
                    + " parts were accepted; "
                    + reason,
                null);
  }

  /** What the message cannot get over counts before what passes. */
  private static JsonNode worst(List<JsonNode> failed) {
    JsonNode worst = failed.get(0);
    for (JsonNode part : failed) {
      if (classOf(part).compareTo(classOf(worst)) < 0) {
        worst = part;
      }
    }
    return worst;
  }

  private static FailureClass classOf(JsonNode part) {
    return VonageStatuses.classOf(part.path("status").asText());
  }

  /**
   * With some parts accepted, the recipient has a piece of the message. To send all of it again is
   * the caller's choice, as after a lost answer; where that could not help, it has failed.
   */
  private static FailureClass inPart(FailureClass meaning) {
    return switch (meaning) {
      case SUPPRESS, PERMANENT -> meaning;
      case CONFIGURATION, TRANSIENT, NEXT_DAY, AMBIGUOUS -> FailureClass.AMBIGUOUS;
    };
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** Asks for the balance. */
  @Override
  public Verification verify() {
    Request request =
        new Request.Builder()
            .url(account.base().newBuilder().addPathSegments("account/get-balance").build())
            .header(
                "Authorization",
                Credentials.basic(account.apiKey(), account.apiSecret(), StandardCharsets.UTF_8))
            .header("Accept", "application/json")
            .build();
    HttpOutcome outcome = http.send(request);
    return outcome instanceof HttpReply reply
        ? verification(reply)
        : Verification.unreachable("Vonage: " + ((NoReply) outcome).reason());
  }

  private static Verification verification(HttpReply reply) {
    if (reply.isSuccessful() && Json.read(reply.body()).path("value").isNumber()) {
      return Verification.works("Vonage: the credentials are accepted");
    }
    String detail = "Vonage answered HTTP " + reply.status();
    return FailureClass.ofHttpStatus(reply.status()) == FailureClass.CONFIGURATION
        ? Verification.refused(detail + ": check the API key, the API secret and the base URL")
        : Verification.unreachable(detail);
  }

  @Override
  public boolean recognises(CallbackRequest request) {
    return callbacks.recognises(request);
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    return callbacks.receive(request);
  }

  @Override
  public void close() {
    http.close();
  }
}
