package dev.notifier;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts together again what a store has kept: for authors of stores only.
 *
 * <p>Nothing is checked here, since it was checked when it was accepted, by the rules of that day.
 * So what was accepted once stays readable when a rule becomes stricter. Applications use {@link
 * Notification#to(Recipient)} and the like.
 */
public final class Restored {
  private Restored() {}

  /** Returns an address as it was kept. */
  public static Address address(ChannelId channel, String value) {
    return Address.unchecked(channel, value);
  }

  /** Returns what is suppressed, of its text as it was kept. */
  public static SuppressionTarget suppressionTarget(String text) {
    return SuppressionTarget.unchecked(text);
  }

  /** Returns a recipient as it was kept; a part that came later is added by the usual methods. */
  public static Recipient recipient(@Nullable String name, List<Address> addresses) {
    return new Recipient(name, List.copyOf(addresses), null, null, null);
  }

  /** Returns content as it was kept. */
  public static Content content(
      @Nullable String subject, @Nullable String text, @Nullable String html) {
    return new Content(subject, text, html);
  }

  /** Returns an attachment as it was kept. It takes the array, which must not change any more. */
  public static Attachment attachment(
      String name, String contentType, byte[] bytes, @Nullable String contentId) {
    return new Attachment(
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(contentType, "contentType"),
        Objects.requireNonNull(bytes, "bytes"),
        contentId);
  }

  /** Returns a route as it was kept; the builder below takes it. */
  public static Route route(List<List<ChannelId>> legs, Route.FallbackOn fallbackOn) {
    return Route.of(legs.stream().map(List::copyOf).toList(), fallbackOn, null);
  }

  /**
   * Returns a builder that checks nothing, for a notification that may have no content.
   *
   * @param route its route; {@link Notification.Builder#fallbackAfter} still applies
   */
  public static Notification.Builder notification(Recipient recipient, Route route) {
    return new Notification.Builder(
        Objects.requireNonNull(recipient, "recipient"), Objects.requireNonNull(route, "route"));
  }
}
