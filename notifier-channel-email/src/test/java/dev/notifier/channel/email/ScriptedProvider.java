package dev.notifier.channel.email;

import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import dev.notifier.testkit.ChannelContract;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** A mail server's way to say each of these. */
final class ScriptedProvider implements ChannelContract.Provider {
  private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: <(.+)@shop.example>");

  private final ScriptedSmtpServer server;

  ScriptedProvider(ScriptedSmtpServer server) {
    this.server = server;
  }

  @Override
  public void accept() {
    server.on(Step.RCPT, "250 2.1.5 ok").on(Step.END_OF_DATA, "250 2.0.0 queued");
  }

  @Override
  public void refuseForGood() {
    server.on(Step.RCPT, "550 5.1.1 <ada.lovelace@example.com>: no such user");
  }

  @Override
  public void refuseForNow() {
    server.on(Step.RCPT, "451 4.3.0 try again later");
  }

  @Override
  public void askToWait(Duration retryAfter) {
    server.on(
        Step.RCPT, "450 4.7.1 Greylisted, try again in " + retryAfter.toSeconds() + " seconds");
  }

  @Override
  public void refuseCredentials() {
    server.on(Step.AUTH, "535 5.7.8 authentication failed");
  }

  @Override
  public void hangUp() {
    server.on(Step.END_OF_DATA, ScriptedSmtpServer.HANG_UP);
  }

  @Override
  public void stall() {
    server.on(Step.END_OF_DATA, ScriptedSmtpServer.SILENCE);
  }

  @Override
  public List<String> acceptedTokens() {
    return server.messages().stream()
        .flatMap(message -> MESSAGE_ID.matcher(message).results())
        .map(found -> found.group(1))
        .toList();
  }
}
