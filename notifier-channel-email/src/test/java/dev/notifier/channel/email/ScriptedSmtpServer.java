package dev.notifier.channel.email;

import static java.util.stream.Collectors.joining;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server on a loopback port that accepts everything, but for the steps at which a test
 * tells it to answer otherwise, to be silent or to hang up. It keeps what it was sent.
 */
final class ScriptedSmtpServer implements AutoCloseable {
  /** The points at which the server says something. */
  enum Step {
    GREETING("220 scripted ESMTP"),
    EHLO(""),
    HELO("250 scripted"),
    STARTTLS("220 go ahead"),
    AUTH("235 2.7.0 welcome"),
    MAIL("250 2.1.0 sender ok"),
    RCPT("250 2.1.5 recipient ok"),
    DATA("354 go ahead"),
    END_OF_DATA("250 2.0.0 queued as 4711"),
    RSET("250 2.0.0 ok"),
    NOOP("250 2.0.0 ok"),
    QUIT("221 2.0.0 bye");

    private final String usualReply;

    Step(String usualReply) {
      this.usualReply = usualReply;
    }
  }

  /** Instead of a reply: says nothing until the client goes. */
  static final String SILENCE = "<silence>";

  /** Instead of a reply: hangs up. */
  static final String HANG_UP = "<hang up>";

  /** Instead of a reply: one that never ends, a line at a time. */
  static final String SLOW_AND_ENDLESS = "<slow and endless>";

  /** Instead of a reply: one that never ends, as fast as it can. */
  static final String FAST_AND_ENDLESS = "<fast and endless>";

  private final ServerSocket server;
  private final Map<Step, Function<String, String>> script = new ConcurrentHashMap<>();
  private final List<String> extensions = new CopyOnWriteArrayList<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable SSLContext tls;
  private volatile boolean implicitTls;

  private ScriptedSmtpServer(ServerSocket server) {
    this.server = server;
  }

  /** Starts a server that offers no extension. */
  static ScriptedSmtpServer start() {
    try {
      ScriptedSmtpServer server =
          new ScriptedSmtpServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      server.run("accept", server::acceptConnections);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- The script -------------------------------------------------------------------------------

  /** Gives these replies at a step, one after the other; the last one from then on. */
  ScriptedSmtpServer on(Step step, String... replies) {
    AtomicInteger next = new AtomicInteger();
    return on(step, command -> replies[Math.min(next.getAndIncrement(), replies.length - 1)]);
  }

  /** Gives the reply that the function makes of the command, or of the message. */
  ScriptedSmtpServer on(Step step, Function<String, String> reply) {
    script.put(step, reply);
    return this;
  }

  /** Offers extensions in the answer to EHLO. */
  ScriptedSmtpServer offering(String... names) {
    extensions.addAll(List.of(names));
    return this;
  }

  /** Offers STARTTLS, and hides everything else until then. */
  ScriptedSmtpServer withStartTls(SSLContext context) {
    tls = context;
    return this;
  }

  /** Speaks TLS from the first byte. */
  ScriptedSmtpServer withImplicitTls(SSLContext context) {
    tls = context;
    implicitTls = true;
    return this;
  }

  // --- What came --------------------------------------------------------------------------------

  int port() {
    return server.getLocalPort();
  }

  /** Returns every command of every connection, in order. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  /** Returns every message that was accepted, with its dot-stuffing undone. */
  List<String> messages() {
    return List.copyOf(messages);
  }

  int connections() {
    return connections.size();
  }

  /** Closes every connection, as a server does that restarts. */
  void hangUp() {
    try {
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- The server -------------------------------------------------------------------------------

  private void run(String name, IoTask task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // the client went, or the server is closed
              }
            },
            "scripted-smtp-" + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void acceptConnections() throws IOException {
    while (true) {
      Socket connection = server.accept();
      connections.add(connection);
      run("connection-" + connections.size(), () -> serve(connection));
    }
  }

  private void serve(Socket connection) throws IOException {
    try (connection) {
      new Conversation(connection).hold();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
      for (Thread thread : threads) {
        thread.join(5_000);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface IoTask {
    void run() throws IOException;
  }

  /** One connection, from greeting to QUIT. */
  private final class Conversation {
    private Socket socket;
    private InputStream in;
    private boolean encrypted;
    private String lastReply = "";

    Conversation(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    void hold() throws IOException {
      if (implicitTls) {
        secure();
      }
      boolean open = answer(Step.GREETING, "");
      while (open) {
        String command = readLine();
        if (command == null) {
          return;
        }
        commands.add(command);
        open = obey(command);
      }
    }

    private boolean obey(String command) throws IOException {
      String verb = command.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      return switch (verb) {
        case "EHLO" -> script.containsKey(Step.EHLO) ? answer(Step.EHLO, command) : say(features());
        case "STARTTLS" -> answer(Step.STARTTLS, command) && (refused() || secure());
        case "DATA" -> answer(Step.DATA, command) && (refused() || receiveMessage());
        case "QUIT" -> {
          answer(Step.QUIT, command);
          yield false;
        }
        case "HELO", "AUTH", "MAIL", "RCPT", "RSET", "NOOP" -> answer(Step.valueOf(verb), command);
        default ->
            lastReply.startsWith("334") ? answer(Step.AUTH, command) : say("500 5.5.1 what?");
      };
    }

    private String features() {
      boolean offersTls = tls != null && !encrypted;
      List<String> lines = new ArrayList<>(List.of("scripted"));
      lines.addAll(offersTls ? List.of("STARTTLS") : extensions);
      String last = lines.remove(lines.size() - 1);
      return lines.stream().map(line -> "250-" + line + "\r\n").collect(joining()) + "250 " + last;
    }

    private boolean receiveMessage() throws IOException {
      StringBuilder message = new StringBuilder();
      for (String line = readLine(); line != null; line = readLine()) {
        if (line.equals(".")) {
          return answer(Step.END_OF_DATA, message.toString());
        }
        message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
      }
      return false;
    }

    /** Returns whether the conversation goes on. */
    private boolean answer(Step step, String command) throws IOException {
      String reply = script.getOrDefault(step, any -> step.usualReply).apply(command);
      lastReply = reply;
      if (step == Step.END_OF_DATA && reply.startsWith("2")) {
        messages.add(command); // before the client can know
      }
      return switch (reply) {
        case SILENCE -> {
          in.transferTo(OutputStream.nullOutputStream());
          yield false;
        }
        case HANG_UP -> false;
        case SLOW_AND_ENDLESS -> sayWithoutEnd(20);
        case FAST_AND_ENDLESS -> sayWithoutEnd(0);
        default -> say(reply);
      };
    }

    private boolean refused() {
      return lastReply.startsWith("4") || lastReply.startsWith("5");
    }

    private boolean sayWithoutEnd(int pauseMillis) throws IOException {
      try {
        while (!closed.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          say("250-still thinking");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }

    private boolean say(String reply) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      return true;
    }

    private boolean secure() throws IOException {
      SSLContext context = tls;
      if (context == null) {
        throw new IOException("no TLS in the script");
      }
      SSLSocket secured =
          (SSLSocket) context.getSocketFactory().createSocket(socket, null, port(), true);
      secured.setUseClientMode(false);
      secured.startHandshake();
      socket = secured;
      in = new BufferedInputStream(secured.getInputStream());
      encrypted = true;
      return true;
    }

    private @Nullable String readLine() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        if (octet == '\n') {
          String text = line.toString(StandardCharsets.UTF_8);
          return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
        line.write(octet);
      }
      return null;
    }
  }
}
