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
import java.util.List;

/** Twilio, played by WireMock. */
final class FakeTwilio implements ChannelContract.Provider {
  static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
  static final String TOKEN = "twilio-auth-token-77";
  static final String SID = "SM0123456789abcdef0123456789abcdef";
  static final String PATH = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";

  private final WireMockServer server;

  FakeTwilio(WireMockServer server) {
    this.server = server;
  }

  TwilioAccount account() {
    return SmsChannel.twilio(ACCOUNT, TOKEN).from("+14155550111").baseUrl(server.baseUrl());
  }

  void answer(ResponseDefinitionBuilder response) {
    server.resetMappings();
    server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
    server.stubFor(post(PATH).willReturn(response));
  }

  void answer(int status, String body) {
    answer(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody(body));
  }

  void accept(String sid) {
    answer(
        201,
        "{\"sid\":\""
            + sid
            + "\",\"status\":\"queued\",\"num_segments\":\"1\",\"error_code\":null}");
  }

  void refuse(int status, int code, String message) {
    answer(status, error(status, code, message));
  }

  static String error(int status, int code, String message) {
    return String.format(
        "{\"code\":%d,\"message\":\"%s\",\"more_info\":\"https://www.twilio.com/docs/errors/%d\","
            + "\"status\":%d}",
        code, message, code, status);
  }

  List<LoggedRequest> requests() {
    return server.getAllServeEvents().stream()
        .map(event -> LoggedRequest.createFrom(event.getRequest()))
        .toList();
  }

  @Override
  public void accept() {
    accept(SID);
  }

  @Override
  public void refuseForGood() {
    refuse(400, 21211, "Invalid 'To' Phone Number: " + Attempts.NUMBER);
  }

  @Override
  public void refuseForNow() {
    refuse(429, 20429, "Too Many Requests");
  }

  @Override
  public void askToWait(Duration retryAfter) {
    answer(
        aResponse()
            .withStatus(429)
            .withHeader("Retry-After", Long.toString(retryAfter.toSeconds()))
            .withBody(error(429, 20429, "Too Many Requests")));
  }

  @Override
  public void refuseCredentials() {
    refuse(401, 20003, "Authenticate as " + ACCOUNT + " with " + TOKEN);
  }

  @Override
  public void hangUp() {
    answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
  }

  @Override
  public void stall() {
    answer(aResponse().withStatus(201).withFixedDelay(5000));
  }
}
