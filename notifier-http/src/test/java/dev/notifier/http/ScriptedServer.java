package dev.notifier.http;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An HTTP server on loopback that answers each request with the next of its scripts, byte for byte,
 * and can misbehave as no real server library can.
 */
final class ScriptedServer implements Closeable {
  /** Answers one request on the open connection; false closes it. */
  interface Script {
    boolean answer(Socket connection) throws Exception;
  }

  /** A request as it came over the wire. */
  record Received(String head, String body, int connection) {
    String header(String name) {
      return head.lines()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  private final ServerSocket server;
  private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  ScriptedServer() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        int number = connections.size();
        start(() -> serve(connection, number));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection, int number) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      do {
        requests.add(receive(in, number));
      } while (scripts.take().answer(connection));
    } catch (Exception e) {
      // the client went away, or the test is over
    }
  }

  private static Received receive(InputStream in, int number) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("end of stream");
      }
      head.append((char) next);
    }
    Received bare = new Received(head.toString(), "", number);
    String length = bare.header("Content-Length");
    byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    return new Received(bare.head(), new String(body, StandardCharsets.UTF_8), number);
  }

  /** Adds a script that writes this text and keeps the connection open. */
  ScriptedServer then(String... lines) {
    String text = String.join("\r\n", lines);
    return then(connection -> write(connection, text, true));
  }

  /** Adds a script that writes this text and closes the connection. */
  ScriptedServer thenClose(String... lines) {
    String text = String.join("\r\n", lines);
    return then(connection -> write(connection, text, false));
  }

  private static boolean write(Socket connection, String text, boolean keepOpen)
      throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    connection.getOutputStream().flush();
    return keepOpen;
  }

  ScriptedServer then(Script script) {
    scripts.add(script);
    return this;
  }

  List<Received> requests() {
    return requests;
  }

  int port() {
    return server.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
