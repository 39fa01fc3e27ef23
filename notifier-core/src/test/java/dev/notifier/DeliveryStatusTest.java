package dev.notifier;

import static dev.notifier.DeliveryStatus.BOUNCED;
import static dev.notifier.DeliveryStatus.CANCELLED;
import static dev.notifier.DeliveryStatus.DELIVERED;
import static dev.notifier.DeliveryStatus.EXPIRED;
import static dev.notifier.DeliveryStatus.FAILED;
import static dev.notifier.DeliveryStatus.QUEUED;
import static dev.notifier.DeliveryStatus.SCHEDULED;
import static dev.notifier.DeliveryStatus.SENDING;
import static dev.notifier.DeliveryStatus.SENT;
import static dev.notifier.DeliveryStatus.SUPPRESSED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryStatusTest {
  private static final Map<DeliveryStatus, Set<DeliveryStatus>> WHOLE_TABLE =
      Map.of(
          SCHEDULED, Set.of(QUEUED, SENDING, CANCELLED, EXPIRED, SUPPRESSED, FAILED),
          QUEUED, Set.of(SENDING, CANCELLED, EXPIRED, SUPPRESSED, FAILED),
          SENDING, Set.of(QUEUED, SENT, FAILED, EXPIRED, SUPPRESSED),
          SENT, Set.of(DELIVERED, BOUNCED),
          DELIVERED, Set.of(),
          FAILED, Set.of(),
          BOUNCED, Set.of(),
          CANCELLED, Set.of(),
          EXPIRED, Set.of(),
          SUPPRESSED, Set.of());

  @ParameterizedTest
  @EnumSource
  void aStatusGoesWhereTheTableSaysAndNowhereElse(DeliveryStatus status) {
    Set<DeliveryStatus> reachable =
        Arrays.stream(DeliveryStatus.values())
            .filter(status::canBecome)
            .collect(Collectors.toSet());
    assertThat(reachable).isEqualTo(WHOLE_TABLE.get(status));
  }

  @ParameterizedTest
  @EnumSource
  void aStatusIsSettledUnlessItIsScheduledQueuedOrSending(DeliveryStatus status) {
    assertThat(status.isSettled()).isEqualTo(!Set.of(SCHEDULED, QUEUED, SENDING).contains(status));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSettledNeverBecomesUnsettled(DeliveryStatus status) {
    if (status.isSettled()) {
      assertThat(WHOLE_TABLE.get(status)).allMatch(DeliveryStatus::isSettled);
    }
  }
}
