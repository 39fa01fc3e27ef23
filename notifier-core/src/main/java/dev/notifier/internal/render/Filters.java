package dev.notifier.internal.render;

import dev.notifier.internal.render.Expression.Argument;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filters that a template may use. An IllegalArgumentException says what is wrong with a filter
 * or its arguments.
 */
final class Filters {
  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of("currency", "date", "lower", "number", "plural", "time", "truncate", "upper"));

  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private static final int MAX_DECIMALS = 20;
  private static final int MAX_TRUNCATE = 100_000;

  private Filters() {}

  /**
   * Returns a filter.
   *
   * @param paths makes the path of a variable that is an argument
   */
  static Filter named(String name, List<Argument> arguments, Function<String, Path> paths) {
    return switch (name) {
      case "currency" -> currency(arguments, paths);
      case "date" -> date(arguments);
      case "lower" -> cased(name, arguments, String::toLowerCase);
      case "number" -> number(arguments);
      case "plural" -> plural(arguments);
      case "time" -> time(arguments);
      case "truncate" -> truncate(arguments);
      case "upper" -> cased(name, arguments, String::toUpperCase);
      default ->
          throw new IllegalArgumentException("unknown filter \"" + name + "\"; known are " + NAMES);
    };
  }

  private static void checkCount(List<Argument> arguments, int most, String example) {
    boolean hasKeyword = arguments.stream().anyMatch(argument -> !argument.keyword().isEmpty());
    if (arguments.size() > most || hasKeyword) {
      throw new IllegalArgumentException("write it like this: " + example);
    }
  }

  private static int wholeNumber(Argument argument, int least, int most, String example) {
    if (argument.text().matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(argument.text());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "needs a number from " + least + " to " + most + ", as in " + example);
  }

  // --- Numbers ----------------------------------------------------------------------------------

  private static Filter number(List<Argument> arguments) {
    checkCount(arguments, 1, "number: 2");
    int decimals =
        arguments.isEmpty() ? -1 : wholeNumber(arguments.get(0), 0, MAX_DECIMALS, "number: 2");
    return (value, scopes, target) -> Formats.number(Formats.number(value), decimals, target);
  }

  /** By a code, by a variable that holds one, or by the value itself, if it has both. */
  private static Filter currency(List<Argument> arguments, Function<String, Path> paths) {
    checkCount(arguments, 1, "currency: EUR");
    if (arguments.isEmpty()) {
      return (value, scopes, target) -> money(value, target);
    }
    Argument argument = arguments.get(0);
    if (argument.quoted() || argument.text().matches("[A-Z]{3}")) {
      Currency currency = currency(argument.text());
      return (value, scopes, target) -> Formats.currency(Formats.number(value), currency, target);
    }
    Path code = paths.apply(argument.text());
    return (value, scopes, target) ->
        Formats.currency(
            Formats.number(value), currency(String.valueOf(code.getPresent(scopes))), target);
  }

  private static Object money(Object value, Target target) {
    if (value instanceof Map<?, ?> map
        && map.get("amount") != null
        && map.get("currency") instanceof String code) {
      Object amount = map.get("amount");
      return Formats.currency(Formats.number(amount == null ? "" : amount), currency(code), target);
    }
    throw new IllegalArgumentException(
        "needs a currency, as in currency: EUR, or a value with \"amount\" and \"currency\"");
  }

  private static Currency currency(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "needs the code of a currency by ISO 4217, as in currency: EUR");
    }
  }

  // --- Dates ------------------------------------------------------------------------------------

  private static Filter date(List<Argument> arguments) {
    checkCount(arguments, 1, "date: long");
    DateTimeFormatter form =
        arguments.isEmpty()
            ? DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
            : dateForm(arguments.get(0));
    return (value, scopes, target) -> Formats.date(value, form, target);
  }

  private static DateTimeFormatter dateForm(Argument argument) {
    if (argument.quoted()) {
      return pattern(argument.text());
    }
    return switch (argument.text()) {
      case "short" -> DateTimeFormatter.ofLocalizedDate(FormatStyle.SHORT);
      case "medium" -> DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM);
      case "long" -> DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG);
      case "full" -> DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL);
      case "iso" -> DateTimeFormatter.ISO_LOCAL_DATE;
      default ->
          throw new IllegalArgumentException(
              "needs short, medium, long, full, iso or a pattern in quotes, as in date: \"d MMMM"
                  + " yyyy\"");
    };
  }

  private static DateTimeFormatter pattern(String pattern) {
    try {
      return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + pattern + "\" is no pattern of dates: " + e.getMessage());
    }
  }

  private static Filter time(List<Argument> arguments) {
    checkCount(arguments, 1, "time");
    if (arguments.isEmpty()) {
      return (value, scopes, target) -> Formats.time(value, target);
    }
    if (!arguments.get(0).quoted()) {
      throw new IllegalArgumentException("needs a pattern in quotes, as in time: \"HH:mm\"");
    }
    DateTimeFormatter form = pattern(arguments.get(0).text());
    return (value, scopes, target) -> Formats.date(value, form, target);
  }

  // --- Text -------------------------------------------------------------------------------------

  /** Changes the case of letters as a language does. */
  @FunctionalInterface
  private interface Casing {
    String apply(String text, Locale locale);
  }

  private static Filter cased(String name, List<Argument> arguments, Casing casing) {
    checkCount(arguments, 0, name);
    return (value, scopes, target) -> casing.apply(Formats.plain(value, target), target.locale());
  }

  private static Filter truncate(List<Argument> arguments) {
    checkCount(arguments, 1, "truncate: 40");
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("needs a number, as in truncate: 40");
    }
    int most = wholeNumber(arguments.get(0), 1, MAX_TRUNCATE, "truncate: 40");
    return (value, scopes, target) -> truncated(Formats.plain(value, target), most, target);
  }

  /** Cuts between characters as a reader sees them; the dots count too. */
  private static String truncated(String text, int most, Target target) {
    if (text.length() <= most) {
      return text;
    }
    String dots = target.narrow() ? "..." : "…";
    int kept = Math.max(0, most - dots.length());
    Matcher character = CHARACTER.matcher(text);
    int cut = 0;
    for (int count = 1; character.find(); count++) {
      if (count > most) {
        return text.substring(0, cut).stripTrailing()
            + dots.substring(0, Math.min(most, dots.length()));
      }
      cut = count <= kept ? character.end() : cut;
    }
    return text;
  }

  private static Filter plural(List<Argument> arguments) {
    Map<String, String> forms = pluralForms(arguments);
    return (value, scopes, target) -> {
      BigDecimal number = Formats.number(value);
      String other = forms.getOrDefault("other", "");
      return forms.getOrDefault(PluralRules.form(target.locale(), number), other);
    };
  }

  private static Map<String, String> pluralForms(List<Argument> arguments) {
    Map<String, String> forms = new HashMap<>();
    if (arguments.size() == 2 && arguments.stream().allMatch(each -> each.keyword().isEmpty())) {
      forms.put("one", arguments.get(0).text());
      forms.put("other", arguments.get(1).text());
      return forms;
    }
    for (Argument argument : arguments) {
      if (!PluralRules.FORMS.contains(argument.keyword())) {
        forms.clear();
        break;
      }
      forms.put(argument.keyword(), argument.text());
    }
    if (!forms.containsKey("other")) {
      throw new IllegalArgumentException(
          "write it like this: plural: \"item\", \"items\" or plural: one \"plik\", few \"pliki\","
              + " other \"plików\", with one of zero, one, two, few, many, and always other");
    }
    return forms;
  }
}
