package dev.notifier.store.jdbc;

import dev.notifier.ChannelPolicy;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** A notifier on a JDBC store in this JVM: one of the nodes that share a database. */
final class TestNode implements AutoCloseable {
  static final Duration LEASE = Duration.ofMillis(1500);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JdbcNotificationStore store;
  private final Notifier notifier;

  private TestNode(JdbcNotificationStore store, Notifier notifier) {
    this.store = store;
    this.notifier = notifier;
  }

  /** A node with one channel, called "provider", two workers and a short lease. */
  static TestNode on(DataSource database, Channel provider) {
    return on(database, provider, UnaryOperator.identity(), policy());
  }

  static TestNode on(
      DataSource database,
      Channel provider,
      UnaryOperator<JdbcStoreBuilder> settings,
      ChannelPolicy policy) {
    return on(
        settings.apply(JdbcNotificationStore.builder(database).shortLease(LEASE)).build(),
        provider,
        policy);
  }

  static TestNode on(JdbcNotificationStore store, Channel provider) {
    return on(store, provider, policy());
  }

  private static TestNode on(JdbcNotificationStore store, Channel provider, ChannelPolicy policy) {
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .channel("provider", provider)
            .channel("other", provider)
            .policy("provider", policy)
            .policy("other", policy)
            .store(store)
            .build();
    return new TestNode(store, notifier);
  }

  static ChannelPolicy policy() {
    return ChannelPolicy.builder()
        .concurrency(2)
        .withoutBreakers()
        .jitter(0)
        .retry(RetryPolicy.delays(Duration.ofMillis(50), Duration.ofSeconds(1)))
        .build();
  }

  static Notification.Builder message() {
    return Notification.to(
            Recipient.named("ada").address("provider", "ada").address("other", "ada"))
        .via("provider")
        .text("hi");
  }

  NotificationId send() {
    return notifier.send(message().build()).id();
  }

  Notifier notifier() {
    return notifier;
  }

  JdbcNotificationStore store() {
    return store;
  }

  /** Ends as a process does that is killed: its lease runs out, and nothing is given back. */
  void abandon() {
    store.node().keeper().stop();
  }

  @Override
  public void close() {
    notifier.close(Duration.ZERO);
  }
}
