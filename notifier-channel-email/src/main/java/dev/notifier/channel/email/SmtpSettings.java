package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The configuration of one channel that sends by SMTP, complete. Immutable. */
final class SmtpSettings {
  final ChannelId id;
  final List<HostAndPort> servers;
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
    this.id = builder.id;
    this.servers = List.copyOf(builder.servers);
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
    this.message = builder.message();
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
