package dev.notifier.pager;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.spi.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends pages over TCP: one line there, one line back. */
public final class PagerChannel implements Channel {
  private final InetSocketAddress server;
  private final String password;
  private final Duration timeout;

  public PagerChannel(InetSocketAddress server, String password, Duration timeout) {
    this.server = server;
    this.password = password;
    this.timeout = timeout;
  }

  @Override
  public void check(DeliveryAttempt attempt) {
    if (!attempt.address().value().matches("[0-9-]{4,20}")) {
      throw new InvalidNotificationException(
          "pager number must be 4 to 20 digits, but was \"" + attempt.address().value() + "\"");
    }
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
    try (Socket socket = new Socket()) {
      int millis = (int) timeout.toMillis();
      socket.connect(server, millis);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(page(attempt).getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return resultOf(in.readLine());
    } catch (SocketTimeoutException e) {
      return DeliveryResult.ambiguous("the pager server did not answer within " + timeout);
    }
  }

  private String page(DeliveryAttempt attempt) {
    String text = attempt.content().text().orElse("");
    return String.join(
            "|", attempt.delivery().toString(), password, attempt.address().value(), text)
        + "\n";
  }

  private static DeliveryResult resultOf(String answer) {
    if (answer == null) {
      return DeliveryResult.ambiguous("the pager server hung up");
    }
    String[] words = answer.split(" ", 2);
    return switch (words[0]) {
      case "OK" -> DeliveryResult.accepted();
      case "GONE" -> DeliveryResult.permanentFailure("no such pager");
      case "DENIED" -> DeliveryResult.configurationFault("the pager server refused the password");
      case "WAIT" ->
          DeliveryResult.transientFailure("busy", Duration.ofSeconds(Long.parseLong(words[1])));
      default -> DeliveryResult.transientFailure("busy");
    };
  }
}
