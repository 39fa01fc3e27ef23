package dev.notifier.store.jdbc;

import java.util.regex.Pattern;

/**
 * Makes text from outside fit for its column: short enough, and without what a database refuses.
 */
final class ColumnText {
  static final int MAX_REASON = 600;
  static final int MAX_PROVIDER_ID = 300;

  private static final int HASH_LENGTH = 64;

  /** PostgreSQL refuses NUL; nobody wants the others; half a surrogate pair has no UTF-8 form. */
  private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}]");

  private ColumnText() {}

  private static String fit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') { // else there is nothing to look for
        return UNFIT.matcher(text).replaceAll(" ");
      }
    }
    return text;
  }

  /** Returns a reason of at most 600 characters on one line. */
  static String reason(String reason) {
    String line = fit(reason);
    return line.length() <= MAX_REASON ? line : cut(line, MAX_REASON - 1) + "…";
  }

  /** Returns a provider's message id; one that is over-long ends with a hash of the whole. */
  static String providerId(String id) {
    String line = fit(id);
    return line.length() <= MAX_PROVIDER_ID
        ? line
        : cut(line, MAX_PROVIDER_ID - HASH_LENGTH) + Sha256.hex(id);
  }

  private static String cut(String line, int most) {
    return line.substring(0, Character.isHighSurrogate(line.charAt(most - 1)) ? most - 1 : most);
  }
}
