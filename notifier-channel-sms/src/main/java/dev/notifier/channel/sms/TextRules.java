package dev.notifier.channel.sms;

import dev.notifier.InvalidNotificationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be sent: how many parts at most, and what becomes of a text that needs more.
 *
 * @param maxParts how many parts a text may have
 * @param truncate whether a longer text is cut, or else refused
 * @param smartEncoding whether typographic characters are replaced where that saves parts
 */
record TextRules(int maxParts, boolean truncate, boolean smartEncoding) {
  /** Twilio takes 10 parts and 1,600 characters at most; more are seldom delivered whole. */
  static final int MOST_PARTS = 10;

  static final TextRules DEFAULTS = new TextRules(6, false, false);

  /** Ends a text that was cut. In GSM-7, unlike the ellipsis. */
  private static final String CUT = "...";

  /** A character as the reader sees it, such as an emoji of several code points. */
  private static final Pattern GRAPHEME = Pattern.compile("\\X");

  /** An MMS is not cut into parts; this is what Twilio takes. */
  private static final int MOST_MMS_CHARACTERS = 1600;

  /**
   * Returns the text as it is to leave.
   *
   * @param mms whether media go with it
   * @throws InvalidNotificationException if it is too long and may not be cut
   */
  String fit(String text, boolean mms) {
    String wanted = smartEncoding && !mms ? SmartEncoding.apply(text) : text;
    if (fits(wanted, mms)) {
      return wanted;
    }
    if (!truncate) {
      throw new InvalidNotificationException(mms ? tooLong(wanted) : tooManyParts(wanted));
    }
    return cut(wanted, mms);
  }

  private boolean fits(String text, boolean mms) {
    return mms
        ? text.length() <= MOST_MMS_CHARACTERS
        : text.length() <= maxParts * 160 && SmsSegments.of(text).parts() <= maxParts;
  }

  private static String tooLong(String text) {
    return "the text of an MMS must have at most "
        + MOST_MMS_CHARACTERS
        + " characters, but has "
        + text.length()
        + ": shorten it, or set truncateLongTexts()";
  }

  private String tooManyParts(String text) {
    return "an SMS must have at most "
        + maxParts
        + " parts, but this one has "
        + SmsSegments.of(text)
        + ": shorten it, or set maxParts(...), smartEncoding() or truncateLongTexts()";
  }

  /** Keeps as many whole characters as leave room for the dots. */
  private String cut(String text, boolean mms) {
    int kept = 0;
    Matcher grapheme = GRAPHEME.matcher(text);
    while (grapheme.find() && fits(text.substring(0, grapheme.end()) + CUT, mms)) {
      kept = grapheme.end();
    }
    return text.substring(0, kept) + CUT;
  }
}
