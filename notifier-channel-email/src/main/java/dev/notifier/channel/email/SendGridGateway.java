package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.Verification;
import dev.notifier.http.HttpReply;
import dev.notifier.http.Redaction;
import dev.notifier.spi.DeliveryUpdate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends by SendGrid's v3 API.
 *
 * @see <a href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send">SendGrid,
 *     mail send</a>
 */
final class SendGridGateway implements HttpGateway {
  private static final int ACCEPTED = 202;
  private static final int VALID_BUT_NOT_SENT = 200;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final MediaType JSON = MediaType.get("application/json");

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");

  /** SendGrid's limits are for seconds or minutes; what is far ahead is no such time. */
  private static final Duration LONGEST_RESET = Duration.ofHours(1);

  private final SendGridAccount account;
  private final HttpUrl url;
  private final Redaction redaction;
  private final SendGridEvents events;
  private final InstantSource clock;

  SendGridGateway(SendGridAccount account) {
    this.account = account;
    this.url = account.base().newBuilder().addPathSegment("v3").build();
    this.redaction = Redaction.of(url, List.of(account.apiKey()));
    this.events = account.events();
    this.clock = account.clock();
  }

  @Override
  public String name() {
    return "SendGrid";
  }

  @Override
  public void check(EmailMessage message) {
    SendGridMail.check(message);
  }

  @Override
  public Request request(EmailMessage message) {
    return authorized(url.newBuilder().addPathSegments("mail/send").build())
        .post(RequestBody.create(SendGridMail.json(message), JSON))
        .build();
  }

  private Request.Builder authorized(HttpUrl resource) {
    return new Request.Builder()
        .url(resource)
        .header("Authorization", "Bearer " + account.apiKey())
        .header("Accept", "application/json");
  }

  // --- What an answer means ---------------------------------------------------------------------

  @Override
  public DeliveryResult judge(HttpReply reply) {
    return switch (reply.status()) {
      case ACCEPTED ->
          reply
              .header("X-Message-Id")
              .map(DeliveryResult::accepted)
              .orElseGet(DeliveryResult::accepted);
      case VALID_BUT_NOT_SENT ->
          DeliveryResult.configurationFault(
              "SendGrid answered HTTP 200, by which its sandbox says that it sends nothing");
      case BAD_REQUEST -> badRequest(reply);
      case TOO_MANY_REQUESTS ->
          DeliveryResult.transientFailure(reason(reply), waitOf(reply).orElse(null));
      default -> HttpVerdicts.of(reply, reason(reply));
    };
  }

  /** A sender that will not do is every message's. */
  private DeliveryResult badRequest(HttpReply reply) {
    for (JsonNode error : Json.read(reply.body()).path("errors")) {
      if (error.path("field").asText("").startsWith("from")) {
        return DeliveryResult.configurationFault(reason(reply));
      }
    }
    return DeliveryResult.permanentFailure(reason(reply));
  }

  private Optional<Duration> waitOf(HttpReply reply) {
    return reply
        .header("X-RateLimit-Reset")
        .filter(seconds -> SECONDS.matcher(seconds).matches())
        .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
        .map(reset -> Duration.between(clock.instant(), reset))
        .filter(wait -> wait.compareTo(LONGEST_RESET) <= 0)
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .or(reply::retryAfter);
  }

  private String reason(HttpReply reply) {
    List<String> words = new ArrayList<>();
    for (JsonNode error : Json.read(reply.body()).path("errors")) {
      String field = error.path("field").asText("");
      words.add((field.isEmpty() ? "" : field + ": ") + error.path("message").asText(""));
    }
    return "SendGrid answered HTTP "
        + reply.status()
        + (words.isEmpty() ? "" : ": ")
        + ProviderWords.shown(redaction.apply(String.join("; ", words)));
  }

  // --- Whether it works -------------------------------------------------------------------------

  /** What the key may do. */
  @Override
  public Request verification() {
    return authorized(url.newBuilder().addPathSegment("scopes").build()).build();
  }

  @Override
  public Verification verdict(HttpReply reply) {
    if (reply.status() == 200) {
      for (JsonNode scope : Json.read(reply.body()).path("scopes")) {
        if (scope.asText().equals("mail.send")) {
          return Verification.works("SendGrid: the API key may send mail");
        }
      }
      return Verification.refused(
          "SendGrid: the API key may not send mail: give it the permission \"Mail Send\"");
    }
    return HttpVerdicts.isConfigurationFault(reply.status())
        ? Verification.refused(reason(reply) + ": check the API key and the base URL")
        : Verification.unreachable(reason(reply));
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    return events.receive(request);
  }
}
