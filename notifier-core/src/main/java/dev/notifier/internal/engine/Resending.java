package dev.notifier.internal.engine;

import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Receipt;
import dev.notifier.ResendException;
import dev.notifier.spi.NotificationStore;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Sends settled notifications again, each as one of its own. */
final class Resending {
  private final NotificationStore store;
  private final Function<Notification, Receipt> send;

  Resending(NotificationStore store, Function<Notification, Receipt> send) {
    this.store = store;
    this.send = send;
  }

  /** Sends the whole of a notification again, as often as it is called. */
  Receipt resend(NotificationId id) {
    NotificationReport report = find(id);
    checkSettled(report);
    checkKept(report);
    List<Integer> legs =
        IntStream.range(0, report.notification().route().legs().size()).boxed().toList();
    if (report.status() == DeliveryStatus.FAILED) { // it counts as replayed, if it does not yet
      Receipt receipt = send.apply(report.notification().again(id, legs, true));
      if (!receipt.isDuplicate()) {
        return receipt;
      }
    }
    return send.apply(report.notification().again(id, legs, false));
  }

  /** Sends again what failed of a notification, unless that was done before. */
  Receipt replay(NotificationId id) {
    return replay(find(id));
  }

  Receipt replay(NotificationReport report) {
    checkSettled(report);
    List<Integer> failed =
        report.deliveries().stream()
            .filter(delivery -> delivery.status() == DeliveryStatus.FAILED)
            .map(delivery -> delivery.id().leg())
            .toList();
    if (failed.isEmpty()) {
      throw new ResendException(
          "notification "
              + report.id()
              + " is "
              + report.status()
              + " and no dead letter: use resend(id) to send it again all the same");
    }
    checkKept(report);
    return send.apply(report.notification().again(report.id(), failed, true));
  }

  private NotificationReport find(NotificationId id) {
    return store
        .find(id)
        .orElseThrow(
            () ->
                new ResendException(
                    "there is no notification "
                        + id
                        + ": it was never accepted here, or was settled longer ago than history is"
                        + " kept, or was purged"));
  }

  private static void checkSettled(NotificationReport report) {
    for (DeliveryReport delivery : report.deliveries()) {
      if (!delivery.status().isSettled()) {
        throw new ResendException(
            "delivery "
                + delivery.id()
                + " is "
                + delivery.status()
                + ": wait until all of the notification is settled, or cancel it");
      }
    }
  }

  private static void checkKept(NotificationReport report) {
    Notification notification = report.notification();
    if (notification.content().isBlank() && notification.contentByChannel().isEmpty()) {
      throw new ResendException(
          "what notification "
              + report.id()
              + " said was not kept (notifier.store.jdbc.keep-content=false): send a new one");
    }
  }
}
