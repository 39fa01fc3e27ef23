package dev.notifier;

import java.util.Objects;

/**
 * Where a channel reaches a recipient: an e-mail address, a phone number, a chat id, a URL.
 *
 * <p>The value is checked here, when it is written down. The built-in rules cover {@code email}
 * (the dot-atom form of RFC 5321; no quoted local part, comment or address literal), {@code sms}
 * (E.164), {@code telegram} (a numeric chat id or {@code @name}) and {@code webhook} (an absolute
 * http or https URL without credentials or fragment). For any other channel the value must be 1 to
 * 2048 printable characters; the channel itself may be stricter when the notification is sent.
 *
 * @param channel the channel that understands the value
 * @param value the address itself, unmasked; the domain of an e-mail address in lower case, since
 *     its case means nothing
 */
public record Address(ChannelId channel, String value) {
  /**
   * Creates the address.
   *
   * @throws InvalidNotificationException if the value breaks the rule of its channel
   */
  public Address {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(value, "value");
    AddressRules.check(channel, value);
    value = AddressRules.normal(channel, value);
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

  /** Returns the value with its private part hidden, fit for logs: {@code a***@example.com}. */
  public String masked() {
    return AddressRules.mask(channel, value);
  }

  /** Returns {@code channel:masked}; the full value appears in no log. */
  @Override
  public String toString() {
    return channel + ":" + masked();
  }
}
