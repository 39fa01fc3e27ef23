package dev.notifier.store.jdbc;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.OnAmbiguity;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The program of a process that is killed, stopped and cut off: a notifier that sends to itself and
 * tells on its standard output, in one write per line, what was acknowledged and what its provider
 * got. A pipe keeps what was written to it when the writer dies.
 */
final class ChaosNode {
  static final int WORKERS = 4;
  private static final int SENDERS = 3;
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final String url;
  private final String user;
  private final String password;
  private final String name;
  private volatile boolean quiet;

  private ChaosNode(String[] arguments) {
    url = arguments[0];
    user = arguments[1];
    password = arguments[2];
    name = arguments[3];
  }

  /** Arguments: url, user, password, name, lease in ms, error of the clock in ms, mode. */
  public static void main(String[] arguments) throws Exception {
    System.setOut(System.err); // the log must not come between
    new ChaosNode(arguments)
        .run(Long.parseLong(arguments[4]), Long.parseLong(arguments[5]), arguments[6]);
  }

  private void run(long lease, long clockError, String mode) throws Exception {
    InstantSource clock = () -> InstantSource.system().instant().plusMillis(clockError);
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(url, user, password)
            .shortLease(Duration.ofMillis(lease))
            .clock(clock, true)
            .nodeName(name)
            .startupWait(Duration.ofSeconds(30))
            .build();
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .clock(clock)
            .channel("provider", this::provide)
            .policy("provider", policy())
            .store(store)
            .build();
    say("READY");
    if (mode.equals("halt-before-commit")) {
      haltBeforeCommit(notifier);
    }
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS && !mode.equals("work"); i++) {
      Thread sender = new Thread(() -> sendOn(notifier));
      sender.start();
      senders.add(sender);
    }
    obey(notifier, senders);
  }

  private static ChannelPolicy policy() {
    Duration[] delays = new Duration[30];
    java.util.Arrays.fill(delays, Duration.ofMillis(20));
    return ChannelPolicy.builder()
        .concurrency(WORKERS)
        .capacity(500)
        .withoutBreakers()
        .retry(RetryPolicy.delays(delays))
        .build();
  }

  private void obey(Notifier notifier, List<Thread> senders)
      throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      quiet = true;
      for (Thread sender : senders) {
        sender.join();
      }
      say("QUIET");
      if (line.equals("drain")) {
        if (drain()) {
          say("DRAINED");
        }
      }
      if (line.equals("close")) {
        notifier.close(Duration.ofSeconds(20));
        say("CLOSED");
        Runtime.getRuntime().halt(0);
      }
    }
    Runtime.getRuntime().halt(1); // the parent is gone
  }

  /** Waits until nothing is owed; H2's file can be asked by this process only. */
  private boolean drain() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (owesSomething()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return true;
  }

  private boolean owesSomething() {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM notifier_queue LIMIT 1")) {
      return result.next();
    } catch (SQLException e) {
      System.err.println("what is owed cannot be counted: " + e);
      return true;
    }
  }

  // --- The provider -----------------------------------------------------------------------------

  private DeliveryResult provide(DeliveryAttempt attempt) {
    long begun = System.currentTimeMillis();
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000));
    if (ThreadLocalRandom.current().nextInt(20) == 0) {
      return DeliveryResult.transientFailure("busy");
    }
    say("SENT " + attempt.delivery().notification() + " " + begun);
    return DeliveryResult.accepted();
  }

  // --- The senders ------------------------------------------------------------------------------

  private void sendOn(Notifier notifier) {
    for (int i = 0; !quiet; i++) {
      try {
        sendOne(notifier, i);
      } catch (RuntimeException | SQLException e) {
        say("FAILED " + e.getClass().getSimpleName());
      }
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  private void sendOne(Notifier notifier, int i) throws SQLException {
    switch (i % 10) {
      case 1 -> {
        String key = "key-" + System.currentTimeMillis() / 500;
        Receipt receipt = notifier.send(message().idempotencyKey(key).build());
        say("KEYED " + receipt.id() + " " + key);
      }
      case 2, 3 -> {
        Receipt receipt = notifier.send(message().onAmbiguity(OnAmbiguity.GIVE_UP).build());
        say("ONCE " + receipt.id());
      }
      case 4 -> sendInTransaction(notifier, i / 10 % 2 == 0);
      default -> say("ACK " + notifier.send(message().build()).id());
    }
  }

  private static Notification.Builder message() {
    return Notification.to(Recipient.named("ada").address("provider", "ada"))
        .via("provider")
        .text("hi");
  }

  private void sendInTransaction(Notifier notifier, boolean commit) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      connection.setAutoCommit(false);
      JdbcTransaction transaction = JdbcTransaction.on(connection);
      Receipt receipt = notifier.send(message().build(), transaction);
      if (commit) {
        connection.commit();
        transaction.committed();
        makeDurable(connection);
        say("ACK " + receipt.id());
      } else {
        say("ROLLED " + receipt.id());
        connection.rollback();
      }
    }
  }

  /** A commit of the host's own is as durable as the host makes it, and H2's alone is not. */
  private void makeDurable(Connection connection) throws SQLException {
    if (url.startsWith("jdbc:h2:")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  private void haltBeforeCommit(Notifier notifier) throws SQLException {
    Connection connection = DriverManager.getConnection(url, user, password);
    connection.setAutoCommit(false);
    Receipt receipt = notifier.send(message().build(), JdbcTransaction.on(connection));
    say("ROLLED " + receipt.id());
    Runtime.getRuntime().halt(9);
  }

  private void say(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        Runtime.getRuntime().halt(1);
      }
    }
  }
}
