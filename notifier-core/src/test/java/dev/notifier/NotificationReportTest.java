package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NotificationReportTest {
  @ParameterizedTest
  @CsvSource({
    // what is not settled decides
    "SENT QUEUED, QUEUED",
    "FAILED QUEUED, QUEUED",
    "FAILED SCHEDULED, SCHEDULED",
    "SCHEDULED QUEUED, QUEUED",
    "QUEUED SENDING SENT, SENDING",
    "BOUNCED SENDING, SENDING",
    // else the worst does
    "DELIVERED SENT, SENT",
    "SENT CANCELLED, CANCELLED",
    "CANCELLED SUPPRESSED, SUPPRESSED",
    "SUPPRESSED EXPIRED, EXPIRED",
    "EXPIRED BOUNCED, BOUNCED",
    "BOUNCED FAILED, FAILED",
    "SENT SENT DELIVERED FAILED SENT, FAILED",
  })
  void theWholeIsUnsettledWhileAPartIsAndElseTheWorst(String parts, DeliveryStatus whole) {
    NotificationReport report = report(parts.split(" "));
    assertThat(report.status()).isEqualTo(whole);
    assertThat(report.reason()).isEqualTo("because " + whole);
  }

  @ParameterizedTest
  @EnumSource
  void aSingleDeliveryDecidesAlone(DeliveryStatus status) {
    assertThat(report(status.name()).status()).isEqualTo(status);
  }

  @Test
  void ofEquallyBadDeliveriesTheFirstGivesTheReason() {
    NotificationReport report =
        new NotificationReport(
            Samples.id(1),
            Samples.notification(),
            Samples.NOON,
            List.of(
                Samples.delivery(0, DeliveryStatus.FAILED, "first"),
                Samples.delivery(1, DeliveryStatus.FAILED, "second")));
    assertThat(report.reason()).isEqualTo("first");
  }

  @Test
  void aReportHasADelivery() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report(new String[0]))
        .withMessage("notification " + Samples.id(1) + " has no delivery");
  }

  @Test
  void theDeliveriesAreCopied() {
    List<DeliveryReport> deliveries =
        new ArrayList<>(List.of(Samples.delivery(0, DeliveryStatus.SENT, "")));
    NotificationReport report =
        new NotificationReport(Samples.id(1), Samples.notification(), Samples.NOON, deliveries);
    deliveries.clear();
    assertThat(report.deliveries()).hasSize(1).isUnmodifiable();
  }

  private static NotificationReport report(String... statuses) {
    List<DeliveryReport> deliveries = new ArrayList<>();
    for (String status : statuses) {
      deliveries.add(
          Samples.delivery(deliveries.size(), DeliveryStatus.valueOf(status), "because " + status));
    }
    return new NotificationReport(Samples.id(1), Samples.notification(), Samples.NOON, deliveries);
  }
}
