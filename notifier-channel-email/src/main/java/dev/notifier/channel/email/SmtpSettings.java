package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The configuration of one channel that sends by SMTP, complete. Immutable. */
final class SmtpSettings {
  final ChannelId id;
  final List<HostAndPort> servers;
  final Mailbox from;
  final @Nullable Mailbox replyTo;
  final @Nullable SmtpCredentials credentials;
  final SmtpSecurity security;
  final @Nullable SSLContext sslContext;
  final @Nullable String localHost;
  final Duration connectTimeout;
  final Duration readTimeout;
  final Duration writeTimeout;
  final Duration acceptanceTimeout;
  final SmtpPooling pooling;
  private final MessageSettings message;

  SmtpSettings(SmtpChannelBuilder builder) {
    if (builder.from == null) {
      throw new ConfigurationException(
          "channel '"
              + builder.id
              + "' has no sender: call from(\"Shop <no-reply@example.com>\") or set notifier."
              + builder.id
              + ".from");
    }
    this.id = builder.id;
    this.servers = List.copyOf(builder.servers);
    this.from = builder.from;
    this.replyTo = builder.replyTo;
    this.credentials = builder.credentials;
    this.security = builder.security != null ? builder.security : SmtpSecurity.STARTTLS;
    this.sslContext = builder.sslContext;
    this.localHost = builder.localHost;
    this.connectTimeout = builder.connectTimeout;
    this.readTimeout = builder.readTimeout;
    this.writeTimeout = builder.writeTimeout;
    this.acceptanceTimeout = builder.acceptanceTimeout;
    this.pooling =
        new SmtpPooling(
            builder.connections,
            builder.messagesPerConnection,
            builder.connectionAge,
            builder.idleTimeout,
            builder.checkAfterIdle,
            builder.retryServerAfter);
    this.message =
        new MessageSettings(
            id, from, replyTo, builder.bounceTo, builder.charset, List.copyOf(builder.signers));
  }

  /** What every message has in common. */
  MessageSettings message() {
    return message;
  }

  boolean usesPlaintext() {
    return security == SmtpSecurity.PLAINTEXT
        || security == SmtpSecurity.PLAINTEXT_WITH_CREDENTIALS;
  }

  /** Returns the servers in their order, for messages. */
  String serverNames() {
    return servers.stream().map(HostAndPort::toString).collect(Collectors.joining(", "));
  }
}
