package dev.notifier;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a notification is for: a name of the application's own, and an address per channel.
 *
 * <p>The order in which addresses are added is the order of fall-back when a notification names no
 * route. Immutable: each method returns a new recipient.
 */
public final class Recipient {
  private static final int MAX_NAME = 200;

  private final @Nullable String name;
  private final List<Address> addresses;
  private final @Nullable QuietHours quietHours;
  private final @Nullable Locale locale;
  private final @Nullable ZoneId zone;

  Recipient(
      @Nullable String name,
      List<Address> addresses,
      @Nullable QuietHours quietHours,
      @Nullable Locale locale,
      @Nullable ZoneId zone) {
    this.name = name;
    this.addresses = addresses;
    this.quietHours = quietHours;
    this.locale = locale;
    this.zone = zone;
  }

  /**
   * Returns a recipient with a name and no address yet.
   *
   * @param name the application's own key of this person or system, such as a user id: 1 to 200
   *     printable characters. It scopes idempotency keys, and it appears in logs.
   */
  public static Recipient named(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isBlank() || name.length() > MAX_NAME || !Printable.isPrintable(name)) {
      throw new InvalidNotificationException(
          "recipient name must be 1 to "
              + MAX_NAME
              + " printable characters, but was "
              + Quoted.of(name));
    }
    return new Recipient(name, List.of(), null, null, null);
  }

  /** Returns a recipient without a name, known by this address only. */
  public static Recipient of(Address address) {
    return new Recipient(
        null, List.of(Objects.requireNonNull(address, "address")), null, null, null);
  }

  /** Returns this recipient with an e-mail address. */
  public Recipient email(String address) {
    return address("email", address);
  }

  /** Returns this recipient with a phone number in E.164 form, such as {@code +14155550100}. */
  public Recipient sms(String number) {
    return address("sms", number);
  }

  /** Returns this recipient with a Telegram chat id or the {@code @name} of a public chat. */
  public Recipient telegram(String chat) {
    return address("telegram", chat);
  }

  /** Returns this recipient with a URL that takes webhooks. */
  public Recipient webhook(String url) {
    return address("webhook", url);
  }

  /**
   * Returns this recipient with an address on any channel.
   *
   * @throws InvalidNotificationException if the address breaks its channel's rule, or the recipient
   *     already has one for that channel
   */
  public Recipient address(String channel, String value) {
    Address added = new Address(ChannelId.of(channel), value);
    address(added.channel())
        .ifPresent(
            present -> {
              throw new InvalidNotificationException(
                  "recipient already has the " + channel + " address " + present.masked());
            });
    List<Address> all = new ArrayList<>(addresses);
    all.add(added);
    return new Recipient(name, List.copyOf(all), quietHours, locale, zone);
  }

  /**
   * Returns this recipient with hours of each day at which only CRITICAL notifications are sent;
   * others wait for their end. None by default.
   *
   * @param zone where the recipient's clock stands
   * @param from when they begin
   * @param to when they end; earlier than {@code from} if they span midnight
   * @throws InvalidNotificationException if they begin when they end
   */
  public Recipient quietHours(ZoneId zone, LocalTime from, LocalTime to) {
    return new Recipient(name, addresses, new QuietHours(zone, from, to), locale, this.zone);
  }

  /** Returns this recipient with a language, in which templates are rendered. */
  public Recipient locale(Locale locale) {
    return new Recipient(
        name, addresses, quietHours, Objects.requireNonNull(locale, "locale"), zone);
  }

  /** Returns this recipient with a time zone, in which templates show dates and times. */
  public Recipient zone(ZoneId zone) {
    return new Recipient(name, addresses, quietHours, locale, Objects.requireNonNull(zone, "zone"));
  }

  /** Returns the name, if the recipient has one. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Returns the language, if it is known. */
  public Optional<Locale> locale() {
    return Optional.ofNullable(locale);
  }

  /** Returns the time zone, if it is known. */
  public Optional<ZoneId> zone() {
    return Optional.ofNullable(zone);
  }

  /** Returns the addresses in the order they were added. */
  public List<Address> addresses() {
    return addresses;
  }

  /** Returns the address for a channel, if there is one. */
  public Optional<Address> address(ChannelId channel) {
    for (Address address : addresses) {
      if (address.channel().equals(channel)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** Returns the hours at which only CRITICAL notifications are sent, if there are any. */
  public Optional<QuietHours> quietHours() {
    return Optional.ofNullable(quietHours);
  }

  /**
   * Returns what scopes an idempotency key: the name after a {@code #}, which no address starts
   * with, or else the first address.
   */
  public String key() {
    if (name != null) {
      return "#" + name;
    }
    Address first = addresses.get(0);
    return first.channel() + ":" + first.value();
  }

  /** Returns this recipient without all that its key does not tell. */
  Recipient keyOnly() {
    return new Recipient(
        name, name == null ? addresses.subList(0, 1) : List.of(), null, null, null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recipient that
        && Objects.equals(name, that.name)
        && addresses.equals(that.addresses)
        && Objects.equals(quietHours, that.quietHours)
        && Objects.equals(locale, that.locale)
        && Objects.equals(zone, that.zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, addresses, quietHours);
  }

  /** Returns the name and the masked addresses. */
  @Override
  public String toString() {
    return name == null ? addresses.toString() : name + addresses;
  }
}
