package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryId;
import dev.notifier.NotificationId;
import dev.notifier.StoreException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryKeyTest {
  private static final NotificationId ID =
      NotificationId.parse("f193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 255})
  void aDeliveryComesBackFromItsKey(int leg) {
    DeliveryId id = new DeliveryId(ID, leg);

    assertThat(DeliveryKey.of(id)).hasSize(17);
    assertThat(DeliveryKey.delivery(DeliveryKey.of(id))).isEqualTo(id);
  }

  @Test
  void aKeyIsTheUuidAsItIsWrittenAndTheLeg() {
    assertThat(HexFormat.of().formatHex(DeliveryKey.of(new DeliveryId(ID, 254))))
        .isEqualTo("f193a5f27c4e7b1d9f001c2d3e4f5a6bfe");
    assertThat(HexFormat.of().formatHex(DeliveryKey.of(ID)))
        .isEqualTo("f193a5f27c4e7b1d9f001c2d3e4f5a6b");
    assertThat(DeliveryKey.notification(DeliveryKey.of(ID))).isEqualTo(ID);
  }

  @Test
  void aLegBeyondAByteIsRefused() {
    assertThatThrownBy(() -> DeliveryKey.of(new DeliveryId(ID, 256)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("at most 256 deliveries")
        .hasMessageContaining(ID + "-256");
  }

  @Test
  void theBoundsHoldEveryDeliveryOfANotificationAndNoOther() {
    byte[] before = DeliveryKey.last(NotificationId.parse("f193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6a"));
    byte[] after = DeliveryKey.first(NotificationId.parse("f193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6c"));

    for (int leg = 0; leg < 256; leg++) {
      byte[] key = DeliveryKey.of(new DeliveryId(ID, leg));
      assertThat(Arrays.compareUnsigned(DeliveryKey.first(ID), key)).isLessThanOrEqualTo(0);
      assertThat(Arrays.compareUnsigned(DeliveryKey.last(ID), key)).isGreaterThanOrEqualTo(0);
    }
    assertThat(Arrays.compareUnsigned(before, DeliveryKey.first(ID))).isNegative();
    assertThat(Arrays.compareUnsigned(after, DeliveryKey.last(ID))).isPositive();
  }

  @Test
  void laterIdsHaveLargerKeys() {
    byte[] early = DeliveryKey.first(NotificationId.parse("0193a5f2-ffff-7fff-bfff-ffffffffffff"));
    byte[] late = DeliveryKey.first(NotificationId.parse("8193a5f3-0000-7000-8000-000000000000"));

    assertThat(Arrays.compareUnsigned(early, late)).isNegative();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 18})
  void aKeyOfAnotherLengthIsRefused(int length) {
    assertThatThrownBy(() -> DeliveryKey.delivery(new byte[length]))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has " + length + " bytes instead of 17");
  }
}
