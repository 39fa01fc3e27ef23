package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettlementTest {
  @ParameterizedTest
  @EnumSource
  void onlyASettledStatusFinishes(DeliveryStatus status) {
    if (status.isSettled()) {
      assertThat(new Settlement.Finished(status, "why").reason()).isEqualTo("why");
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Settlement.Finished(status, "why"))
          .withMessage("a finished delivery cannot be " + status);
    }
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> new Settlement.Finished(null, "x"))
        .withMessage("status");
    assertThatNullPointerException()
        .isThrownBy(() -> new Settlement.Finished(DeliveryStatus.SENT, null))
        .withMessage("reason");
    assertThatNullPointerException()
        .isThrownBy(() -> new Settlement.Requeued(null, 0, Instant.EPOCH, "x"))
        .withMessage("cause");
    assertThatNullPointerException()
        .isThrownBy(() -> new Settlement.Requeued(Settlement.Cause.RETRY, 0, null, "x"))
        .withMessage("due");
    assertThatNullPointerException()
        .isThrownBy(() -> new Settlement.Requeued(Settlement.Cause.RETRY, 0, Instant.EPOCH, null))
        .withMessage("reason");
  }
}
