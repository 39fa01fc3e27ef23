package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPreview;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.spi.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Shows how a notification would leave, by asking the channels of its route. */
final class Previews {
  private static final NotificationId NO_ID = new NotificationId(new UUID(0, 0));

  private final Channels channels;

  Previews(Channels channels) {
    this.channels = channels;
  }

  List<ChannelPreview> of(Notification notification) {
    List<ChannelPreview> previews = new ArrayList<>();
    for (List<ChannelId> leg : notification.route().legs()) {
      for (ChannelId channel : leg) {
        DeliveryId delivery = new DeliveryId(NO_ID, notification.route().legs().indexOf(leg));
        previews.add(of(DeliveryAttempt.of(delivery, notification, channel, 1)));
      }
    }
    return previews;
  }

  private ChannelPreview of(DeliveryAttempt attempt) {
    Channel channel = channels.get(attempt.channel()).channel();
    return new ChannelPreview(
        attempt.channel(),
        attempt.address(),
        attempt.content(),
        channel.preview(attempt),
        ContentWarnings.of(attempt.channel(), attempt.content()),
        problem(channel, attempt));
  }

  private static Optional<String> problem(Channel channel, DeliveryAttempt attempt) {
    try {
      channel.check(attempt);
      return Optional.empty();
    } catch (InvalidNotificationException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
