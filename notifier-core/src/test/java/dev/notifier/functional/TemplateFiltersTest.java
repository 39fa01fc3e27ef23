package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.TemplateException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateFiltersTest {
  private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

  /** Spaces as a person types them, whichever the JDK puts into formats. */
  private static String render(String text, String locale, Object value) {
    return TemplateTexts.render(
            "email.text", text, Locale.forLanguageTag(locale), VIENNA, Map.of("v", value))
        .replaceAll("[\u00a0\u202f]", " ");
  }

  record Money(BigDecimal amount, Currency currency) {}

  @ParameterizedTest
  @CsvSource({
    "de, 1234.5, EUR, '1.234,50 €'",
    "en-US, 1234.5, USD, '$1,234.50'",
    "en-GB, 0.125, GBP, £0.13",
    "ja, 1234.5, JPY, '¥1,235'",
    "fr, -5, EUR, '-5,00 €'"
  })
  void currencyIsWrittenAsTheReaderExpectsIt(
      String locale, BigDecimal amount, String code, String expected) {
    String text = "{{v | currency: " + code + "}}";
    assertThat(render(text, locale, amount).replace('￥', '¥').replace('−', '-'))
        .isEqualTo(expected);
    assertThat(
            render("{{v | currency}}", locale, new Money(amount, Currency.getInstance(code)))
                .replace('￥', '¥'))
        .isEqualTo(expected);
  }

  @Test
  void theCodeOfACurrencyMayBeAVariable() {
    assertThat(
            TemplateTexts.render(
                "email.text", "{{v | currency: code}}", Map.of("v", 5, "code", "EUR")))
        .isEqualTo("€5.00");
  }

  static List<Arguments> formatted() {
    Instant instant = Instant.parse("2026-03-01T23:30:00Z");
    return List.of(
        Arguments.of("{{v}}", "de", 1001, "1001"),
        Arguments.of("{{v}}", "de", 1234567.5, "1234567.5"),
        Arguments.of("{{v}}", "de", new BigDecimal("1E+3"), "1000"),
        Arguments.of("{{v}}", "de", new BigInteger("12345678901234567890"), "12345678901234567890"),
        Arguments.of("{{v}}", "de", (short) 3, "3"),
        Arguments.of("{{v}}", "de", 0.1f, "0.1"),
        Arguments.of("{{v}}", "de", true, "true"),
        Arguments.of("{{v}}", "de", 'x', "x"),
        Arguments.of("{{v | number}}", "de", 1234567.5, "1.234.567,5"),
        Arguments.of("{{v | number: 2}}", "de", 1234567.5, "1.234.567,50"),
        Arguments.of("{{v | number: 0}}", "en", 0.5, "1"),
        Arguments.of("{{v | number}}", "en", "1234.5", "1,234.5"),
        Arguments.of("{{v}}", "de", LocalDate.of(2026, 3, 1), "01.03.2026"),
        Arguments.of("{{v | date}}", "de", instant, "02.03.2026"),
        Arguments.of("{{v | date: long}}", "de", instant, "2. März 2026"),
        Arguments.of("{{v | date: full}}", "en", instant, "Monday, March 2, 2026"),
        Arguments.of("{{v | date: short}}", "de", instant, "02.03.26"),
        Arguments.of("{{v | date: iso}}", "de", instant, "2026-03-02"),
        Arguments.of("{{v | date: 'd. MMMM'}}", "de", instant, "2. März"),
        Arguments.of("{{v | date: \"d. MMMM\"}}", "de", "2026-03-01T23:30:00Z", "2. März"),
        Arguments.of("{{v | date: long}}", "de", "2026-03-01", "1. März 2026"),
        Arguments.of("{{v | date: long}}", "de", "2026-03-01T23:30:00", "1. März 2026"),
        Arguments.of("{{v | time}}", "de", instant, "00:30"),
        Arguments.of("{{v | time}}", "de", "23:30", "23:30"),
        Arguments.of("{{v | time: \"HH.mm\"}}", "de", instant, "00.30"),
        Arguments.of("{{v | time}}", "de", LocalTime.of(7, 5), "07:05"),
        Arguments.of("{{v}}", "de", LocalTime.of(7, 5), "07:05"),
        Arguments.of("{{v | time}}", "de", LocalDateTime.of(2026, 3, 1, 7, 5), "07:05"),
        Arguments.of("{{v | time}}", "de", OffsetDateTime.parse("2026-03-01T23:30:00Z"), "00:30"),
        Arguments.of(
            "{{v | time}}", "de", ZonedDateTime.parse("2026-03-01T23:30:00Z[UTC]"), "00:30"),
        Arguments.of("{{v | upper}}", "tr", "istanbul", "İSTANBUL"),
        Arguments.of("{{v | lower}}", "en", "ABC", "abc"),
        Arguments.of("{{v | truncate: 5}}", "en", "abcde", "abcde"),
        Arguments.of("{{v | truncate: 5}}", "en", "abcdef", "abcd…"),
        Arguments.of("{{v | truncate: 6}}", "en", "abcd efgh", "abcd…"),
        Arguments.of("{{v | truncate: 1}}", "en", "abc", "…"),
        Arguments.of(
            "{{v | truncate: 3}}", "en", "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301…"),
        Arguments.of(
            "{{v | truncate: 2}}", "en", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦…"),
        Arguments.of("{{v | truncate: 2}}", "en", "🇦🇹🇩🇪", "🇦🇹🇩🇪"),
        Arguments.of("{{v | truncate: 3 | upper}}", "en", "abcdef", "AB…"),
        Arguments.of("{{v}} {{v | plural: \"item\", \"items\"}}", "en", 1, "1 item"),
        Arguments.of("{{v}} {{v | plural: item, items}}", "en", 0, "0 items"),
        Arguments.of("{{v | plural: one a, other b}}", "fr", 0, "a"));
  }

  @ParameterizedTest
  @MethodSource("formatted")
  void valuesAreFormattedByLocaleAndZone(
      String text, String locale, Object value, String expected) {
    assertThat(render(text, locale, value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.005, -€0.01 -0.01 -0.005",
    "-0.004, €0.00 0.00 -0.004",
    "-0.0004, €0.00 0.00 0",
    "0.125, €0.13 0.13 0.125",
    "1.005, €1.01 1.01 1.005",
    "0, €0.00 0.00 0"
  })
  void numbersAreRoundedHalfUpAndZeroHasNoSign(BigDecimal number, String expected) {
    assertThat(render("{{v | currency: EUR}} {{v | number: 2}} {{v | number}}", "en", number))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "en, 1, one",
    "en, 2, other",
    "en, 1.5, other",
    "fr, 1.5, one",
    "fr, 2, other",
    "ja, 1, other",
    "ru, 1, one",
    "ru, 2, few",
    "ru, 5, many",
    "ru, 11, many",
    "ru, 21, one",
    "ru, 1.5, other",
    "pl, 1, one",
    "pl, 22, few",
    "pl, 12, many",
    "pl, 21, many",
    "cs, 1, one",
    "cs, 3, few",
    "cs, 5, other",
    "cs, 1.5, many",
    "sl, 101, one",
    "sl, 2, two",
    "sl, 3, few",
    "sl, 5, other",
    "lt, 1, one",
    "lt, 2, few",
    "lt, 11, other",
    "lv, 0, zero",
    "lv, 21, one",
    "lv, 5, other",
    "ro, 1, one",
    "ro, 0, few",
    "ro, 19, few",
    "ro, 20, other",
    "ar, 0, zero",
    "ar, 1, one",
    "ar, 2, two",
    "ar, 5, few",
    "ar, 11, many",
    "ar, 100, other",
    "he, 1, one",
    "he, 2, two",
    "he, 3, other",
    "ga, 2, two",
    "ga, 4, few",
    "ga, 8, many",
    "cy, 0, zero",
    "cy, 3, few",
    "cy, 6, many",
    "cy, 9, other",
    "hr, 1, one",
    "hr, 3, few",
    "hr, 5, other",
    "ga, 1, one",
    "ga, 11, other",
    "sr, 22, few",
    "cy, 1, one",
    "cy, 2, two",
    "en, 1000000001, other",
    "ru, 1000000001, one",
    "fr, 1000000, many",
    "es, 1, one",
    "es, 2000000, many",
    "it, 1000001, other",
    "hy, 1.5, one",
    "hi, 0, one",
    "hi, 0.5, one",
    "fa, 2, other",
    "pa, 0, one",
    "pa, 0.5, other",
    "is, 21, one",
    "mk, 11, other",
    "fil, 5, one",
    "fil, 14, other",
    "mt, 0, few",
    "mt, 1, one",
    "mt, 2, two",
    "mt, 11, many",
    "mt, 20, other",
    "hr, 1.5, other",
    "hr, 0.1, one",
    "hr, 0.2, few",
    "is, 1.1, one",
    "da, 0.5, one",
    "da, 2.5, other",
    "fil, 0.4, other",
    "lv, 1.1, one",
    "he, 0.5, one"
  })
  void pluralsFollowTheRulesOfTheLanguage(String locale, BigDecimal number, String form) {
    String text = "{{v | plural: zero zero, one one, two two, few few, many many, other other}}";
    assertThat(render(text, locale, number)).isEqualTo(form);
  }

  @Test
  void formattedValuesInAnSmsCostNoSecondPart() {
    String text = "{{v | currency: EUR}} {{v | number}} {{v | truncate: 4}}";
    String french =
        TemplateTexts.render(
            "sms.text", text, Locale.FRENCH, VIENNA, Map.of("v", new BigDecimal("1234567.5")));
    assertThat(french).isEqualTo("1 234 567,50 € 1 234 567,5 1...");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{v | shout}} # unknown filter \"shout\"; known are [currency, date, lower, number,"
            + " plural, time, truncate, upper]",
        "{{v | }} # the name of a filter must follow \"|\"",
        "{{v | currency: XXQ}} # needs the code of a currency by ISO 4217",
        "{{v | date: tomorrow}} # needs short, medium, long, full, iso or a pattern",
        "{{v | date: \"bbb\"}} # is no pattern of dates",
        "{{v | truncate}} # needs a number, as in truncate: 40",
        "{{v | truncate: 0}} # needs a number from 1 to 100000",
        "{{v | number: x}} # needs a number from 0 to 20",
        "{{v | number: 2, 3}} # write it like this: number: 2",
        "{{v | plural: a}} # write it like this: plural:",
        "{{v | plural: one a, few b}} # write it like this: plural:",
        "{{v | upper: x}} # write it like this: upper",
        "{{v | upper upper}} # after filter \"upper\" comes a colon",
        "{{v | time: HH}} # needs a pattern in quotes",
        "{{v | number:}} # an argument is missing",
        "{{v | date: \"d}} # a quote is not closed",
        "{{v | currency: nowhere}} # variable \"nowhere\" is not declared"
      })
  void aFilterThatMakesNoSenseIsAnErrorWhenTheTemplateIsSaved(String text, String message) {
    assertThatThrownBy(() -> render(text, "en", 1))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("template t, email.text, line 1, column 1: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{v | currency: EUR}} # must be a number, but is a text that is none (filter \"currency\")",
        "{{v | date}} # must be a date or a time in ISO 8601 form",
        "{{v | currency}} # needs a currency, as in currency: EUR",
        "{{v | plural: a, b}} # must be a number",
        "{{v | upper | number}} # must be a number"
      })
  void aValueThatDoesNotFitIsAnErrorThatDoesNotShowIt(String text, String message) {
    assertThatThrownBy(() -> render(text, "en", "secret-value"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("version 1, email.text, line 1, column 1: variable \"v\" " + message)
        .hasMessageNotContaining("secret-value");
  }

  @Test
  void aDateWithoutATimeHasNoTimeToShow() {
    assertThatThrownBy(() -> render("{{v | time}}", "en", LocalDate.of(2026, 3, 1)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("is a LocalDate, which lacks what the format shows");
  }

  @Test
  void aTimeThatNoCalendarHasIsAnError() {
    assertThatThrownBy(() -> render("{{v | date}}", "en", Instant.MAX))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("line 1, column 1: variable \"v\" is a Instant");
  }

  @Test
  void listsAndMapsCannotBeWrittenAsText() {
    assertThatThrownBy(() -> render("{{v}}", "en", List.of(1)))
        .hasMessageContaining("variable \"v\" is a list and cannot be written");
    assertThatThrownBy(() -> render("{{v | upper}}", "en", Map.of("a", 1)))
        .hasMessageContaining("is a map and cannot be written");
  }
}
