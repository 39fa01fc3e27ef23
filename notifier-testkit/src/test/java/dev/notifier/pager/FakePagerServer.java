package dev.notifier.pager;

import dev.notifier.testkit.ChannelContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A pager server on the loopback interface that answers as it is told. */
public final class FakePagerServer implements ChannelContract.Provider, AutoCloseable {
  private static final String SILENCE = "";

  private final ServerSocket socket;
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String answer = "OK";
  private volatile boolean hangingUp;

  private FakePagerServer(ServerSocket socket) {
    this.socket = socket;
  }

  public static FakePagerServer start() {
    try {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      FakePagerServer server = new FakePagerServer(socket);
      daemon(server::acceptAll).start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "fake-pager-server");
    thread.setDaemon(true);
    return thread;
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket connection = socket.accept();
        daemon(() -> answer(connection)).start();
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void answer(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      String page = in.readLine();
      String now = answer;
      if (page == null || hangingUp) {
        return;
      }
      if (now.equals(SILENCE)) {
        closed.await();
        return;
      }
      if (now.equals("OK")) {
        tokens.add(page.substring(0, page.indexOf('|')));
      }
      connection.getOutputStream().write((now + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException | InterruptedException e) {
      // the channel is gone
    }
  }

  private void become(String newAnswer) {
    answer = newAnswer;
    hangingUp = false;
  }

  @Override
  public void accept() {
    become("OK");
  }

  @Override
  public void refuseForGood() {
    become("GONE");
  }

  @Override
  public void refuseForNow() {
    become("BUSY");
  }

  @Override
  public void askToWait(Duration retryAfter) {
    become("WAIT " + retryAfter.toSeconds());
  }

  @Override
  public void refuseCredentials() {
    become("DENIED");
  }

  @Override
  public void hangUp() {
    hangingUp = true;
  }

  @Override
  public void stall() {
    become(SILENCE);
  }

  @Override
  public List<String> acceptedTokens() {
    return List.copyOf(tokens);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
