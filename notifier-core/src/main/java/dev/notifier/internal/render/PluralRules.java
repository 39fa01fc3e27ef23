package dev.notifier.internal.render;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;

/**
 * Which form of a word goes with a number, by Unicode's plural rules for cardinal numbers. A
 * language that is not listed has {@code one} for 1 and {@code other} for the rest.
 *
 * @see <a
 *     href="https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html">
 *     CLDR</a>
 */
final class PluralRules {
  static final Set<String> FORMS = Set.of("zero", "one", "two", "few", "many", "other");

  private static final Set<String> ONE_FORM =
      Set.of(
          "ja", "zh", "yue", "ko", "vi", "th", "id", "in", "ms", "my", "lo", "km", "bo", "dz", "jv",
          "su", "to", "wo", "yo", "ig", "sah");

  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

  private PluralRules() {}

  static String form(Locale locale, BigDecimal number) {
    BigDecimal n = number.abs().stripTrailingZeros();
    boolean whole = n.scale() <= 0;
    String language = locale.getLanguage();
    if (ONE_FORM.contains(language)) {
      return "other";
    }
    long i = lastDigits(n.toBigInteger());
    long digits = whole ? i : lastDigits(n.remainder(BigDecimal.ONE).unscaledValue());
    return switch (language) {
      case "fr", "pt" -> n.compareTo(BigDecimal.valueOf(2)) < 0 ? "one" : romance(i, whole);
      case "es", "it", "ca" -> whole && i == 1 ? "one" : romance(i, whole);
      case "hy", "ff" -> n.compareTo(BigDecimal.valueOf(2)) < 0 ? "one" : "other";
      case "am", "as", "bn", "fa", "gu", "hi", "kn", "zu" ->
          n.compareTo(BigDecimal.ONE) <= 0 ? "one" : "other";
      case "ak", "ln", "mg", "pa", "si", "ti", "wa" -> whole && i <= 1 ? "one" : "other";
      case "is", "mk" -> endsIn(digits, 1, 1) ? "one" : "other";
      case "da" -> n.compareTo(BigDecimal.ONE) == 0 || (!whole && i <= 1) ? "one" : "other";
      case "fil", "tl", "ceb" -> isOnePhilippine(digits) ? "one" : "other";
      case "mt" -> whole ? maltese(i) : "other";
      case "ru", "uk", "be" -> whole ? eastSlavic(i) : "other";
      case "hr", "sr", "bs" -> southSlavic(digits);
      case "pl" -> whole ? polish(i) : "other";
      case "cs", "sk" -> whole ? czech(i) : "many";
      case "sl" -> whole ? slovenian(i) : "few";
      case "lt" -> whole ? lithuanian(i) : "many";
      case "lv" -> whole ? latvian(i) : endsIn(digits, 1, 1) ? "one" : "other";
      case "ro" -> whole && i == 1 ? "one" : whole && !isFewRomanian(i) ? "other" : "few";
      case "ar" -> whole ? arabic(i) : "other";
      case "he", "iw" -> i == (whole ? 1 : 0) ? "one" : whole && i == 2 ? "two" : "other";
      case "ga" -> whole ? irish(i) : "other";
      case "cy" -> whole ? welsh(i) : "other";
      default -> whole && i == 1 ? "one" : "other";
    };
  }

  /** As many as the rules look at, and one more if there are more. */
  private static long lastDigits(BigInteger whole) {
    return whole.compareTo(BILLION) < 0
        ? whole.longValue()
        : whole.mod(BILLION).add(BILLION).longValue();
  }

  private static boolean endsIn(long i, int from, int to) {
    return i % 10 >= from && i % 10 <= to && !(i % 100 >= 10 + from && i % 100 <= 10 + to);
  }

  /** Millions of things, which take a preposition. */
  private static String romance(long i, boolean whole) {
    return whole && i > 0 && i % 1_000_000 == 0 ? "many" : "other";
  }

  private static boolean isOnePhilippine(long i) {
    return i % 10 != 4 && i % 10 != 6 && i % 10 != 9;
  }

  private static String maltese(long i) {
    if (i == 1 || i == 2) {
      return i == 1 ? "one" : "two";
    }
    long last = i % 100;
    return i == 0 || (last >= 3 && last <= 10)
        ? "few"
        : last >= 11 && last <= 19 ? "many" : "other";
  }

  private static String eastSlavic(long i) {
    return endsIn(i, 1, 1) ? "one" : endsIn(i, 2, 4) ? "few" : "many";
  }

  private static String southSlavic(long i) {
    return endsIn(i, 1, 1) ? "one" : endsIn(i, 2, 4) ? "few" : "other";
  }

  private static String polish(long i) {
    return i == 1 ? "one" : endsIn(i, 2, 4) ? "few" : "many";
  }

  private static String czech(long i) {
    return i == 1 ? "one" : i >= 2 && i <= 4 ? "few" : "other";
  }

  private static String slovenian(long i) {
    return switch ((int) (i % 100)) {
      case 1 -> "one";
      case 2 -> "two";
      case 3, 4 -> "few";
      default -> "other";
    };
  }

  private static String lithuanian(long i) {
    boolean teen = i % 100 >= 11 && i % 100 <= 19;
    return i % 10 == 1 && !teen ? "one" : i % 10 >= 2 && !teen ? "few" : "other";
  }

  private static String latvian(long i) {
    boolean teen = i % 100 >= 11 && i % 100 <= 19;
    return i % 10 == 0 || teen ? "zero" : i % 10 == 1 ? "one" : "other";
  }

  private static boolean isFewRomanian(long i) {
    return i == 0 || (i % 100 >= 1 && i % 100 <= 19);
  }

  private static String arabic(long i) {
    if (i <= 2) {
      return i == 0 ? "zero" : i == 1 ? "one" : "two";
    }
    long last = i % 100;
    return last >= 3 && last <= 10 ? "few" : last >= 11 ? "many" : "other";
  }

  private static String irish(long i) {
    if (i == 1 || i == 2) {
      return i == 1 ? "one" : "two";
    }
    return i >= 3 && i <= 6 ? "few" : i >= 7 && i <= 10 ? "many" : "other";
  }

  private static String welsh(long i) {
    return switch ((int) Math.min(i, 7)) {
      case 0 -> "zero";
      case 1 -> "one";
      case 2 -> "two";
      case 3 -> "few";
      case 6 -> "many";
      default -> "other";
    };
  }
}
