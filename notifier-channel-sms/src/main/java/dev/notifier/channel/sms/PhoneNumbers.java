package dev.notifier.channel.sms;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.notifier.InvalidNotificationException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Phone numbers by the numbering plans of all countries.
 *
 * <p>A number must be possible: a country's code and a length that exists there. Whether its range
 * is in use is not asked, because new ranges are opened before this library hears of them.
 *
 * @see <a href="https://github.com/google/libphonenumber">libphonenumber</a>
 */
final class PhoneNumbers {
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private PhoneNumbers() {}

  static void checkRegion(String region) {
    if (!NUMBERS.getSupportedRegions().contains(region.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "region must be an ISO 3166-1 code of two letters such as DE, but was \""
              + shortened(region)
              + "\"");
    }
  }

  /**
   * Returns the number in E.164 form.
   *
   * @param region where a number without country code belongs; null if there must be one
   * @throws InvalidNotificationException if there can be no such number
   */
  static String e164(String number, @Nullable String region) {
    try {
      PhoneNumber parsed =
          NUMBERS.parse(number, region == null ? null : region.toUpperCase(Locale.ROOT));
      checkPossible(number, parsed);
      return NUMBERS.format(parsed, PhoneNumberFormat.E164);
    } catch (NumberParseException e) {
      throw invalid(
          number,
          switch (e.getErrorType()) {
            case INVALID_COUNTRY_CODE ->
                region == null && !number.strip().startsWith("+")
                    ? "it must start with + and the code of a country, or a region must be given"
                    : "no country has that code";
            case NOT_A_NUMBER -> "it is not a number";
            case TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> "it is too short";
            case TOO_LONG -> "it is too long";
          });
    }
  }

  private static void checkPossible(String number, PhoneNumber parsed) {
    if (parsed.hasExtension()) {
      throw invalid(number, "a message cannot go to an extension");
    }
    switch (NUMBERS.isPossibleNumberWithReason(parsed)) {
      case IS_POSSIBLE -> {}
      case IS_POSSIBLE_LOCAL_ONLY -> throw invalid(number, "the area code is missing");
      case INVALID_COUNTRY_CODE -> throw invalid(number, "no country has that code");
      case TOO_SHORT -> throw invalid(number, "it is too short for its country");
      case TOO_LONG -> throw invalid(number, "it is too long for its country");
      case INVALID_LENGTH -> throw invalid(number, "no number of its country has that length");
    }
  }

  private static InvalidNotificationException invalid(String number, String why) {
    return new InvalidNotificationException(
        "phone number " + masked(number) + " is not valid: " + why);
  }

  /** Shows the ends of a number, as much as {@link dev.notifier.Address#masked} does. */
  private static String masked(String number) {
    String shown = number.strip();
    return shown.length() < 8
        ? "of " + shown.length() + " characters"
        : shown.substring(0, 3) + "***" + shown.substring(shown.length() - 2);
  }

  private static String shortened(String text) {
    return text.length() <= 20 ? text : text.substring(0, 20) + "…";
  }
}
