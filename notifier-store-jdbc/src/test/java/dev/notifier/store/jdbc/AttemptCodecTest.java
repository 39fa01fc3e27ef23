package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttemptCodecTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

  static List<Arguments> results() {
    return List.of(
        Arguments.of(1, DeliveryResult.accepted()),
        Arguments.of(1, DeliveryResult.accepted("provider-1")),
        Arguments.of(1, DeliveryResult.accepted("provider-1", "but not for b***@example.com")),
        Arguments.of(2, DeliveryResult.transientFailure("503 busy")),
        Arguments.of(2, DeliveryResult.transientFailure("429", Duration.ofMillis(1500))),
        Arguments.of(3, DeliveryResult.permanentFailure("no")),
        Arguments.of(4, DeliveryResult.suppressRecipient("gone")),
        Arguments.of(5, DeliveryResult.configurationFault("401")),
        Arguments.of(6, DeliveryResult.ambiguous("timeout")),
        Arguments.of(7, DeliveryResult.deferred(NOW, Obstacle.RECIPIENT_LIMIT, "a")),
        Arguments.of(8, DeliveryResult.deferred(NOW, Obstacle.CHANNEL_LIMIT, "b")),
        Arguments.of(9, DeliveryResult.deferred(NOW, Obstacle.UNAVAILABLE, "c")));
  }

  @ParameterizedTest
  @MethodSource("results")
  void anAttemptComesBackAndItsKindHasItsNumberForEver(int kind, DeliveryResult result)
      throws Exception {
    AttemptReport attempt = attempt(result, Duration.ofMillis(42), Optional.of(NOW.plusMillis(5)));

    assertThat(AttemptCodec.kind(result)).isEqualTo((short) kind);
    assertThat(roundTrip(attempt)).isEqualTo(attempt);
  }

  private static AttemptReport attempt(
      DeliveryResult result, Duration latency, Optional<Instant> next) {
    return new AttemptReport(ChannelId.of("pager"), 3, NOW, latency, result, next);
  }

  private static AttemptReport roundTrip(AttemptReport attempt) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE attempt (lane VARCHAR(64) NOT NULL, lane_number INTEGER NOT NULL,
            started_at BIGINT NOT NULL, latency INTEGER NOT NULL, result SMALLINT NOT NULL,
            reason VARCHAR(600) NOT NULL, provider_id VARCHAR(300), retry_after BIGINT,
            next_due BIGINT)
          """);
      String insert =
          "INSERT INTO attempt (" + AttemptCodec.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
      try (PreparedStatement prepared = connection.prepareStatement(insert)) {
        AttemptCodec.bind(prepared, 1, attempt);
        prepared.execute();
      }
      try (ResultSet row =
          statement.executeQuery("SELECT " + AttemptCodec.COLUMNS + " FROM attempt")) {
        assertThat(row.next()).isTrue();
        return AttemptCodec.read(row, 1);
      }
    }
  }

  @Test
  void everyKindOfResultIsCovered() {
    Set<Class<?>> covered = new HashSet<>();
    results().forEach(arguments -> covered.add(arguments.get()[1].getClass()));

    assertThat(covered).containsExactlyInAnyOrder(DeliveryResult.class.getPermittedSubclasses());
  }

  @Test
  void aWaitIsRoundedUpAndALatencyBounded() throws Exception {
    DeliveryResult result = DeliveryResult.transientFailure("x", Duration.ofNanos(1));
    AttemptReport read = roundTrip(attempt(result, Duration.ofDays(3000), Optional.empty()));

    assertThat(read.result()).isEqualTo(DeliveryResult.transientFailure("x", Duration.ofMillis(1)));
    assertThat(read.latency()).isEqualTo(Duration.ofMillis(Integer.MAX_VALUE));
    assertThat(read.nextAttempt()).isEmpty();
    assertThat(roundTrip(attempt(result, Duration.ofMillis(-1), Optional.empty())).latency())
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void anOverlongProviderIdFitsAndStaysTellable() {
    String one = AttemptCodec.providerId(DeliveryResult.accepted("x".repeat(301) + "1"));
    String two = AttemptCodec.providerId(DeliveryResult.accepted("x".repeat(301) + "2"));

    assertThat(one).hasSize(300).isNotEqualTo(two);
    assertThat(AttemptCodec.providerId(DeliveryResult.accepted("x".repeat(300))))
        .isEqualTo("x".repeat(300));
    assertThat(AttemptCodec.providerId(DeliveryResult.permanentFailure("x"))).isNull();
  }

  @Test
  void aReasonFitsItsColumnWhateverItHolds() {
    assertThat(ColumnText.reason("a\0b\nc\ud800d")).isEqualTo("a b c d");
    assertThat(ColumnText.reason("x".repeat(600))).hasSize(600).endsWith("x");
    assertThat(ColumnText.reason("x".repeat(601))).hasSize(600).endsWith("…");
    assertThat(ColumnText.reason("x".repeat(598) + "😀yy")).hasSize(599).endsWith("x…");
  }

  @Test
  void anUnknownKindSaysWhatToDo() {
    assertThatThrownBy(() -> AttemptCodec.result((short) 10, "", null, null))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("attempt result 10");
  }
}
