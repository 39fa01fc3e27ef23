package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.Verification;
import dev.notifier.http.HttpReply;
import dev.notifier.spi.DeliveryUpdate;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends by the v2 API of Amazon SES.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html">AWS,
 *     SendEmail</a>
 */
final class SesGateway implements HttpGateway {
  private static final int OK = 200;
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z]{1,80}");

  private final SesAccount account;
  private final String senderDomain;
  private final HttpUrl url;
  private final AwsSigner signer;
  private final SesEvents events;
  private final InstantSource clock;

  SesGateway(SesAccount account, String senderDomain, SesEvents events) {
    this.account = account;
    this.senderDomain = senderDomain;
    this.url = account.base().newBuilder().addPathSegments("v2/email").build();
    this.signer = new AwsSigner(account.region(), "ses");
    this.events = events;
    this.clock = account.clock();
  }

  @Override
  public String name() {
    return "SES";
  }

  @Override
  public void check(EmailMessage message) {
    SesMail.check(message);
  }

  @Override
  public Request request(EmailMessage message) throws IOException {
    byte[] json = SesMail.json(message, clock.instant(), account.configurationSet());
    return signed(
        new Request.Builder()
            .url(url.newBuilder().addPathSegment("outbound-emails").build())
            .header("Content-Type", JSON.toString())
            .post(RequestBody.create(json, JSON)));
  }

  private Request signed(Request.Builder request) throws IOException {
    AwsCredentials credentials;
    try {
      credentials = account.credentials();
    } catch (RuntimeException e) { // the host's own supplier, which may have asked somebody
      throw new IOException("no AWS credentials: " + e.getClass().getSimpleName(), e);
    }
    return signer.sign(request.build(), credentials, clock.instant());
  }

  // --- What an answer means ---------------------------------------------------------------------

  @Override
  public DeliveryResult judge(HttpReply reply) {
    JsonNode answer = Json.read(reply.body());
    if (reply.status() == OK) {
      String id = answer.path("MessageId").asText("");
      return id.isEmpty()
          ? DeliveryResult.ambiguous("SES answered HTTP 200 without a MessageId")
          : DeliveryResult.accepted(id);
    }
    return SesErrors.judge(
        reply, nameOf(reply, answer), wordsOf(answer), senderDomain, reason(reply, answer));
  }

  private static String reason(HttpReply reply, JsonNode answer) {
    String name = nameOf(reply, answer);
    // The lines after the first may quote the request, with its session token.
    String words = ProviderWords.shown(wordsOf(answer).lines().findFirst().orElse(""));
    return "SES answered HTTP "
        + reply.status()
        + (name.isEmpty() ? "" : ", " + name)
        + (words.isEmpty() ? "" : ": " + words);
  }

  /** Stands before a colon in a header, or behind a hash sign in the body. */
  private static String nameOf(HttpReply reply, JsonNode answer) {
    String header = reply.header("x-amzn-ErrorType").orElse("");
    String type = answer.path("__type").asText(answer.path("code").asText(""));
    String name =
        header.isEmpty() ? type.substring(type.lastIndexOf('#') + 1) : header.split(":", 2)[0];
    return ERROR_NAME.matcher(name).matches() ? name : "";
  }

  private static String wordsOf(JsonNode answer) {
    return answer.path("message").asText(answer.path("Message").asText(""));
  }

  // --- Whether it works -------------------------------------------------------------------------

  /** What the account may do. */
  @Override
  public Request verification() throws IOException {
    return signed(new Request.Builder().url(url.newBuilder().addPathSegment("account").build()));
  }

  @Override
  public Verification verdict(HttpReply reply) {
    JsonNode answer = Json.read(reply.body());
    if (reply.status() == OK && answer.path("SendingEnabled").isBoolean()) {
      return verdict(answer);
    }
    boolean refused =
        HttpVerdicts.isConfigurationFault(reply.status())
            || SesErrors.isConfigurationFault(nameOf(reply, answer));
    return refused
        ? Verification.refused(
            reason(reply, answer)
                + ": check the region, the credentials, their permission for ses:GetAccount, and"
                + " the clock")
        : Verification.unreachable(reason(reply, answer));
  }

  private Verification verdict(JsonNode answer) {
    String status = answer.path("EnforcementStatus").asText("");
    if (!answer.path("SendingEnabled").asBoolean()) {
      return Verification.refused(
          "SES in " + account.region() + ": sending is paused" + inBrackets(status));
    }
    return Verification.works(
        "SES in "
            + account.region()
            + ": sending is enabled"
            + inBrackets(status)
            + (answer.path("ProductionAccessEnabled").asBoolean(true)
                ? ""
                : ", in the sandbox: only to verified addresses"));
  }

  private static String inBrackets(String status) {
    return ERROR_NAME.matcher(status).matches() ? " (" + status + ")" : "";
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    return events.receive(request);
  }
}
