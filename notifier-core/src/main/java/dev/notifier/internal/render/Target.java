package dev.notifier.internal.render;

import java.time.ZoneId;
import java.util.Locale;

/**
 * Who reads the text.
 *
 * @param locale how numbers and dates are written
 * @param zone where the reader's clock hangs
 * @param narrow whether typographic spaces, quotes and dots in formatted values become plain ones:
 *     one of them would double the price of an SMS
 */
public record Target(Locale locale, ZoneId zone, boolean narrow) {
  String fitted(String formatted) {
    return narrow
        ? formatted
            .replace('\u00a0', ' ')
            .replace('\u202f', ' ')
            .replace('\u2009', ' ')
            .replace('\u2019', '\'')
            .replace('\u2212', '-')
            .replaceAll("[\u200e\u200f\u061c]", "")
        : formatted;
  }
}
