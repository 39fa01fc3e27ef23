package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notifier.DeliveryResult;
import dev.notifier.Notifier;
import dev.notifier.StoreException;
import dev.notifier.Suppression;
import dev.notifier.SuppressionImport;
import dev.notifier.SuppressionQuery;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of suppressions on real databases. */
@Timeout(180)
class SuppressionListTest {
  @TempDir Path directory;

  private static Notifier notifier(JdbcStoreBuilder builder) {
    return Notifier.builder()
        .store(builder.build())
        .channel("pager", attempt -> DeliveryResult.accepted())
        .build();
  }

  private static Notifier notifier(EmptyDatabase database) {
    return notifier(JdbcNotificationStore.builder(database.dataSource()));
  }

  private static String lines(int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i <= to; i++) {
      lines.append("pager:").append(i).append('\n');
    }
    return lines.toString();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anImportThatBreaksOffLeavesWholeChunksAndIsRepeated(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory);
        Notifier notifier = notifier(database)) {
      database.execute(
          "ALTER TABLE notifier_suppression ADD CONSTRAINT no_poison CHECK (reason <> 'poison')");
      String list = lines(1, 1200) + "pager:1201,poison\n" + lines(1202, 2000);

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> notifier.suppressions().importLines(new StringReader(list)))
          .withMessageStartingWith(
              "the import broke off: lines 1 to 1000 are suppressed, but for those that break a"
                  + " rule, and lines 1001 to 1500 may be; repeat it");
      assertThat(notifier.suppressions().newest(10_000)).hasSize(1000);

      SuppressionImport repeated =
          notifier
              .suppressions()
              .importLines(new StringReader(list.replace("poison", "cured") + "pager:1\n"));
      assertThat(repeated.added()).isEqualTo(1000);
      assertThat(repeated.present()).isEqualTo(1001);
      assertThat(notifier.suppressions().newest(10_000)).hasSize(2000).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theLongestAddressHasRoomWhenItIsEncryptedToo(TestDatabase kind) throws Exception {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    try (EmptyDatabase database = kind.create(directory);
        Notifier notifier =
            notifier(
                JdbcNotificationStore.builder(database.dataSource())
                    .encryption(PayloadCipher.aes256(KeyRing.of(1, key, key))))) {
      String list = "pager:" + "\u6f22".repeat(2048) + "\n*:" + "\u6f22".repeat(2048);

      assertThat(notifier.suppressions().importLines(new StringReader(list)).added()).isEqualTo(2);

      assertThat(notifier.suppressions().list(SuppressionQuery.all()).items())
          .extracting(Suppression::target)
          .allSatisfy(target -> assertThat(target.value()).hasSize(2048));
    }
  }
}
