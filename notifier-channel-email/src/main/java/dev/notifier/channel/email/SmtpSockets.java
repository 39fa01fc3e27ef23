package dev.notifier.channel.email;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.util.WriteTimeoutSocket;

/**
 * Opens connections on which every wait and every reply has an end, and which an interrupt closes.
 *
 * <p>Thread-safe. Its one thread, a daemon, watches over writes and over the whole of each
 * conversation, which sockets have no time-outs for.
 */
final class SmtpSockets implements AutoCloseable {
  /** In one conversation; a dozen replies and a chain of certificates are far less. */
  private static final long MOST_OCTETS_OF_A_SERVER = 1024 * 1024;

  private final SmtpSettings settings;
  private final Duration longestConversation;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * Creates it.
   *
   * @param longestConversation the end even of a server that answers a byte at a time
   */
  SmtpSockets(SmtpSettings settings, Duration longestConversation) {
    this.settings = settings;
    this.longestConversation = longestConversation;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "notifier-" + settings.id + "-timeouts");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Connects to the first of the host's addresses that answers: RFC 5321, 5.1. */
  Socket connect() throws IOException {
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(settings.host)) {
      try {
        return connect(address);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure != null ? failure : new SocketException("no address of " + settings.host);
  }

  private Socket connect(InetAddress address) throws IOException {
    // A channel's socket, and only that, is closed when its thread is interrupted.
    Socket socket = new BoundedSocket(SocketChannel.open().socket());
    try {
      // Carries the configured name, so that nobody asks the DNS who owns the address.
      InetAddress named = InetAddress.getByAddress(settings.host, address.getAddress());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(settings.readTimeout.toMillis()));
      socket.connect(
          new InetSocketAddress(named, settings.port),
          Math.toIntExact(settings.connectTimeout.toMillis()));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Ends its thread. */
  @Override
  public void close() {
    timer.shutdownNow();
  }

  private final class BoundedSocket extends WriteTimeoutSocket {
    private final ScheduledFuture<?> end;

    BoundedSocket(Socket socket) throws IOException {
      super(socket, Math.toIntExact(settings.writeTimeout.toMillis()), timer);
      this.end =
          timer.schedule(
              () -> {
                socket.close();
                return null;
              },
              longestConversation.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new BoundedInputStream(super.getInputStream());
    }

    @Override
    public synchronized void close() throws IOException {
      end.cancel(false);
      super.close();
    }
  }

  /** Ends a reply without end before it fills the memory, in which Angus collects it. */
  private static final class BoundedInputStream extends FilterInputStream {
    private long left = MOST_OCTETS_OF_A_SERVER;

    BoundedInputStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      count(1);
      return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      count(count);
      return count;
    }

    private void count(int octets) throws IOException {
      left -= octets;
      if (left < 0) {
        throw new IOException("the server said more than " + MOST_OCTETS_OF_A_SERVER + " octets");
      }
    }
  }
}
