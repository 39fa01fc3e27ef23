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
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends by Twilio's Messages resource.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource">Twilio, Messages
 *     resource</a>
 */
final class TwilioGateway implements SmsGateway {
  private static final int CREATED = 201;
  private static final int SHOWN = 200;
  private static final Set<String> FAILED = Set.of("failed", "undelivered", "canceled");

  /** Twilio drops the message from its queue after 1 second at least, and 10 hours at most. */
  private static final long MOST_VALIDITY_SECONDS = 36_000;

  /** The daily allowances of American carriers start anew at midnight there. */
  private static final ZoneId DAY = ZoneId.of("America/Los_Angeles");

  private final TwilioAccount account;
  private final HttpUrl url;
  private final String authorization;
  private final HttpSender http;
  private final TwilioCallbacks callbacks;
  private final InstantSource clock;

  TwilioGateway(TwilioAccount account, HttpSender http, InstantSource clock) {
    this.account = account;
    this.url = account.base().newBuilder().addPathSegments("2010-04-01/Accounts").build();
    this.authorization =
        Credentials.basic(account.user(), account.password(), StandardCharsets.UTF_8);
    this.http = http;
    this.callbacks = new TwilioCallbacks(account.authToken(), account.callbackUrl());
    this.clock = clock;
  }

  @Override
  public String name() {
    return "Twilio";
  }

  @Override
  public Optional<String> obstacle(SmsMessage message) {
    return Optional.empty();
  }

  @Override
  public DeliveryResult send(SmsMessage message) {
    Request request = request(message);
    Redaction redaction =
        Redaction.of(
            request.url(),
            List.of(account.authToken(), account.password(), message.to().substring(1)));
    return http.send(request).toResult(reply -> judge(reply, redaction));
  }

  private Request request(SmsMessage message) {
    HttpUrl messages =
        url.newBuilder().addPathSegment(account.sid()).addPathSegment("Messages.json").build();
    return new Request.Builder()
        .url(messages)
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .post(form(message))
        .build();
  }

  private FormBody form(SmsMessage message) {
    FormBody.Builder form = new FormBody.Builder(StandardCharsets.UTF_8).add("To", message.to());
    message
        .from()
        .ifPresentOrElse(
            override -> form.add("From", override.value()), () -> addUsualSender(form));
    form.add("Body", message.text());
    message.mediaUrls().forEach(media -> form.add("MediaUrl", media));
    message.validity().ifPresent(time -> form.add("ValidityPeriod", validityPeriod(time)));
    account.callbackUrl().ifPresent(callback -> form.add("StatusCallback", callback));
    return form.build();
  }

  private void addUsualSender(FormBody.Builder form) {
    account.sender().ifPresent(sender -> form.add("From", sender.value()));
    account.messagingServiceSid().ifPresent(sid -> form.add("MessagingServiceSid", sid));
  }

  private static String validityPeriod(Duration time) {
    return Long.toString(Math.min(Math.max(time.toSeconds(), 1), MOST_VALIDITY_SECONDS));
  }

  private DeliveryResult judge(HttpReply reply, Redaction redaction) {
    JsonNode answer = Json.read(reply.body());
    return reply.status() == CREATED ? created(answer) : refused(reply, answer, redaction);
  }

  /** An unreadable body changes nothing: 201 says that there is a message now. */
  private DeliveryResult created(JsonNode message) {
    if (FAILED.contains(message.path("status").asText())) {
      int code = message.path("error_code").asInt();
      return result(
          TwilioErrors.classOf(code).orElse(FailureClass.PERMANENT),
          "Twilio " + code + ": the message is " + message.path("status").asText(),
          null);
    }
    String sid = message.path("sid").asText();
    return sid.isEmpty() ? DeliveryResult.accepted() : DeliveryResult.accepted(sid);
  }

  private DeliveryResult refused(HttpReply reply, JsonNode error, Redaction redaction) {
    Duration wait = reply.retryAfter().orElse(null);
    FailureClass byStatus = FailureClass.ofHttpStatus(reply.status());
    if (!error.path("code").isInt()) {
      String reason = "Twilio answered HTTP " + reply.status() + " " + reply.excerpt(redaction, 80);
      return result(byStatus, reason, wait);
    }
    int code = error.path("code").asInt();
    return result(
        TwilioErrors.classOf(code).orElse(byStatus),
        "Twilio " + code + ": " + shortened(redaction.apply(error.path("message").asText())),
        wait);
  }

  private DeliveryResult result(FailureClass meaning, String reason, @Nullable Duration wait) {
    return meaning.result(
        reason, wait == null && meaning == FailureClass.NEXT_DAY ? untilNextDay() : wait);
  }

  private Duration untilNextDay() {
    Instant now = clock.instant();
    ZonedDateTime midnight =
        now.atZone(DAY).toLocalDate().plusDays(1).atTime(LocalTime.MIN).atZone(DAY);
    return Duration.between(now, midnight.toInstant());
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** Fetches the account. */
  @Override
  public Verification verify() {
    Request request =
        new Request.Builder()
            .url(url.newBuilder().addPathSegment(account.sid() + ".json").build())
            .header("Authorization", authorization)
            .build();
    HttpOutcome outcome = http.send(request);
    return outcome instanceof HttpReply reply
        ? verification(reply)
        : Verification.unreachable("Twilio: " + ((NoReply) outcome).reason());
  }

  private static Verification verification(HttpReply reply) {
    JsonNode answer = Json.read(reply.body());
    String status = answer.path("status").asText();
    if (reply.isSuccessful() && !status.isEmpty()) {
      return status.equals("active")
          ? Verification.works("Twilio: the account is active")
          : Verification.refused("Twilio: the account is " + shortened(status));
    }
    String detail = "Twilio answered HTTP " + reply.status();
    return FailureClass.ofHttpStatus(reply.status()) == FailureClass.CONFIGURATION
        ? Verification.refused(
            detail + ": check the account SID, the auth token or API key, and the base URL")
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
