package dev.notifier.examples;

import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import dev.notifier.store.jdbc.JdbcTransaction;
import dev.notifier.store.jdbc.KeyRing;
import dev.notifier.store.jdbc.PayloadCipher;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import javax.sql.DataSource;

/** The code of the guide to durability, as {@link GuideSamples}. */
final class DurabilitySamples {
  Notifier durable(ChannelFactory email, DataSource dataSource) {
    // sample: durable
    Notifier notifier =
        Notifier.builder().channel(email).store(JdbcNotificationStore.on(dataSource)).build();
    // end
    return notifier;
  }

  void transaction(Notifier notifier, DataSource dataSource, Notification confirmation)
      throws SQLException {
    // sample: transaction
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      JdbcTransaction transaction = JdbcTransaction.on(connection);
      insertOrder(connection);
      notifier.send(confirmation, transaction); // exists if, and only if, this commits
      connection.commit();
      transaction.committed(); // a hint: it is sent now, and not within a second
    }
    // end
  }

  private static void insertOrder(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO orders (id) VALUES (1)");
    }
  }

  JdbcNotificationStore encrypted(DataSource dataSource, String dataKey, String lookupKey) {
    // sample: encryptedStore
    KeyRing keys = KeyRing.of(1, dataKey, lookupKey); // each: openssl rand -base64 32
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(dataSource).encryption(PayloadCipher.aes256(keys)).build();
    // end
    return store;
  }

  long search(Notifier notifier, Instant yesterday) {
    long failed = 0;
    // sample: searchHistory
    HistoryQuery query =
        HistoryQuery.builder()
            .recipientNamed("user-42")
            .status(DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
            .acceptedFrom(yesterday)
            .build();
    Page<NotificationReport> page = notifier.search(query);
    failed += page.items().size();
    while (page.next().isPresent()) {
      page = notifier.search(query.after(page.next().get()));
      failed += page.items().size();
    }
    // end
    return failed;
  }
}
