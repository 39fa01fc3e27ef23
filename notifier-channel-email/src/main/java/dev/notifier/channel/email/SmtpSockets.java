package dev.notifier.channel.email;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections that an interrupt closes, and secures them. Thread-safe.
 *
 * <p>A session of TLS is kept by the {@link SSLContext}, so that a second connection to a server
 * costs less than the first.
 */
final class SmtpSockets implements AutoCloseable {
  private static final List<String> TLS_VERSIONS = List.of("TLSv1.3", "TLSv1.2");

  private final SmtpSettings settings;
  private final SmtpWatch watch;
  private final SSLSocketFactory tls;

  SmtpSockets(SmtpSettings settings) {
    this.settings = settings;
    this.watch = new SmtpWatch("notifier-" + settings.id + "-timeouts", shortestTimeout(settings));
    this.tls = contextOf(settings.sslContext).getSocketFactory();
  }

  private static Duration shortestTimeout(SmtpSettings settings) {
    return List.of(
            settings.readTimeout,
            settings.writeTimeout,
            settings.acceptanceTimeout,
            settings.pooling.idleTimeout())
        .stream()
        .min(Duration::compareTo)
        .orElseThrow();
  }

  private static SSLContext contextOf(@Nullable SSLContext given) {
    try {
      return given != null ? given : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  SmtpWatch watch() {
    return watch;
  }

  /** Connects to the first of the host's addresses that answers: RFC 5321, 5.1. */
  SmtpWire connect(HostAndPort server) throws IOException {
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(server.host())) {
      try {
        return connect(server, address);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure != null ? failure : new SocketException("no address of " + server.host());
  }

  private SmtpWire connect(HostAndPort server, InetAddress address) throws IOException {
    // A channel's socket, and only that, is closed when its thread is interrupted.
    Socket socket = SocketChannel.open().socket();
    try {
      // Carries the configured name, so that nobody asks the DNS who owns the address.
      InetAddress named = InetAddress.getByAddress(server.host(), address.getAddress());
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(named, server.port()),
          Math.toIntExact(settings.connectTimeout.toMillis()));
      return new SmtpWire(socket, watch, settings.writeTimeout);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Turns a connection to TLS 1.2 or 1.3, with the host's name checked. */
  void secure(SmtpWire wire, HostAndPort server) throws IOException {
    wire.secure(plain -> handShake(plain, server), settings.readTimeout);
  }

  private Socket handShake(Socket plain, HostAndPort server) throws IOException {
    SSLSocket secured =
        (SSLSocket) tls.createSocket(plain, server.host(), server.port(), /* autoClose= */ true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setProtocols(versions(secured));
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818, as RFC 7817 has it too
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static String[] versions(SSLSocket socket) {
    List<String> supported = List.of(socket.getSupportedProtocols());
    return TLS_VERSIONS.stream().filter(supported::contains).toArray(String[]::new);
  }

  /** Ends every connection that is left, and the thread that watches over them. */
  @Override
  public void close() {
    watch.close();
  }
}
