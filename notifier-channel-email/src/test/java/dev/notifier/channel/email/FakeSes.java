package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.testkit.ChannelContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Amazon SES, played by WireMock. It asks nobody to wait: it has no header for that. */
final class FakeSes implements ChannelContract.Provider {
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  static final String MESSAGE_ID = "0102018e4f3a2b1c-11111111-2222-3333-4444-555555555555-000000";
  static final String PATH = "/v2/email/outbound-emails";

  private final WireMockServer server;

  FakeSes(WireMockServer server) {
    this.server = server;
  }

  SesAccount account() {
    return EmailChannel.ses("eu-west-1", "AKIDEXAMPLE", SECRET)
        .from(Accounts.FROM)
        .baseUrl(server.baseUrl());
  }

  void answer(ResponseDefinitionBuilder response) {
    server.resetMappings();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    server.stubFor(post(PATH).willReturn(response));
  }

  void refuse(int status, String type, String message) {
    answer(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withHeader("x-amzn-ErrorType", type)
            .withBody("{\"message\":\"" + message + "\"}"));
  }

  List<LoggedRequest> requests() {
    return server.getAllServeEvents().stream()
        .map(event -> LoggedRequest.createFrom(event.getRequest()))
        .toList();
  }

  @Override
  public void accept() {
    answer(aResponse().withStatus(200).withBody("{\"MessageId\":\"" + MESSAGE_ID + "\"}"));
  }

  @Override
  public void refuseForGood() {
    refuse(
        400, "MessageRejected", "Domain contains control or whitespace: ada.lovelace@example.com");
  }

  @Override
  public void refuseForNow() {
    refuse(429, "TooManyRequestsException", "Too many requests");
  }

  @Override
  public void refuseCredentials() {
    refuse(
        403,
        "InvalidSignatureException",
        "The request signature we calculated does not match.\\n" + SECRET);
  }

  @Override
  public void hangUp() {
    answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
  }

  @Override
  public void stall() {
    answer(aResponse().withStatus(200).withFixedDelay(5000));
  }

  @Override
  public List<String> acceptedTokens() {
    List<String> newestFirst =
        server.getAllServeEvents().stream()
            .filter(event -> event.getResponse().getStatus() == 200)
            .map(event -> token(Json.read(event.getRequest().getBody())))
            .toList();
    List<String> tokens = new ArrayList<>(newestFirst);
    Collections.reverse(tokens);
    return tokens;
  }

  static String token(JsonNode mail) {
    return mail.path("EmailTags").path(0).path("Value").asText();
  }
}
