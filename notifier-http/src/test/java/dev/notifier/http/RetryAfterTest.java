package dev.notifier.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

  @ParameterizedTest
  @CsvSource({
    "120, 120",
    "0, 0",
    "' 5 ', 5",
    "120.0, 120",
    "120.1, 121",
    "120.6, 121",
    "3., 3",
    "+7, 7",
    "-1, 0",
    "-0.5, 0",
    "31536001, 31536000",
    "99999999999999999999999999, 31536000"
  })
  void secondsAreRoundedUpAndKeptWithinAYear(String value, long seconds) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Tue, 06 Nov 1994 08:49:37 GMT"
      })
  void everyFormOfAnHttpDateIsUnderstood(String value) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(37));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun Nov 16 08:49:37 1994 | 864037",
        "Sunday, 06-Nov-95 08:49:00 GMT | 31536000",
        "Wed, 21 Oct 1992 07:28:00 GMT | 0",
        "Friday, 06-Nov-70 08:49:37 GMT | 0",
        "Wed, 21 Oct 2099 07:28:00 GMT | 31536000"
      })
  void aDateIsCountedFromNowAndThePastIsZero(String value, long seconds) {
    assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void aTwoDigitYearMeansTheNearestCentury() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(RetryAfter.parse("Thursday, 01-Jan-26 00:00:09 GMT", now))
        .contains(Duration.ofSeconds(9));
    assertThat(RetryAfter.parse("Friday, 01-Jan-99 00:00:09 GMT", now)).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "invalid",
        "1e5",
        "1,5",
        "12 s",
        "NaN",
        "0x10",
        "Sun, 31 Feb 1994 08:49:61 GMT",
        "2030-01-01T00:00:00Z",
        "11111111111111111111111111111111111111111111111111111111111111111"
      })
  void garbageIsNoWait(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isEmpty();
  }
}
