package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureClassTest {
  @Test
  void aFailureThatSaysWhenToComeBackIsTransientAndWaits() {
    assertThat(FailureClass.AMBIGUOUS.result("503", Duration.ofSeconds(3)))
        .isEqualTo(DeliveryResult.transientFailure("503", Duration.ofSeconds(3)));
    assertThat(FailureClass.AMBIGUOUS.result("503", Duration.ZERO))
        .isEqualTo(DeliveryResult.ambiguous("503"));
    assertThat(FailureClass.AMBIGUOUS.result("503", null))
        .isEqualTo(DeliveryResult.ambiguous("503"));
  }
}
