package dev.notifier.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ServerSocketFactory;

/** An SMTP server on loopback that accepts everything, forgets it, and answers at once. */
final class MailSink implements AutoCloseable {
  private final ServerSocket server;
  private final String features;
  private final LongAdder messages = new LongAdder();
  private final LongAdder connections = new LongAdder();

  /** Starts a sink; with TLS from the first byte if the factory makes such sockets. */
  MailSink(ServerSocketFactory sockets, boolean pipelining) throws IOException {
    this.server = sockets.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
    this.features = "250-sink\r\n" + (pipelining ? "250-PIPELINING\r\n" : "") + "250 8BITMIME\r\n";
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  long messages() {
    return messages.sum();
  }

  long connections() {
    return connections.sum();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        connections.increment();
        daemon(() -> serve(connection));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      new Conversation(connection).hold();
    } catch (IOException e) {
      // the client went away
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** Answers only when all that has come was read, so that pipelined commands cost one answer. */
  private final class Conversation {
    private final InputStream in;
    private final OutputStream out;
    private final byte[] input = new byte[16 * 1024];
    private final byte[] line = new byte[8 * 1024];
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private int length;
    private boolean inMessage;

    Conversation(Socket socket) throws IOException {
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    void hold() throws IOException {
      say("220 sink ESMTP\r\n");
      boolean open = true;
      while (open && readLine()) {
        open = inMessage ? take() : obey();
      }
      flush();
    }

    private boolean take() {
      if (length == 1 && line[0] == '.') {
        inMessage = false;
        messages.increment();
        say("250 2.0.0 queued\r\n");
      }
      return true;
    }

    private boolean obey() {
      switch (length == 0 ? ' ' : (char) (line[0] & 0xdf)) {
        case 'E', 'H' -> say(features);
        case 'D' -> {
          inMessage = true;
          say("354 go ahead\r\n");
        }
        case 'Q' -> {
          say("221 bye\r\n");
          return false;
        }
        default -> say("250 2.1.0 ok\r\n");
      }
      return true;
    }

    private void say(String answer) {
      answers.writeBytes(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private void flush() throws IOException {
      if (answers.size() > 0) {
        answers.writeTo(out);
        out.flush();
        answers.reset();
      }
    }

    private boolean readLine() throws IOException {
      length = 0;
      while (true) {
        if (position == limit) {
          flush();
          position = 0;
          limit = in.read(input);
          if (limit < 0) {
            return false;
          }
        }
        byte octet = input[position++];
        if (octet == '\n') {
          length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
          return true;
        }
        if (length < line.length) {
          line[length++] = octet;
        }
      }
    }
  }
}
