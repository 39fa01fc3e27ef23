package dev.notifier.internal.event;

import dev.notifier.spi.QueuedDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Puts the ids of a delivery into the MDC while a worker has it, and takes them out again. */
public final class LogContext implements AutoCloseable {
  /** The application's own id, or the notification's where it gave none. */
  public static final String CORRELATION_ID = "notifier.correlationId";

  /** The delivery's id. */
  public static final String DELIVERY_ID = "notifier.deliveryId";

  // A stepped notifier works on the application's own thread, whose MDC must stay as it was.
  private final @Nullable String outerCorrelationId = MDC.get(CORRELATION_ID);
  private final @Nullable String outerDeliveryId = MDC.get(DELIVERY_ID);

  private LogContext(String correlationId, String deliveryId) {
    MDC.put(CORRELATION_ID, correlationId);
    MDC.put(DELIVERY_ID, deliveryId);
  }

  /** Opens the context of a delivery. */
  public static LogContext of(QueuedDelivery delivery) {
    String notificationId = delivery.id().notification().toString();
    return new LogContext(
        delivery.notification().correlationId().orElse(notificationId),
        notificationId + "-" + delivery.id().leg()); // its text form, without writing it twice
  }

  /** Does something in the context of a delivery. */
  public static void run(QueuedDelivery delivery, Runnable action) {
    LogContext context = of(delivery);
    try {
      action.run();
    } finally {
      context.close();
    }
  }

  @Override
  public void close() {
    restore(CORRELATION_ID, outerCorrelationId);
    restore(DELIVERY_ID, outerDeliveryId);
  }

  private static void restore(String key, @Nullable String outer) {
    if (outer == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, outer);
    }
  }
}
