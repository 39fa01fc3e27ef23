package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryQueryTest {
  private static final NotificationId ID =
      NotificationId.parse("0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b");
  private static final Instant ACCEPTED = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void withoutConditionsEverythingMatches() {
    HistoryQuery query = HistoryQuery.builder().build();

    assertThat(query.matches(report())).isTrue();
    assertThat(query.pageSize()).isEqualTo(50);
    assertThat(query.before()).isEmpty();
    assertThat(query.statuses()).isEmpty();
  }

  private static NotificationReport report() {
    Notification notification =
        Notification.to(Recipient.named("ada").email("ada@example.com"))
            .text("x")
            .correlationId("order-1")
            .tag("spring")
            .build();
    DeliveryReport delivery =
        new DeliveryReport(
            new DeliveryId(ID, 0),
            ChannelId.of("email"),
            DeliveryStatus.SENT,
            "",
            Optional.empty(),
            List.of());
    return new NotificationReport(ID, notification, ACCEPTED, List.of(delivery));
  }

  @Test
  void everyConditionMustHold() {
    assertThat(all().build().matches(report())).isTrue();
    assertThat(all().recipientNamed("bob").build().matches(report())).isFalse();
    assertThat(all().correlationId("order-2").build().matches(report())).isFalse();
    assertThat(all().tag("autumn").build().matches(report())).isFalse();
    assertThat(all().batch("8000000000000000").build().matches(report())).isFalse();
    assertThat(all().channel("sms").build().matches(report())).isFalse();
    assertThat(all().status(DeliveryStatus.FAILED).build().matches(report())).isFalse();
    assertThat(all().acceptedFrom(ACCEPTED.plusNanos(1)).build().matches(report())).isFalse();
    assertThat(all().acceptedTo(ACCEPTED).build().matches(report())).isFalse();
  }

  private static HistoryQuery.Builder all() {
    return HistoryQuery.builder()
        .recipientNamed("ada")
        .correlationId("order-1")
        .tag("spring")
        .batch("9f001c2d3e4f5a6b")
        .channel("email")
        .status(DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
        .acceptedFrom(ACCEPTED)
        .acceptedTo(ACCEPTED.plusNanos(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9F001C2D3E4F5A6B", "7f001c2d3e4f5a6b", "9f001c2d3e4f5a6", "batch"})
  void whatIsNoIdOfABatchIsRefused(String id) {
    assertThatThrownBy(() -> HistoryQuery.builder().batch(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BatchRun.id()");
  }

  @Test
  void theNextPageKeepsTheConditions() {
    HistoryQuery next = all().pageSize(7).build().after(ID + "-3");

    assertThat(next.before()).contains(new DeliveryId(ID, 3));
    assertThat(next)
        .usingRecursiveComparison()
        .isEqualTo(all().pageSize(7).after(ID + "-3").build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b"})
  void aForeignCursorIsRefused(String cursor) {
    HistoryQuery query = HistoryQuery.builder().build();

    assertThatThrownBy(() -> query.after(cursor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cursor must be what Page.next() gave, but was \"" + cursor + "\"");
    assertThatThrownBy(() -> HistoryQuery.builder().after(cursor))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void aPageHoldsOneToAThousandItems(int size) {
    assertThatThrownBy(() -> HistoryQuery.builder().pageSize(size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("page size must be from 1 to 1000, but was " + size);
  }

  @Test
  void aRecipientWithoutNameAndAddressIsRefused() {
    Recipient nobody = Restored.recipient(null, List.of());

    assertThatThrownBy(() -> HistoryQuery.builder().recipient(nobody))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neither a name nor an address");
  }
}
