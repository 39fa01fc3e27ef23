package dev.notifier.channel.sms;

import dev.notifier.ChannelId;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * What an SMS channel does with texts, whoever carries them. Not thread-safe.
 *
 * @param <F> the type that the calls return
 */
public abstract sealed class SmsChannelFactory<F extends SmsChannelFactory<F>>
    implements ChannelFactory permits SmsAccount, SmsAccounts {
  private static final InstantSource SYSTEM = InstantSource.system();

  private ChannelId id = SmsChannel.ID;
  private TextRules rules = TextRules.DEFAULTS;
  private InstantSource clock = SYSTEM;

  SmsChannelFactory() {}

  abstract F self();

  abstract List<SmsGateway> gateways(InstantSource clock);

  abstract boolean inTurn();

  /**
   * Sets the id by which notifications name the channel. Defaults to {@code sms}.
   *
   * @throws dev.notifier.InvalidNotificationException if it is no id; see {@link ChannelId}
   */
  public F id(String id) {
    this.id = ChannelId.of(id);
    return self();
  }

  /**
   * Sets how many parts a text may have; each is charged. Defaults to 6. See {@link SmsSegments}.
   *
   * @throws IllegalArgumentException if it is not from 1 to 10
   */
  public F maxParts(int parts) {
    if (parts < 1 || parts > TextRules.MOST_PARTS) {
      throw new IllegalArgumentException(
          "maxParts must be from 1 to " + TextRules.MOST_PARTS + ", but was " + parts);
    }
    this.rules = new TextRules(parts, rules.truncate(), rules.smartEncoding());
    return self();
  }

  /**
   * Cuts a text that has too many parts and ends it with three dots. By default it is refused when
   * it is sent.
   */
  public F truncateLongTexts() {
    this.rules = new TextRules(rules.maxParts(), true, rules.smartEncoding());
    return self();
  }

  /**
   * Replaces typographic characters, such as curly quotes, dashes, the ellipsis and special spaces,
   * where that brings the whole text into GSM-7 and so saves parts. Letters are never replaced. Off
   * by default.
   */
  public F smartEncoding() {
    this.rules = new TextRules(rules.maxParts(), rules.truncate(), true);
    return self();
  }

  /**
   * Sets the clock by which callbacks are too old and messages expire. Defaults to the system's;
   * meant for tests.
   */
  public F clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return self();
  }

  /** Tells whether anything was set that is the channel's, and not one account's. */
  boolean isSetAsChannel() {
    return !rules.equals(TextRules.DEFAULTS) || !id.equals(SmsChannel.ID) || clock != SYSTEM;
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public Channel create() {
    return new SmsChannel(rules, new GatewayLine(gateways(clock), inTurn(), clock), clock);
  }
}
