package dev.notifier.channel.telegram;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okio.ByteString;

/**
 * Plays the Bot API. It grants every request, but for those for which an answer was prepared; when
 * it is closed it checks all of them against the published description.
 */
final class BotServer implements AutoCloseable {
  static final String TOKEN = "123456789:AAsecretSecretSecretSecretSecret-_x";

  private static final String SCRIPT = "script";
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");

  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().jettyAcceptors(1));
  private int prepared;

  /**
   * A request that came in.
   *
   * @param parameters as JSON, however they were sent
   */
  record Call(
      String method, String token, String contentType, ObjectNode parameters, List<Upload> files) {
    String text(String parameter) {
      return parameters.path(parameter).asText();
    }
  }

  /** A file that came with a request. */
  record Upload(String part, String name, String contentType, ByteString bytes) {}

  BotServer() {
    server.start();
    grantEverything();
  }

  private void grantEverything() {
    server.stubFor(any(anyUrl()).atPriority(10).willReturn(granted(1001)));
    server.stubFor(
        any(urlPathMatching(".*/sendMediaGroup"))
            .atPriority(9)
            .willReturn(ok("[{\"message_id\":2001,\"date\":1},{\"message_id\":2002,\"date\":1}]")));
    server.stubFor(
        any(urlPathMatching(".*/getMe"))
            .atPriority(9)
            .willReturn(
                ok(
                    "{\"id\":123456789,\"is_bot\":true,\"first_name\":\"S\",\"username\":\"shop_bot\"}")));
  }

  String url() {
    return server.baseUrl();
  }

  TelegramChannel.Builder bot() {
    return TelegramChannel.bot(TOKEN).baseUrl(url());
  }

  // --- Answers ----------------------------------------------------------------------------------

  /** Prepares the answer to the next request for which there is none yet. */
  BotServer then(ResponseDefinitionBuilder answer) {
    server.stubFor(
        any(anyUrl())
            .atPriority(1)
            .inScenario(SCRIPT)
            .whenScenarioStateIs(prepared == 0 ? Scenario.STARTED : Integer.toString(prepared))
            .willSetStateTo(Integer.toString(prepared + 1))
            .willReturn(answer));
    prepared++;
    return this;
  }

  /** Gives this answer to every request from now on. */
  BotServer always(ResponseDefinitionBuilder answer) {
    server.resetMappings();
    prepared = 0;
    server.stubFor(any(anyUrl()).willReturn(answer));
    return this;
  }

  /** Grants every request from now on. */
  void accept() {
    server.resetMappings();
    prepared = 0;
    grantEverything();
  }

  static ResponseDefinitionBuilder granted(long messageId) {
    return ok(
        "{\"message_id\":" + messageId + ",\"date\":1,\"chat\":{\"id\":1,\"type\":\"private\"}}");
  }

  static ResponseDefinitionBuilder ok(String result) {
    return json(200, "{\"ok\":true,\"result\":" + result + "}");
  }

  static ResponseDefinitionBuilder refused(int code, String description) {
    return refused(code, description, Json.object());
  }

  static ResponseDefinitionBuilder refused(int code, String description, ObjectNode parameters) {
    ObjectNode body =
        Json.object().put("ok", false).put("error_code", code).put("description", description);
    if (!parameters.isEmpty()) {
      body.set("parameters", parameters);
    }
    return json(code, body.toString());
  }

  static ResponseDefinitionBuilder tooMany(int seconds) {
    return refused(
            429,
            "Too Many Requests: retry after " + seconds,
            Json.object().put("retry_after", seconds))
        .withHeader("Retry-After", Integer.toString(seconds));
  }

  static ResponseDefinitionBuilder migrated(long newChat) {
    return refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        Json.object().put("migrate_to_chat_id", newChat));
  }

  static ResponseDefinitionBuilder json(int status, String body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  // --- Requests ---------------------------------------------------------------------------------

  /** Returns the requests that came in, in order. */
  List<Call> calls() {
    List<ServeEvent> events = new ArrayList<>(server.getAllServeEvents());
    Collections.reverse(events);
    return events.stream().map(event -> call(event.getRequest())).toList();
  }

  /** Returns the only request that came in. */
  Call call() {
    List<Call> calls = calls();
    if (calls.size() != 1) {
      throw new AssertionError("expected one request, but there were " + calls);
    }
    return calls.get(0);
  }

  private static Call call(LoggedRequest request) {
    String[] path = request.getUrl().split("/", -1);
    List<Upload> files = new ArrayList<>();
    ObjectNode parameters = Json.object();
    String type = String.valueOf(request.getHeader("Content-Type"));
    if (type.startsWith("multipart/")) {
      request.getParts().forEach(part -> addPart(part, parameters, files));
    } else {
      parameters.setAll((ObjectNode) Json.read(request.getBody()));
    }
    return new Call(path[path.length - 1], path[path.length - 2], type, parameters, files);
  }

  private static void addPart(Request.Part part, ObjectNode parameters, List<Upload> files) {
    Matcher fileName = FILE_NAME.matcher(part.getHeader("Content-Disposition").firstValue());
    byte[] body = part.getBody().asBytes();
    if (fileName.find()) {
      String type = part.getHeader("Content-Type").firstValue();
      files.add(new Upload(part.getName(), fileName.group(1), type, ByteString.of(body)));
    } else {
      parameters.set(
          part.getName(), value(part.getName(), new String(body, StandardCharsets.UTF_8)));
    }
  }

  private static JsonNode value(String name, String text) {
    boolean words = List.of("caption", "text", "parse_mode").contains(name) || text.startsWith("@");
    JsonNode value = words ? Json.read("") : Json.read(text);
    return value.isMissingNode() ? Json.object().textNode(text) : value;
  }

  @Override
  public void close() {
    try {
      calls().forEach(ApiDescription::check);
    } finally {
      server.stop();
    }
  }
}
