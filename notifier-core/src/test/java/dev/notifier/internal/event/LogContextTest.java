package dev.notifier.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.Samples;
import dev.notifier.spi.QueuedDelivery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
  private static final DeliveryId ID = new DeliveryId(Samples.id(1), 0);

  private static QueuedDelivery delivery(Notification.Builder builder) {
    return QueuedDelivery.first(ID, builder.build(), Samples.NOON);
  }

  private static Notification.Builder toAda() {
    return Notification.to("email:ada@example.com").text("x");
  }

  @AfterEach
  void clearMdc() {
    MDC.clear();
  }

  @Test
  void theIdsStandInTheMdc() {
    LogContext.run(
        delivery(toAda().correlationId("request-7")),
        () -> {
          assertThat(MDC.get("notifier.correlationId")).isEqualTo("request-7");
          assertThat(MDC.get("notifier.deliveryId")).isEqualTo(ID.toString());
        });
    assertThat(MDC.get("notifier.correlationId")).isNull();
    assertThat(MDC.get("notifier.deliveryId")).isNull();
  }

  @Test
  void withoutACorrelationIdTheNotificationsIdStandsThere() {
    LogContext.enter(delivery(toAda()));
    assertThat(MDC.get(LogContext.CORRELATION_ID)).isEqualTo(Samples.id(1).toString());
  }

  @Test
  void nothingOfTheDeliveryBeforeIsLeft() {
    LogContext.enter(delivery(toAda().correlationId("request-7")));
    LogContext.enter(delivery(toAda()));
    assertThat(MDC.get(LogContext.CORRELATION_ID)).isEqualTo(Samples.id(1).toString());
  }

  @Test
  void theOuterMdcIsRestored() {
    MDC.put(LogContext.CORRELATION_ID, "outer");
    MDC.put(LogContext.DELIVERY_ID, "outer delivery");
    MDC.put("tenant", "t1");
    LogContext outer = LogContext.save();
    LogContext.enter(delivery(toAda().correlationId("inner")));
    outer.close();
    assertThat(MDC.getCopyOfContextMap())
        .containsOnly(
            entry(LogContext.CORRELATION_ID, "outer"),
            entry(LogContext.DELIVERY_ID, "outer delivery"),
            entry("tenant", "t1"));
  }
}
