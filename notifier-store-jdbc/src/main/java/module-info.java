/** Durable notifications in a database. */
module dev.notifier.store.jdbc {
  requires transitive dev.notifier.core;
  requires transitive java.sql;
  requires static com.zaxxer.hikari;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.notifier.store.jdbc;

  provides dev.notifier.spi.NotificationStoreProvider with
      dev.notifier.store.jdbc.JdbcNotificationStoreProvider;
}
