package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryStatus;
import org.junit.jupiter.api.Test;

class BatchTallyTest {
  private final BatchTally tally = new BatchTally(1, () -> {}, () -> false, () -> {});

  @Test
  void anItemIsAcceptedWhenTheStoreHasItAndNoEarlier() {
    tally.expect(2);
    assertThat(tally.progress().accepted()).isZero();
    assertThat(tally.progress().pending()).isEqualTo(2);

    tally.countAccepted();
    tally.settled(DeliveryStatus.SENT);
    assertThat(tally.progress().accepted()).isEqualTo(1);
    assertThat(tally.progress().pending()).isEqualTo(1);
  }
}
