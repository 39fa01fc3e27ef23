package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.OnAmbiguity;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits that are made, and whose answer is lost on its way. */
class DoubtTest {
  @TempDir private Path directory;

  /** Loses the answers to the next commits of the threads whose name begins so. */
  private static final class Forgetful extends BareDataSource {
    private final DataSource database;
    private final String thread;
    private final Callable<Boolean> condition;
    private final AtomicInteger times;

    Forgetful(DataSource database, String thread, AtomicInteger times) {
      this(database, thread, () -> true, times);
    }

    /** Of those commits after which the condition holds. */
    Forgetful(
        DataSource database, String thread, Callable<Boolean> condition, AtomicInteger times) {
      this.database = database;
      this.thread = thread;
      this.condition = condition;
      this.times = times;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = database.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                Object result = call(connection, method, arguments);
                if (method.getName().equals("commit") && isHit()) {
                  throw new SQLException("the connection broke", "08006");
                }
                return result;
              });
    }

    private static Object call(
        Connection connection, java.lang.reflect.Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private boolean isHit() throws Exception {
      return Thread.currentThread().getName().startsWith(thread)
          && times.get() > 0
          && condition.call()
          && times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAClaimInDoubtTookIsSentAllTheSame(TestDatabase kind) throws Exception {
    AtomicInteger times = new AtomicInteger();
    AtomicInteger sent = new AtomicInteger();
    try (EmptyDatabase database = kind.create(directory);
        TestNode node =
            TestNode.on(
                new Forgetful(
                    database.dataSource(), "notifier-store-poller", () -> isOwned(database), times),
                attempt -> {
                  sent.incrementAndGet();
                  return DeliveryResult.accepted();
                });
        Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      JdbcTransaction transaction = JdbcTransaction.on(connection);
      times.set(1);
      NotificationId id = node.notifier().send(TestNode.message().build(), transaction).id();
      connection.commit();
      transaction.committed();
      Until.holds(() -> times.get() == 0);
      Until.holds(() -> node.notifier().find(id).orElseThrow().status() == DeliveryStatus.SENT);
      assertThat(sent).hasValue(1);
    }
  }

  private static boolean isOwned(EmptyDatabase database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT 1 FROM notifier_queue WHERE owner <> 0")) {
      return result.next();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAcceptedInDoubtIsLookedForAndSentOnce(TestDatabase kind) throws Exception {
    AtomicInteger sent = new AtomicInteger();
    String writer =
        kind == TestDatabase.H2 ? "notifier-store-writer" : Thread.currentThread().getName();
    AtomicInteger notYet = new AtomicInteger();
    try (EmptyDatabase database = kind.create(directory);
        TestNode node =
            TestNode.on(
                new Forgetful(database.dataSource(), writer, notYet),
                attempt -> {
                  sent.incrementAndGet();
                  return DeliveryResult.accepted();
                })) {
      notYet.set(1);
      NotificationId id = node.send();
      assertThat(notYet).as("answers still to be lost").hasValue(0);
      Until.holds(() -> node.notifier().find(id).orElseThrow().status() == DeliveryStatus.SENT);
      assertThat(sent).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasSettledInDoubtIsRecordedOnce(TestDatabase kind) throws Exception {
    AtomicInteger times = new AtomicInteger();
    AtomicInteger sent = new AtomicInteger();
    try (EmptyDatabase database = kind.create(directory);
        TestNode node =
            TestNode.on(
                new Forgetful(database.dataSource(), "notifier-store-settler", times),
                attempt ->
                    sent.incrementAndGet() < 3
                        ? DeliveryResult.transientFailure("busy")
                        : DeliveryResult.accepted())) {
      times.set(2);
      NotificationId id =
          node.notifier().send(TestNode.message().onAmbiguity(OnAmbiguity.GIVE_UP).build()).id();
      Until.holds(() -> node.store().node().owned().size() == 0 && sent.get() == 3);
      var report = node.notifier().find(id).orElseThrow();
      assertThat(report.status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(report.deliveries().get(0).attempts()).hasSize(3);
      assertThat(sent).hasValue(3);
    }
  }
}
