package dev.notifier.internal.delivery;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.Notification;
import dev.notifier.Preference;
import dev.notifier.Preference.Choice;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import dev.notifier.spi.QueuedDelivery;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows whether anything may be sent to a recipient on a channel: what is suppressed, and what the
 * recipient wants to hear of. Thread-safe.
 */
public final class Permissions {
  private final NotificationStore store;
  private final PreferenceStore preferences;
  private final Set<String> optInCategories;

  /** Creates it; of {@code optInCategories} only those hear who have opted in. */
  public Permissions(
      NotificationStore store, PreferenceStore preferences, Set<String> optInCategories) {
    this.store = store;
    this.preferences = preferences;
    this.optInCategories = optInCategories;
  }

  /** Returns why a delivery may not be sent on its channel; empty if it may. */
  Optional<String> objection(QueuedDelivery delivery) {
    Notification notification = delivery.notification();
    Recipient recipient = notification.recipient();
    Address address = recipient.address(delivery.channel()).orElseThrow();
    Optional<Suppression> suppression = store.suppression(recipient, address);
    if (suppression.isPresent()) {
      return suppression.map(Permissions::describe);
    }
    return notification.category().isEmpty() || isSentAnyway(delivery)
        ? Optional.empty()
        : objection(recipient, notification.category().get(), delivery.channel());
  }

  private static String describe(Suppression suppression) {
    String what = suppression.target().isRecipient() ? "recipient" : "address";
    return "the " + what + " is suppressed: " + suppression.reason();
  }

  private static boolean isSentAnyway(QueuedDelivery delivery) {
    return delivery.notification().isTransactional() || delivery.priority() == Priority.CRITICAL;
  }

  /** Returns why this category may not be sent to the recipient on this channel. */
  public Optional<String> objection(Recipient recipient, String category, ChannelId channel) {
    List<Preference> said = preferences.covering(recipient, category, channel);
    for (Preference preference : said) {
      if (preference.choice() == Choice.OPT_OUT && !isTakenBack(preference, said)) {
        return Optional.of(
            "the recipient has opted out of category "
                + category
                + (preference.channel().isPresent() ? " on " + channel : ""));
      }
    }
    boolean isMissing =
        optInCategories.contains(category)
            && said.stream().noneMatch(preference -> preference.choice() == Choice.OPT_IN);
    return isMissing
        ? Optional.of("the recipient has not opted in to category " + category)
        : Optional.empty();
  }

  private static boolean isTakenBack(Preference optOut, List<Preference> said) {
    return said.stream()
        .anyMatch(
            later ->
                later.choice() == Choice.OPT_IN
                    && later.isWithin(optOut)
                    && later.since().isAfter(optOut.since()));
  }
}
