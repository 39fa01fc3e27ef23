package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Vonage, played by WireMock. */
final class FakeVonage implements ChannelContract.Provider {
  static final String KEY = "abcd1234";
  static final String SECRET = "vonage-api-secret-88";
  static final String SIGNATURE_SECRET = "vonage-signature-secret-99";
  static final String MESSAGE_ID = "0A0000000123ABCD1";
  static final String PATH = "/sms/json";

  private final WireMockServer server;

  FakeVonage(WireMockServer server) {
    this.server = server;
  }

  VonageAccount account() {
    return SmsChannel.vonage(KEY, SECRET)
        .from("+14155550122")
        .signature(VonageSignature.HMAC_SHA256, SIGNATURE_SECRET)
        .baseUrl(server.baseUrl());
  }

  void answer(ResponseDefinitionBuilder response) {
    server.resetMappings();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    server.stubFor(post(PATH).willReturn(response));
  }

  /** Answers 200 with one element for each part, as Vonage does to failures too. */
  void answerParts(String... statuses) {
    String parts =
        Stream.of(statuses).map(FakeVonage::part).collect(Collectors.joining(",", "[", "]"));
    answer(
        aResponse()
            .withHeader("Content-Type", "application/json")
            .withBody(
                "{\"message-count\":\"" + statuses.length + "\",\"messages\":" + parts + "}"));
  }

  private static String part(String status) {
    return status.equals("0")
        ? "{\"to\":\"14155550100\",\"message-id\":\"" + MESSAGE_ID + "\",\"status\":\"0\"}"
        : "{\"status\":\"" + status + "\",\"error-text\":\"no luck with 14155550100\"}";
  }

  List<LoggedRequest> requests() {
    List<LoggedRequest> oldestFirst =
        new ArrayList<>(
            server.getAllServeEvents().stream()
                .map(event -> LoggedRequest.createFrom(event.getRequest()))
                .toList());
    Collections.reverse(oldestFirst);
    return oldestFirst;
  }

  @Override
  public void accept() {
    answerParts("0");
  }

  @Override
  public void refuseForGood() {
    answerParts("6");
  }

  @Override
  public void refuseForNow() {
    answerParts("1");
  }

  @Override
  public void askToWait(Duration retryAfter) {
    answer(
        aResponse()
            .withStatus(429)
            .withHeader("Retry-After", Long.toString(retryAfter.toSeconds()))
            .withBody("slow down"));
  }

  @Override
  public void refuseCredentials() {
    answer(
        aResponse()
            .withBody(
                "{\"message-count\":\"1\",\"messages\":[{\"status\":\"4\",\"error-text\":\"Bad"
                    + " Credentials "
                    + SECRET
                    + "\"}]}"));
  }

  @Override
  public void hangUp() {
    answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
  }

  @Override
  public void stall() {
    answer(aResponse().withFixedDelay(5000));
  }

  @Override
  public List<String> acceptedTokens() {
    return requests().stream()
        .map(request -> FormSchema.parse(request.getBodyAsString()).get("client-ref").get(0))
        .toList();
  }
}
