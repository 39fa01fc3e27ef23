package dev.notifier.channel.email;

import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.channel.email.SmtpServer.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to the first of several servers that works. Thread-safe.
 *
 * <p>A message goes to the next server only when it is certain that the one before has not taken
 * it, and only for what is the server's own fault: that a recipient or a message is refused is the
 * answer, whoever gives it.
 */
final class SmtpTransport implements AutoCloseable {
  private final SmtpSockets sockets;
  private final List<SmtpServer> servers;

  SmtpTransport(SmtpSettings settings, LongSupplier nanos, Duration longestUse) {
    this.sockets = new SmtpSockets(settings);
    this.servers =
        settings.servers.stream()
            .map(address -> new SmtpServer(settings, address, sockets, nanos, longestUse))
            .toList();
  }

  List<SmtpServer> servers() {
    return servers;
  }

  /** Sends a message. When no server works, that of the failures counts which may pass. */
  Outcome send(SmtpMail mail) {
    Outcome outcome = null;
    for (SmtpServer server : servers) {
      if (server.isWorthTrying()) {
        outcome = milder(outcome, server.send(mail));
        if (!outcome.elsewhere()) {
          return outcome;
        }
      }
    }
    return outcome != null ? outcome : sendToAny(mail);
  }

  /** All have failed lately, but this message has been to none of them. */
  private Outcome sendToAny(SmtpMail mail) {
    Outcome outcome = servers.get(0).send(mail);
    for (int i = 1; i < servers.size() && outcome.elsewhere(); i++) {
      outcome = milder(outcome, servers.get(i).send(mail));
    }
    return outcome;
  }

  private static Outcome milder(@Nullable Outcome before, Outcome next) {
    if (before == null || !next.elsewhere()) {
      return next;
    }
    boolean worse = before.result() instanceof Permanent && !(next.result() instanceof Permanent);
    return worse ? next : before;
  }

  /** Says goodbye to idle servers, and ends what is under way. */
  @Override
  public void close() {
    servers.forEach(SmtpServer::close);
    sockets.close();
  }
}
