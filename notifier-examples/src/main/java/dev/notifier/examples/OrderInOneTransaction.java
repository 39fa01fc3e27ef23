package dev.notifier.examples;

import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Receipt;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import dev.notifier.store.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * Places orders, each in one transaction with its confirmation: both exist, or neither does. There
 * is no moment at which a crash leaves an order that nobody is told of, or a confirmation of an
 * order that is not there.
 */
public final class OrderInOneTransaction {
  private final DataSource database;
  private final Notifier notifier;

  private OrderInOneTransaction(DataSource database, Notifier notifier) {
    this.database = database;
    this.notifier = notifier;
  }

  /** Runs the program. */
  public static void main(String[] arguments) throws Exception {
    JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:shop", "shop", "letmein");
    createOrders(database);
    try (Notifier notifier =
        Notifier.builder()
            .channel("pager", new ConsoleChannel())
            .store(JdbcNotificationStore.on(database)) // the tables lie beside those of the shop
            .build()) {
      OrderInOneTransaction shop = new OrderInOneTransaction(database, notifier);
      Receipt good = shop.place(1001, 2);
      System.out.println("order 1001: " + good.await(Duration.ofSeconds(30)));
      try {
        shop.place(1002, -1);
      } catch (SQLException e) {
        System.out.println("order 1002 was rolled back, and its confirmation with it");
      }
    } finally {
      database.dispose();
    }
  }

  private static void createOrders(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, pieces INT CHECK (pieces > 0))");
    }
  }

  private Receipt place(long order, int pieces) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        JdbcTransaction transaction = JdbcTransaction.on(connection);
        Receipt receipt = notifier.send(confirmationOf(order), transaction);
        insert(connection, order, pieces);
        connection.commit();
        transaction.committed(); // so that it is sent at once, and not a moment later
        return receipt;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static Notification confirmationOf(long order) {
    return Notification.to("pager:42")
        .text("Thank you for order " + order + ".")
        .idempotencyKey("order-" + order)
        .build();
  }

  private static void insert(Connection connection, long order, int pieces) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO orders (id, pieces) VALUES (?, ?)")) {
      insert.setLong(1, order);
      insert.setInt(2, pieces);
      insert.executeUpdate();
    }
  }
}
