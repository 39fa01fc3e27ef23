package dev.notifier.channel.webhook;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a webhook should do differently for one notification. Immutable.
 *
 * <pre>{@code
 * Notification.to("webhook:https://example.com/hooks")
 *     .data(Map.of("order", 1001))
 *     .options(WebhookOptions.eventType("order.shipped"))
 * }</pre>
 */
public final class WebhookOptions implements ChannelOptions {
  /** Says that the text of the notification is the body, as {@link DeliveryStatusWebhook} does. */
  static final WebhookOptions DELIVERY_STATUS = new WebhookOptions("delivery-status", "true");

  private static final String EVENT_TYPE = "event-type";
  private static final String BODY = "body";
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of(BODY, EVENT_TYPE, "delivery-status"));
  private static final Pattern TYPE = Pattern.compile("[a-zA-Z0-9_]+(?:\\.[a-zA-Z0-9_]+)*");
  private static final int LONGEST_TYPE = 200;

  private final Map<String, String> values;

  private WebhookOptions(String key, String value) {
    this.values = Map.of(key, value);
  }

  /**
   * Sets the {@code type} of the event, instead of the channel's.
   *
   * @throws IllegalArgumentException if it is not at most 200 letters, digits and underscores, in
   *     parts separated by dots
   */
  public static WebhookOptions eventType(String type) {
    return new WebhookOptions(EVENT_TYPE, checkedType(type));
  }

  static String checkedType(String type) {
    if (type.length() > LONGEST_TYPE || !TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "event type must be at most "
              + LONGEST_TYPE
              + " letters, digits and underscores, in parts separated by dots, such as"
              + " order.shipped");
    }
    return type;
  }

  /** Checks options that may have been written by hand. */
  static void check(Map<String, String> options) throws UnpreparedException {
    if (!KEYS.containsAll(options.keySet())) {
      throw new UnpreparedException(
          "webhook options must be of " + KEYS + ", but are " + new TreeSet<>(options.keySet()));
    }
    if (!options.getOrDefault(BODY, "text").equals("text")) {
      throw new UnpreparedException(
          "webhook option " + BODY + " must be text: then the notification's text is the body");
    }
    try {
      eventType(options).ifPresent(WebhookOptions::checkedType);
    } catch (IllegalArgumentException e) {
      throw new UnpreparedException("webhook option " + EVENT_TYPE + ": " + e.getMessage());
    }
  }

  static Optional<String> eventType(Map<String, String> options) {
    return Optional.ofNullable(options.get(EVENT_TYPE));
  }

  /** Tells whether the text of the notification is the whole body, as a template makes it. */
  static boolean isBodyInText(Map<String, String> options) {
    return options.containsKey(BODY);
  }

  static boolean isDeliveryStatus(Map<String, String> options) {
    return options.containsKey("delivery-status");
  }

  @Override
  public ChannelId channel() {
    return WebhookChannel.ID;
  }

  @Override
  public Map<String, String> values() {
    return values;
  }
}
