package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.HttpSender;
import dev.notifier.http.NoReply;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import java.io.IOException;
import java.util.List;
import okhttp3.Request;

/** Sends mail by a provider over HTTP, each message in one request, once. Thread-safe. */
final class HttpEmailChannel implements Channel {
  private final HttpGateway gateway;
  private final MessageSettings settings;
  private final HttpSender http;

  HttpEmailChannel(HttpGateway gateway, MessageSettings settings, HttpSender http) {
    this.gateway = gateway;
    this.settings = settings;
    this.http = http;
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
    Request request;
    try {
      request = gateway.request(checked(attempt));
    } catch (InvalidNotificationException e) { // an interceptor may have changed the content
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
    return http.send(request).toResult(gateway::judge);
  }

  @Override
  public void check(DeliveryAttempt attempt) {
    checked(attempt);
  }

  private EmailMessage checked(DeliveryAttempt attempt) {
    EmailMessage message = EmailMessage.of(attempt, settings);
    gateway.check(message);
    return message;
  }

  @Override
  public Verification verify() {
    try {
      HttpOutcome outcome = http.send(gateway.verification());
      return outcome instanceof HttpReply reply
          ? gateway.verdict(reply)
          : Verification.unreachable(gateway.name() + ": " + ((NoReply) outcome).reason());
    } catch (IOException e) {
      return Verification.unreachable(gateway.name() + ": " + e.getMessage());
    }
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    return BounceMails.isOne(request) ? BounceMails.receive(request) : gateway.receive(request);
  }

  @Override
  public void close() {
    http.close();
  }

  /** Returns the provider and the id, never the credentials. */
  @Override
  public String toString() {
    return gateway.name() + "[" + settings.channel() + "]";
  }
}
