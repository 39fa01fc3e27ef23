package dev.notifier.channel.sms;

import dev.notifier.InvalidNotificationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From whom a message comes: a phone number in E.164 form, a short code, or a name.
 *
 * @param value the sender as Twilio takes it
 */
record Sender(String value) {
  private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");

  /** 3GPP TS 23.040, 9.1.2.5 has room for 11 characters; these are the ones carriers let pass. */
  private static final Pattern NAME =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 &_+-]{0,9}[A-Za-z0-9]|[A-Za-z]");

  /** What a number may be written with besides digits. */
  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9 ()./-]{6,30}");

  /**
   * Reads a sender.
   *
   * @param region where a number without country code belongs, if such numbers are allowed
   * @throws InvalidNotificationException if it is none of the three, or a number that cannot be
   */
  static Sender of(String text, @Nullable String region) {
    if (SHORT_CODE.matcher(text).matches() || NAME.matcher(text).matches()) {
      return new Sender(text);
    }
    if (NUMBER.matcher(text).matches()) {
      return new Sender(PhoneNumbers.e164(text, region));
    }
    throw new InvalidNotificationException(
        "a sender must be a phone number such as +14155550100, a short code of 3 to 8 digits, or a"
            + " name of at most 11 letters, digits, spaces and &_+- with a letter in it; this one"
            + " has "
            + text.length()
            + " characters");
  }

  /** Returns the sender as Vonage takes it: a number without its plus sign. */
  String withoutPlus() {
    return value.startsWith("+") ? value.substring(1) : value;
  }

  @Override
  public String toString() {
    return "Sender";
  }
}
