package dev.notifier.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to a server that can be cut: aloud, so that everybody knows, or silently, so that what is
 * open stays open and nothing comes through any more.
 */
final class TcpProxy implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("localhost:(\\d+)");

  private final int target;
  private final ServerSocket server;
  private final List<Link> links = new ArrayList<>(); // guarded by this
  private volatile boolean silent;
  private volatile boolean down;

  TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** A proxy to the server of a URL. */
  static TcpProxy to(String url) throws IOException {
    Matcher port = PORT.matcher(url);
    if (!port.find()) {
      throw new IllegalArgumentException(url);
    }
    return new TcpProxy(Integer.parseInt(port.group(1)));
  }

  /** The URL of the same database by way of this proxy. */
  String through(String url) {
    return PORT.matcher(url).replaceFirst("localhost:" + server.getLocalPort());
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (down) {
          client.close();
        } else {
          link(client);
        }
      } catch (IOException e) {
        // Closed, or a client that was quicker.
      }
    }
  }

  private synchronized void link(Socket client) throws IOException {
    Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), target));
    link.dead = silent;
    links.add(link);
    start(() -> link.pump(link.client, link.server));
    start(() -> link.pump(link.server, link.client));
  }

  // --- Strikes ----------------------------------------------------------------------------------

  /** Nothing comes through any more, and nobody is told. */
  synchronized void silence() {
    silent = true;
    links.forEach(link -> link.dead = true);
  }

  /** Every connection is closed, and new ones too. */
  synchronized void cut() throws IOException {
    down = true;
    for (Link link : links) {
      link.close();
    }
    links.clear();
  }

  /** New connections come through again; those that were silenced never do. */
  synchronized void heal() {
    silent = false;
    down = false;
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    for (Link link : links) {
      link.close();
    }
  }

  private static final class Link {
    final Socket client;
    final Socket server;
    volatile boolean dead;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pump(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try (InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!dead) {
            out.write(buffer, 0, read);
          }
        }
        while (dead) { // the other side is not told either
          java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
          if (to.isClosed()) {
            return;
          }
        }
      } catch (IOException e) {
        // One side has closed; both are now.
      }
    }

    void close() throws IOException {
      dead = false;
      client.close();
      server.close();
    }
  }
}
