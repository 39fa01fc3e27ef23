package dev.notifier.channel.email;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.channel.email.SmtpServer.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to the first of several servers that works. Thread-safe.
 *
 * <p>A message goes to the next server only when it is certain that the one before has not taken
 * it, and only for what is the server's own fault: that a recipient or a message is refused is the
 * answer, whoever gives it.
 */
final class SmtpTransport implements MailCarrier {
  private static final Logger log = LoggerFactory.getLogger(SmtpTransport.class);

  private final SmtpSettings settings;
  private final SmtpSockets sockets;
  private final List<SmtpServer> servers;

  SmtpTransport(SmtpSettings settings, LongSupplier nanos, Duration longestUse) {
    this.settings = settings;
    this.sockets = new SmtpSockets(settings);
    this.servers =
        settings.servers.stream()
            .map(address -> new SmtpServer(settings, address, sockets, nanos, longestUse))
            .toList();
    if (settings.usesPlaintext()) {
      log.warn(
          "channel '{}' sends to {} without encryption, as it was told",
          settings.id,
          settings.serverNames());
    }
  }

  /** Whether a server takes addresses beyond ASCII is known when it has answered. */
  @Override
  public void check(EmailMessage message) {}

  List<SmtpServer> servers() {
    return servers;
  }

  /** Sends a message. When no server works, that of the failures counts which may pass. */
  @Override
  public Outcome send(SmtpMail mail) {
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

  /** Works no more messages at a time than there may be connections. */
  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    int connections = settings.pooling.connections();
    return connections == 0 ? defaults : defaults.toBuilder().concurrency(connections).build();
  }

  /**
   * Connects and logs in to every server. Works if one does and none refuses the settings, for then
   * messages get out.
   */
  @Override
  public Verification verify() {
    List<Verification> findings = servers.stream().map(this::verify).toList();
    String details =
        findings.stream().map(Verification::detail).collect(Collectors.joining("; also "));
    return new Verification(verdictOf(findings), details);
  }

  private static Verdict verdictOf(List<Verification> findings) {
    List<Verdict> verdicts = findings.stream().map(Verification::verdict).toList();
    if (verdicts.contains(Verdict.REFUSED)) {
      return Verdict.REFUSED;
    }
    return verdicts.contains(Verdict.WORKS) ? Verdict.WORKS : Verdict.UNREACHABLE;
  }

  private Verification verify(SmtpServer server) {
    SmtpConnection connection = server.newConnection();
    try {
      connection.open();
      String login = settings.credentials == null ? "" : " and takes the credentials";
      return Verification.works(server.address() + " answers" + login);
    } catch (IOException e) {
      DeliveryResult result =
          SmtpReplyClassifier.classify(connection.stage(), connection.reply(), e);
      String advice = SmtpDiagnosis.of(settings, connection.stage(), connection.reply(), e);
      String detail =
          server.address()
              + ": "
              + (advice.isEmpty() ? result.reason() : advice + " (" + result.reason() + ")");
      return result instanceof Permanent
          ? Verification.refused(detail)
          : Verification.unreachable(detail);
    } finally {
      connection.close();
    }
  }

  /** Says goodbye to idle servers, and ends what is under way. */
  @Override
  public void close() {
    servers.forEach(SmtpServer::close);
    sockets.close();
  }

  @Override
  public String toString() {
    return settings.serverNames();
  }
}
