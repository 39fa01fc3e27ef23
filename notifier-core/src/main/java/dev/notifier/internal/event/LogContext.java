package dev.notifier.internal.event;

import dev.notifier.spi.QueuedDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The ids of a delivery in the MDC of the thread that works on it.
 *
 * <p>A worker only {@linkplain #enter enters} one context after the other: to take each out again
 * costs more than it is worth. On a thread of the application's own, what was there before must be
 * {@linkplain #save() saved} and restored.
 */
public final class LogContext implements AutoCloseable {
  /** The application's own id, or the notification's where it gave none. */
  public static final String CORRELATION_ID = "notifier.correlationId";

  /** The delivery's id. */
  public static final String DELIVERY_ID = "notifier.deliveryId";

  private final @Nullable String outerCorrelationId = MDC.get(CORRELATION_ID);
  private final @Nullable String outerDeliveryId = MDC.get(DELIVERY_ID);

  private LogContext() {}

  /** Remembers what is there, to restore it when this is closed. */
  public static LogContext save() {
    return new LogContext();
  }

  /** Says that this thread works on a delivery from now on. */
  public static void enter(QueuedDelivery delivery) {
    String notificationId = delivery.id().notification().toString();
    MDC.put(CORRELATION_ID, delivery.notification().correlationId().orElse(notificationId));
    // The id's text form; toString would write that of the notification once more.
    MDC.put(DELIVERY_ID, notificationId + "-" + delivery.id().leg());
  }

  /** Does something in the context of a delivery. */
  public static void run(QueuedDelivery delivery, Runnable action) {
    LogContext outer = save();
    try {
      enter(delivery);
      action.run();
    } finally {
      outer.close();
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
