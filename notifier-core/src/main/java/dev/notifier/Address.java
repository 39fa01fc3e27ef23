package dev.notifier;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a channel reaches a recipient: an e-mail address, a phone number, a chat id, a URL.
 *
 * <p>The value is checked here, when it is written down. The built-in rules cover {@code email}
 * (the dot-atom form of RFC 5321; no quoted local part, comment or address literal), {@code sms}
 * (E.164), {@code telegram} (a numeric chat id or {@code @name}) and {@code webhook} (an absolute
 * http or https URL without credentials or fragment). For any other channel the value must be 1 to
 * 2048 printable characters; the channel itself may be stricter when the notification is sent.
 *
 * <p>Immutable; two addresses are equal if channel and value are.
 */
public final class Address {
  private final ChannelId channel;
  private final String value;

  /**
   * Creates the address.
   *
   * @param channel the channel that understands the value
   * @param value the address itself; the domain of an e-mail address becomes lower case, since its
   *     case means nothing
   * @throws InvalidNotificationException if the value breaks the rule of its channel
   */
  public Address(ChannelId channel, String value) {
    this(checked(channel, value), channel);
  }

  /** Checks nothing; only the order of its parameters tells it from the one that does. */
  private Address(String value, ChannelId channel) {
    this.channel = channel;
    this.value = value;
  }

  private static String checked(ChannelId channel, String value) {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(value, "value");
    AddressRules.check(channel, value);
    return AddressRules.normal(channel, value);
  }

  /** Returns an address that was checked before, perhaps by rules that were less strict. */
  static Address unchecked(ChannelId channel, String value) {
    return new Address(
        Objects.requireNonNull(value, "value"), Objects.requireNonNull(channel, "channel"));
  }

  /**
   * Returns the address written as {@code channel:value}, for example {@code
   * email:ada@example.com}.
   *
   * @throws InvalidNotificationException if there is no colon, or a part breaks its rule
   */
  public static Address parse(String text) {
    Objects.requireNonNull(text, "text");
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new InvalidNotificationException(
          "address must be written as channel:value, such as email:ada@example.com, but was "
              + Quoted.of(text));
    }
    return new Address(ChannelId.of(text.substring(0, colon)), text.substring(colon + 1));
  }

  /** Returns the channel that understands the value. */
  public ChannelId channel() {
    return channel;
  }

  /** Returns the address itself, unmasked. */
  public String value() {
    return value;
  }

  /** Returns the value with its private part hidden, fit for logs: {@code a***@example.com}. */
  public String masked() {
    return AddressRules.mask(channel, value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Address that
        && channel.equals(that.channel)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return 31 * channel.hashCode() + value.hashCode();
  }

  /** Returns {@code channel:masked}; the full value appears in no log. */
  @Override
  public String toString() {
    return channel + ":" + masked();
  }
}
