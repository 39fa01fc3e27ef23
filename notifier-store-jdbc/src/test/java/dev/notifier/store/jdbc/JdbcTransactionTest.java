package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.StoreException;
import dev.notifier.testkit.RecordingChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcTransactionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecordingChannel pager = new RecordingChannel();
  private EmptyDatabase database;
  private Notifier notifier;
  private Connection host;
  @TempDir private Path directory;

  private void start(TestDatabase kind) throws SQLException {
    database = kind.create(directory);
    database.execute("CREATE TABLE orders (id INT PRIMARY KEY)");
    notifier =
        Notifier.builder()
            .channel("pager", pager)
            .store(JdbcNotificationStore.on(database.dataSource()))
            .build();
    host = database.dataSource().getConnection();
    host.setAutoCommit(false);
  }

  @AfterEach
  void end() throws SQLException {
    host.close();
    notifier.close();
    database.close();
  }

  private Receipt order(int number) throws SQLException {
    try (Statement statement = host.createStatement()) {
      statement.execute("INSERT INTO orders (id) VALUES (" + number + ")");
    }
    return notifier.send(confirmationOf(number), JdbcTransaction.on(host));
  }

  private static Notification confirmationOf(int order) {
    return Notification.to("pager:42")
        .text("order " + order)
        .idempotencyKey("order-" + order)
        .build();
  }

  private static Optional<DeliveryStatus> end(Receipt receipt) throws InterruptedException {
    return receipt.await(PATIENCE).map(Outcome::status);
  }

  private int orders() throws SQLException {
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM orders")) {
      result.next();
      return result.getInt(1);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void nothingIsThereBeforeTheCommitAndAllOfItAfter(TestDatabase kind) throws Exception {
    start(kind);
    Receipt receipt = order(1);

    assertThat(notifier.find(receipt.id())).isEmpty();
    host.commit();

    assertThat(end(receipt)).contains(DeliveryStatus.SENT); // by the poll: nobody told of it
    assertThat(orders()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anAnnouncedCommitWakesTheStore(TestDatabase kind) throws Exception {
    start(kind);
    JdbcTransaction transaction = JdbcTransaction.on(host);
    transaction.committed(); // nothing was sent yet, which does no harm
    Receipt receipt = notifier.send(confirmationOf(1), transaction);
    host.commit();
    transaction.committed();

    assertThat(end(receipt)).contains(DeliveryStatus.SENT);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsRolledBackNeverWasAndItsKeyIsFree(TestDatabase kind) throws Exception {
    start(kind);
    Receipt undone = order(1);
    host.rollback();

    assertThat(notifier.find(undone.id())).isEmpty();
    assertThat(notifier.cancel(undone.id())).isFalse();
    Receipt again = order(1); // the same connection, and the same idempotency key
    host.commit();
    assertThat(again.isDuplicate()).isFalse();
    assertThat(end(again)).contains(DeliveryStatus.SENT);
    assertThat(pager.attempts()).hasSize(1);
    assertThat(orders()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aHostThatDiesBeforeItsCommitLeavesNothing(TestDatabase kind) throws Exception {
    start(kind);
    Receipt lost = order(1);
    if (kind == TestDatabase.H2) {
      host.close(); // in the same process; a killed one is tested where processes are killed
    } else {
      host.abort(Runnable::run);
    }
    host = database.dataSource().getConnection();
    host.setAutoCommit(false);
    Receipt next = order(2);
    host.commit();

    assertThat(end(next)).contains(DeliveryStatus.SENT);
    assertThat(notifier.find(lost.id())).isEmpty();
    assertThat(pager.attempts()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aConnectionCanBeUsedAgainAndAgain(TestDatabase kind) throws Exception {
    start(kind);
    Receipt first = order(1);
    Receipt sameTransaction = order(2);
    host.commit();
    Receipt undone = order(3);
    host.rollback();
    Receipt last = order(4);
    host.commit();

    assertThat(end(first)).contains(DeliveryStatus.SENT);
    assertThat(end(sameTransaction)).contains(DeliveryStatus.SENT);
    assertThat(end(last)).contains(DeliveryStatus.SENT);
    assertThat(notifier.find(undone.id())).isEmpty();
    assertThat(pager.attempts()).hasSize(3);
    assertThat(host.isClosed()).isFalse();
    assertThat(host.getAutoCommit()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDuplicateLeavesTheTransactionUsable(TestDatabase kind) throws Exception {
    start(kind);
    Receipt first = notifier.send(confirmationOf(7));
    Receipt duplicate = order(7);
    Receipt other = order(8);
    Receipt duplicateOfOwn = notifier.send(confirmationOf(8), JdbcTransaction.on(host));
    host.commit();

    assertThat(duplicate.isDuplicate()).isTrue();
    assertThat(duplicate.id()).isEqualTo(first.id());
    assertThat(duplicateOfOwn.id()).isEqualTo(other.id());
    assertThat(end(first)).contains(DeliveryStatus.SENT);
    assertThat(end(other)).contains(DeliveryStatus.SENT);
    assertThat(orders()).isEqualTo(2);
    assertThat(pager.attempts()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoeverWantsAKeyThatATransactionHoldsWaitsAloneForIt(TestDatabase kind) throws Exception {
    start(kind);
    Receipt held = order(9);
    CompletableFuture<Receipt> sameKey =
        CompletableFuture.supplyAsync(() -> notifier.send(confirmationOf(9)));
    CompletableFuture<Receipt> sameKeyLater =
        notifier.sendAsync(confirmationOf(9)).toCompletableFuture();
    for (int i = 10; i < 13; i++) {
      assertThat(end(notifier.send(confirmationOf(i)))).contains(DeliveryStatus.SENT);
    }
    assertThat(sameKey).isNotDone();
    host.commit();

    assertThat(sameKey.get(30, TimeUnit.SECONDS).id()).isEqualTo(held.id());
    assertThat(sameKeyLater.get(30, TimeUnit.SECONDS).id()).isEqualTo(held.id());
    assertThat(end(held)).contains(DeliveryStatus.SENT);
    assertThat(pager.attempts()).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aKeyIsWaitedForAsLongAsForAnyCommit(TestDatabase kind) throws Exception {
    start(kind);
    order(9);
    try (JdbcNotificationStore impatient =
            JdbcNotificationStore.builder(database.dataSource())
                .acceptTimeout(Duration.ofMillis(300))
                .build();
        Notifier other = Notifier.builder().channel("pager", pager).store(impatient).build()) {
      assertThatThrownBy(() -> other.send(confirmationOf(9)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("a transaction that has not ended holds the idempotency key");
      assertThatThrownBy(
              () ->
                  other
                      .sendAsync(confirmationOf(9))
                      .toCompletableFuture()
                      .get(30, TimeUnit.SECONDS))
          .hasStackTraceContaining("holds the idempotency key");
      host.rollback();
      assertThat(end(other.send(confirmationOf(9)))).contains(DeliveryStatus.SENT);
    }
  }

  /** REPEATABLE READ, the default of MariaDB, where others fail instead. */
  @Test
  void aDuplicateIsRecognisedAlsoIfItIsNewerThanTheSnapshot() throws Exception {
    start(TestDatabase.MARIADB);
    host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = host.createStatement()) {
      statement.executeQuery("SELECT * FROM notifier_dedup").close();
    }
    Receipt first = notifier.send(confirmationOf(7));
    Receipt duplicate = order(7);
    host.commit();

    assertThat(duplicate.id()).isEqualTo(first.id());
  }

  @Test
  void aTransactionOfAnotherDatabaseIsRefused() throws Exception {
    start(TestDatabase.H2);
    try (EmptyDatabase other = TestDatabase.H2.create(directory);
        Connection elsewhere = other.dataSource().getConnection()) {
      elsewhere.setAutoCommit(false);
      assertThatThrownBy(() -> notifier.send(confirmationOf(1), JdbcTransaction.on(elsewhere)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("must lead to the database and schema with the store's tables");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void withoutATransactionNothingIsSent(TestDatabase kind) throws Exception {
    start(kind);
    host.setAutoCommit(true);

    assertThatThrownBy(() -> notifier.send(confirmationOf(1), JdbcTransaction.on(host)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call setAutoCommit(false) first");
    Receipt next = notifier.send(confirmationOf(1)); // the key was not taken
    assertThat(next.isDuplicate()).isFalse();
    assertThat(end(next)).contains(DeliveryStatus.SENT);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aLongMessageGoesWithTheTransactionToo(TestDatabase kind) throws Exception {
    start(kind);
    String text = "x".repeat(100_000);
    notifier.send(Notification.to("pager:42").text(text).build(), JdbcTransaction.on(host));
    host.rollback();
    Receipt kept =
        notifier.send(Notification.to("pager:42").text(text).build(), JdbcTransaction.on(host));
    host.commit();

    assertThat(end(kept)).contains(DeliveryStatus.SENT);
    assertThat(pager.attempts().get(0).content().text()).contains(text);
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM notifier_body")) {
      result.next();
      assertThat(result.getInt(1)).isEqualTo(1);
    }
  }
}
