package dev.notifier;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be suppressed: an address or a recipient, on one channel or on all.
 *
 * <table>
 *   <caption>The text form</caption>
 *   <tr><th>Text</th><th>Nothing is sent</th></tr>
 *   <tr><td>{@code email:ada@example.com}</td><td>to this address</td></tr>
 *   <tr><td>{@code *:+4915112345678}</td><td>to this address, on whichever channel</td></tr>
 *   <tr><td>{@code #user-42}</td><td>to the recipient of this name</td></tr>
 *   <tr><td>{@code sms#user-42}</td><td>to the recipient of this name on this channel</td></tr>
 * </table>
 *
 * <p>Immutable; two targets are equal if their texts are.
 */
public final class SuppressionTarget {
  private final @Nullable ChannelId channel; // null: all of them
  private final boolean isRecipient;
  private final String value;

  private SuppressionTarget(@Nullable ChannelId channel, boolean isRecipient, String value) {
    this.channel = channel;
    this.isRecipient = isRecipient;
    this.value = value;
  }

  /** Returns an address on its channel. */
  public static SuppressionTarget of(Address address) {
    return new SuppressionTarget(address.channel(), false, address.value());
  }

  /**
   * Returns an address on every channel, such as a phone number for SMS and calls. The case of what
   * follows the last {@code @} does not matter.
   *
   * @param value 1 to 2048 printable characters
   * @throws InvalidNotificationException if it is anything else
   */
  public static SuppressionTarget everywhere(String value) {
    AddressRules.checkAnywhere(value);
    return uncheckedEverywhere(value);
  }

  private static SuppressionTarget uncheckedEverywhere(String value) {
    int at = Math.max(value.lastIndexOf('@'), 0);
    String normal = value.substring(0, at) + value.substring(at).toLowerCase(Locale.ROOT);
    return new SuppressionTarget(null, false, at == 0 ? value : normal);
  }

  /**
   * Returns a recipient, whatever the addresses.
   *
   * @param name the name, as in {@link Recipient#named}
   * @throws InvalidNotificationException if no recipient can have it
   */
  public static SuppressionTarget recipient(String name) {
    Recipient.named(name);
    return new SuppressionTarget(null, true, name);
  }

  /** Returns a recipient, as {@link #recipient(String)} does, but on one channel only. */
  public static SuppressionTarget recipient(String name, String channel) {
    Recipient.named(name);
    return new SuppressionTarget(ChannelId.of(channel), true, name);
  }

  /**
   * Returns the target of this text.
   *
   * @throws InvalidNotificationException if it has none of the four forms, or a part of it breaks
   *     its rule
   */
  public static SuppressionTarget parse(String text) {
    int mark = mark(text);
    if (mark < 0 || (mark == 0 && text.charAt(0) == ':')) {
      throw new InvalidNotificationException(
          "what is suppressed must be written as channel:address, *:address, #recipient or"
              + " channel#recipient, but was "
              + Quoted.of(text));
    }
    String before = text.substring(0, mark);
    String value = text.substring(mark + 1);
    if (text.charAt(mark) == '#') {
      return before.isEmpty() ? recipient(value) : recipient(value, before);
    }
    return before.equals("*") ? everywhere(value) : of(new Address(ChannelId.of(before), value));
  }

  /** Returns the target of a text that was checked when it was stored. */
  static SuppressionTarget unchecked(String text) {
    int mark = mark(text);
    String before = text.substring(0, mark);
    ChannelId channel = before.isEmpty() || before.equals("*") ? null : ChannelId.of(before);
    return new SuppressionTarget(channel, text.charAt(mark) == '#', text.substring(mark + 1));
  }

  private static int mark(String text) {
    int colon = text.indexOf(':');
    int hash = text.indexOf('#');
    return hash < 0 || (colon >= 0 && colon < hash) ? colon : hash;
  }

  /**
   * Returns all targets that stand in the way of a message, the narrowest first: the address on its
   * channel, the recipient on that channel, the address on all, the recipient on all.
   */
  public static List<SuppressionTarget> covering(Recipient recipient, Address address) {
    SuppressionTarget here = of(address);
    SuppressionTarget everywhere = uncheckedEverywhere(address.value());
    return recipient
        .name()
        .map(
            name ->
                List.of(
                    here,
                    new SuppressionTarget(address.channel(), true, name),
                    everywhere,
                    new SuppressionTarget(null, true, name)))
        .orElseGet(() -> List.of(here, everywhere));
  }

  /** Returns the channel, if it is about one only. */
  public Optional<ChannelId> channel() {
    return Optional.ofNullable(channel);
  }

  /** Tells whether it is about a recipient, not an address. */
  public boolean isRecipient() {
    return isRecipient;
  }

  /** Returns the address or the name itself, unmasked. */
  public String value() {
    return value;
  }

  /** Returns the text form, unmasked. */
  public String text() {
    return scope() + (isRecipient ? "#" : ":") + value;
  }

  private String scope() {
    if (channel != null) {
      return channel.value();
    }
    return isRecipient ? "" : "*";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SuppressionTarget that
        && isRecipient == that.isRecipient
        && value.equals(that.value)
        && Objects.equals(channel, that.channel);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Objects.hashCode(channel) + value.hashCode()) + (isRecipient ? 1 : 0);
  }

  /** Returns the text form with the address masked; the full one appears in no log. */
  @Override
  public String toString() {
    if (isRecipient) {
      return text();
    }
    return scope() + ":" + (channel == null ? AddressRules.mask(value) : masked(channel));
  }

  private String masked(ChannelId known) {
    return AddressRules.mask(known, value);
  }
}
