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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** SendGrid, played by WireMock. */
final class FakeSendGrid implements ChannelContract.Provider {
  static final String KEY = "SG.0123456789abcdefghijkl.secret-of-the-key";
  static final String MESSAGE_ID = "14c5d75ce93-dfd_64b469";

  private final WireMockServer server;

  FakeSendGrid(WireMockServer server) {
    this.server = server;
  }

  SendGridAccount account() {
    return EmailChannel.sendGrid(KEY).from(Accounts.FROM).baseUrl(server.baseUrl());
  }

  void answer(ResponseDefinitionBuilder response) {
    server.resetMappings();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    server.stubFor(post("/v3/mail/send").willReturn(response));
  }

  void refuse(int status, String field, String message) {
    answer(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody(error(field, message)));
  }

  private static String error(String field, String message) {
    return String.format(
        "{\"errors\":[{\"message\":\"%s\",\"field\":%s,\"help\":null}]}",
        message, field.isEmpty() ? "null" : '"' + field + '"');
  }

  List<LoggedRequest> requests() {
    return server.getAllServeEvents().stream()
        .map(event -> LoggedRequest.createFrom(event.getRequest()))
        .toList();
  }

  @Override
  public void accept() {
    answer(aResponse().withStatus(202).withHeader("X-Message-Id", MESSAGE_ID));
  }

  @Override
  public void refuseForGood() {
    refuse(
        400,
        "personalizations.0.to.0.email",
        "Does not contain a valid address: ada.lovelace@example.com");
  }

  @Override
  public void refuseForNow() {
    refuse(429, "", "too many requests");
  }

  /** By the real clock, as the account in the contract has no other. */
  @Override
  public void askToWait(Duration retryAfter) {
    long reset = (System.currentTimeMillis() + retryAfter.toMillis()) / 1000;
    answer(
        aResponse()
            .withStatus(429)
            .withHeader("X-RateLimit-Remaining", "0")
            .withHeader("X-RateLimit-Reset", Long.toString(reset))
            .withBody(error("", "too many requests")));
  }

  @Override
  public void refuseCredentials() {
    refuse(401, "", "The provided authorization grant " + KEY + " is invalid");
  }

  @Override
  public void hangUp() {
    answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
  }

  @Override
  public void stall() {
    answer(aResponse().withStatus(202).withFixedDelay(5000));
  }

  @Override
  public List<String> acceptedTokens() {
    List<String> newestFirst =
        server.getAllServeEvents().stream()
            .filter(event -> event.getResponse().getStatus() == 202)
            .map(event -> Json.read(event.getRequest().getBody()))
            .map(FakeSendGrid::token)
            .toList();
    List<String> tokens = new ArrayList<>(newestFirst);
    Collections.reverse(tokens);
    return tokens;
  }

  static String token(JsonNode mail) {
    return mail.path("personalizations")
        .path(0)
        .path("custom_args")
        .path("notifier_delivery")
        .asText();
  }
}
