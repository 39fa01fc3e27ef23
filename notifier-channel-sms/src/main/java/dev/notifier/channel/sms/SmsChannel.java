package dev.notifier.channel.sms;

import dev.notifier.CallbackRequest;
import dev.notifier.ChannelId;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends SMS, and MMS by Twilio. Thread-safe.
 *
 * <pre>{@code
 * Notifier.builder().channel(SmsChannel.twilio(accountSid, authToken).from("+14155550100"))
 * }</pre>
 *
 * <p>It sends the plain text, or else the subject. Attachments do not go along; see {@link
 * SmsOptions#mediaUrl}.
 */
public final class SmsChannel implements Channel {
  static final ChannelId ID = ChannelId.of("sms");

  private final TextRules rules;
  private final GatewayLine line;
  private final InstantSource clock;

  SmsChannel(TextRules rules, GatewayLine line, InstantSource clock) {
    this.rules = rules;
    this.line = line;
    this.clock = clock;
  }

  /**
   * Sends by an account with Twilio.
   *
   * @param accountSid {@code AC} and 32 hexadecimal digits
   * @param authToken the account's token, which also verifies its callbacks
   * @throws IllegalArgumentException if one of them cannot be right
   */
  public static TwilioAccount twilio(String accountSid, String authToken) {
    return new TwilioAccount(accountSid, authToken);
  }

  /**
   * Sends by an account with Vonage, formerly Nexmo.
   *
   * @throws IllegalArgumentException if the key or the secret is blank or has white space at an end
   */
  public static VonageAccount vonage(String apiKey, String apiSecret) {
    return new VonageAccount(apiKey, apiSecret);
  }

  /**
   * Sends by the first account; by the next one if the one before it certainly did not take a
   * message, because it could not be reached, was busy or is set up wrongly.
   *
   * <p>An account that failed stands at the end of the line for a minute. After a lost answer the
   * message is left to the channel's retries, which then begin with another account.
   *
   * @throws IllegalStateException if something was set on one of the accounts that belongs to all
   *     of them together, such as {@code maxParts}
   */
  public static SmsAccounts failover(SmsAccount<?> first, SmsAccount<?>... more) {
    return new SmsAccounts(false, first, more);
  }

  /**
   * Sends by each account in turn, and fails over as {@link #failover} does.
   *
   * @throws IllegalStateException if something was set on one of the accounts that belongs to all
   *     of them together, such as {@code maxParts}
   */
  public static SmsAccounts roundRobin(SmsAccount<?> first, SmsAccount<?>... more) {
    return new SmsAccounts(true, first, more);
  }

  /**
   * Returns a phone number in E.164 form, as addresses are written: {@code +4930123456} for {@code
   * 030 / 12 34 56} in {@code DE}.
   *
   * @param number a national number, or an international one that starts with a plus sign
   * @param region the country of a national number: two letters of ISO 3166-1
   * @throws InvalidNotificationException if there can be no such number
   * @throws IllegalArgumentException if there is no such region
   */
  public static String e164(String number, String region) {
    PhoneNumbers.checkRegion(region);
    return PhoneNumbers.e164(number, region);
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    SmsMessage message;
    try {
      message = checked(attempt);
    } catch (InvalidNotificationException e) { // an interceptor may have changed the text
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
    return line.send(message);
  }

  @Override
  public void check(DeliveryAttempt attempt) {
    checked(attempt);
  }

  private SmsMessage checked(DeliveryAttempt attempt) {
    SmsOptions options = SmsOptions.of(attempt.notification().optionsFor(attempt.channel()));
    SmsMessage message =
        new SmsMessage(
            attempt.delivery(),
            PhoneNumbers.e164(attempt.address().value(), null),
            options.sender(),
            rules.fit(textOf(attempt.content()), !options.mediaUrls().isEmpty()),
            options.mediaUrls(),
            attempt.expiresAt().map(time -> Duration.between(clock.instant(), time)));
    line.check(message);
    return message;
  }

  private static String textOf(Content content) {
    return visible(content.text())
        .or(() -> visible(content.subject()))
        .orElseThrow(
            () ->
                new InvalidNotificationException(
                    "an SMS is plain text, but the notification has only HTML: call text(...), or"
                        + " contentFor(\"sms\", ...)"));
  }

  private static Optional<String> visible(Optional<String> part) {
    return part.filter(text -> !text.isBlank());
  }

  /** Tells the encoding, the parts and the room left, and what would be changed or left out. */
  @Override
  public List<String> preview(DeliveryAttempt attempt) {
    List<String> notes = new ArrayList<>();
    try {
      addNotes(checked(attempt), textOf(attempt.content()), notes);
    } catch (InvalidNotificationException e) { // the engine tells why; the count helps to mend it
      visible(attempt.content().text()).ifPresent(text -> notes.add(segments(text)));
    }
    if (!attempt.attachments().isEmpty()) {
      notes.add(attempt.attachments().size() + " attachments are not sent by SMS");
    }
    return notes;
  }

  private static void addNotes(SmsMessage message, String original, List<String> notes) {
    notes.add(
        message.isMms()
            ? "MMS with " + message.mediaUrls().size() + " media"
            : segments(message.text()));
    if (!message.text().equals(original)) {
      notes.add("the text would be sent as: " + message.text());
    }
  }

  private static String segments(String text) {
    return SmsSegments.of(text).toString();
  }

  @Override
  public Verification verify() {
    return line.verify();
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    return line.receive(request);
  }

  @Override
  public void close() {
    line.close();
  }
}
