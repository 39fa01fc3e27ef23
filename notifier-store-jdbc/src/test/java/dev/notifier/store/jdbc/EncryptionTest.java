package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encryption as an application meets it: turned on, turned on later, and with another key. */
class EncryptionTest {
  private static final byte[] LOOKUP = filled(9);
  private static final KeyRing FIRST = KeyRing.of(1, filled(1), LOOKUP);
  private static final KeyRing SECOND = KeyRing.of(2, filled(2), LOOKUP).withOlder(1, filled(1));
  private static final Address GONE = Address.parse("pager:gone-1");

  private EmptyDatabase database;
  @TempDir private Path directory;

  @AfterEach
  void removeDatabase() throws SQLException {
    database.close();
  }

  private static byte[] filled(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }

  private JdbcNotificationStore store(@Nullable KeyRing keys) {
    JdbcStoreBuilder builder =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password());
    if (keys != null) {
      builder.encryption(PayloadCipher.aes256(keys));
    }
    return builder.build();
  }

  private static Notifier notifier(JdbcNotificationStore store, Channel pager) {
    return Notifier.builder().channel("pager", pager).store(store).build();
  }

  private static Notification note(int number) {
    return Notification.to(Recipient.named("user-" + number).address("pager", "p-" + number))
        .text("hello " + number)
        .idempotencyKey("key-" + number)
        .build();
  }

  // --- Turned on later --------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsFromBeforeEncryptionIsFoundAtOnceAndEncryptedInTheBackground(TestDatabase kind)
      throws Exception {
    database = kind.create(directory);
    NotificationId settled;
    NotificationId waits;
    try (Notifier before = notifier(store(null), EncryptionTest::sendOdd)) {
      Receipt sent = before.send(note(1));
      assertThat(sent.await(Duration.ofSeconds(30))).isPresent();
      settled = sent.id();
      waits = before.send(note(2)).id();
      before.suppressions().add(GONE, "by hand");
    }

    JdbcNotificationStore store = store(FIRST);
    try (Notifier after = notifier(store, EncryptionTest::sendOdd)) {
      assertThat(after.suppressions().find(GONE)).isPresent();
      assertThat(after.send(note(1)).id()).isEqualTo(settled);
      assertThat(after.send(note(2)).id()).isEqualTo(waits);
      assertThat(after.send(note(3)).isDuplicate()).isFalse();

      store.node().housekeeper().tidyUp();

      assertThat(plainRows()).isZero();
      assertThat(after.send(note(1)).id()).isEqualTo(settled);
      assertThat(after.find(waits).orElseThrow().notification().content().text())
          .contains("hello 2");
      assertThat(foundBy(after, "user-1")).containsExactly(settled);
      assertThat(after.suppressions().remove(GONE)).isTrue();
    }
  }

  /** What is sent to an even number waits for hours. */
  private static DeliveryResult sendOdd(DeliveryAttempt attempt) {
    return attempt.address().value().equals("p-2")
        ? DeliveryResult.transientFailure("busy", Duration.ofHours(2))
        : DeliveryResult.accepted();
  }

  private static List<NotificationId> foundBy(Notifier notifier, String recipient) {
    List<NotificationId> found = new ArrayList<>();
    notifier
        .search(HistoryQuery.builder().recipientNamed(recipient).build())
        .items()
        .forEach(report -> found.add(report.id()));
    return found;
  }

  private long plainRows() throws SQLException {
    long plain = 0;
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String column :
          List.of(
              "envelope FROM notifier_queue",
              "envelope FROM notifier_history",
              "content FROM notifier_queue",
              "content FROM notifier_history",
              "address FROM notifier_suppression")) {
        try (ResultSet rows = statement.executeQuery("SELECT " + column)) {
          while (rows.next()) {
            plain += PayloadCipher.isSealed(rows.getBytes(1)) ? 0 : 1;
          }
        }
      }
    }
    return plain;
  }

  @Test
  void processesThatDifferAboutEncryptionAreRefused() {
    database = TestDatabase.H2.create(directory);
    store(FIRST).close();

    assertThatThrownBy(() -> store(null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("are encrypted, but this process has no keys");
    assertThatThrownBy(() -> store(KeyRing.of(1, filled(1), filled(8))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("lookup-key is not the one");
    store(SECOND).close();
  }

  @Test
  void encryptionIsTurnedOnWhenEverybodyElseHasEnded() throws Exception {
    database = TestDatabase.H2.create(directory);
    JdbcStoreBuilder encrypted =
        JdbcNotificationStore.builder(database.dataSource())
            .shortLease(TestNode.LEASE)
            .encryption(PayloadCipher.aes256(FIRST));
    try (JdbcNotificationStore plain = JdbcNotificationStore.on(database.dataSource())) {
      assertThatThrownBy(encrypted::build)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("end them all, then start this one");
      assertThat(plain.health().isUp()).isTrue(); // it goes on
    }
    try (JdbcNotificationStore first = encrypted.build();
        JdbcNotificationStore second = encrypted.build()) {
      assertThat(first.health().isUp() && second.health().isUp()).isTrue();
    }
  }

  // --- Rotation ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void afterARotationTheOldKeyCanBeDropped(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    NotificationId settled;
    try (Notifier before = notifier(store(FIRST), attempt -> DeliveryResult.accepted())) {
      Receipt sent = before.send(note(1));
      assertThat(sent.await(Duration.ofSeconds(30))).isPresent();
      settled = sent.id();
      before.suppressions().add(GONE, "by hand");
    }
    JdbcNotificationStore rotating = store(SECOND);
    try (Notifier during = notifier(rotating, attempt -> DeliveryResult.accepted())) {
      assertThat(during.find(settled)).isPresent();
      rotating.node().housekeeper().tidyUp();
    }

    KeyRing onlyNew = KeyRing.of(2, filled(2), LOOKUP);
    try (Notifier after = notifier(store(onlyNew), attempt -> DeliveryResult.accepted())) {
      assertThat(after.find(settled).orElseThrow().notification().content().text())
          .contains("hello 1");
      assertThat(after.send(note(1)).isDuplicate()).isTrue();
      assertThat(after.suppressions().find(GONE)).isPresent();
    }
  }

  // --- On the disk ------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = TestDatabase.class,
      names = {"H2", "POSTGRESQL"})
  void noFileOfTheDatabaseHoldsWhatWasSaidOrToWhom(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    sendSecrets(FIRST, "Sealed");

    assertThat(filesWith(kind, "Sealed")).isEmpty();

    sendSecrets(null, "Public"); // or the search would prove nothing
    assertThat(filesWith(kind, "Public")).isNotEmpty();
  }

  private void sendSecrets(@Nullable KeyRing keys, String word) throws Exception {
    Channel refuses =
        attempt -> {
          String to = attempt.address().value();
          return to.endsWith("Refused")
              ? DeliveryResult.permanentFailure("nobody here")
              : to.endsWith("Waits")
                  ? DeliveryResult.transientFailure("busy", Duration.ofHours(2))
                  : DeliveryResult.accepted("id-1");
        };
    JdbcStoreBuilder builder =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password());
    try (JdbcNotificationStore store =
            keys == null
                ? builder.tablePrefix("plain_").build()
                : builder.encryption(PayloadCipher.aes256(keys)).build();
        Notifier notifier = notifier(store, refuses)) {
      for (String to : List.of("Sent", "Refused")) {
        Receipt receipt = notifier.send(secret(word, to, "short").build());
        assertThat(receipt.await(Duration.ofSeconds(30)).map(Outcome::status))
            .contains(to.equals("Sent") ? DeliveryStatus.SENT : DeliveryStatus.FAILED);
      }
      notifier.send(secret(word, "Long", "long ".repeat(5000)).build());
      notifier.send(secret(word, "Waits", "short").build());
      notifier.suppressions().add(Address.parse("pager:" + word + "Suppressed"), "by hand");
    }
  }

  private static Notification.Builder secret(String word, String to, String text) {
    Recipient recipient = Recipient.named(word + "Name").address("pager", word + "Address" + to);
    return Notification.to(recipient)
        .subject(word + "Subject")
        .text(word + "Text " + text)
        .html("<p>" + word + "Html</p>")
        .attach(
            Attachment.of(
                word + "File.txt", "text/plain", (word + "Bytes").getBytes(StandardCharsets.UTF_8)))
        .correlationId(word + "Correlation")
        .tag(word + "Tag")
        .idempotencyKey(word + "Key" + to);
  }

  private List<Path> filesWith(TestDatabase kind, String word) throws Exception {
    Path files = kind == TestDatabase.H2 ? directory : TestDatabases.postgresqlFiles();
    byte[] searched = word.getBytes(StandardCharsets.UTF_8);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (contains(file, searched)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static boolean contains(Path file, byte[] searched) throws IOException {
    return Files.exists(file)
        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains(new String(searched, StandardCharsets.ISO_8859_1));
  }
}
