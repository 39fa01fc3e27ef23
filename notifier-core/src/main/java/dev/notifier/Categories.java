package dev.notifier;

import java.util.regex.Pattern;

/** What a category must look like. */
final class Categories {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private Categories() {}

  static String check(String category) {
    if (!SHAPE.matcher(category).matches()) {
      throw new InvalidNotificationException(
          "category must be 1 to 64 lower-case letters, digits, dots, hyphens or underscores, the"
              + " first a letter or digit, but was "
              + Quoted.of(category));
    }
    return category;
  }
}
