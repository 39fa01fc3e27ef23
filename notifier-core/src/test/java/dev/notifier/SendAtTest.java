package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendAtTest {
  private static Notification.Builder hello() {
    return Notification.to("pager:1").text("hello");
  }

  @Test
  void atOnceIsTheDefault() {
    assertThat(hello().build().sendAt()).isEmpty();
  }

  @Test
  void anInstantIsCutToMilliseconds() {
    Instant time = Instant.parse("2030-01-01T00:00:00.123456789Z");
    assertThat(hello().sendAt(time).build().sendAt())
        .contains(Instant.parse("2030-01-01T00:00:00.123Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "2030-06-01T09:00, Europe/Berlin,     2030-06-01T09:00+02:00",
    "2025-03-30T02:30, Europe/Berlin,     2025-03-30T03:00+02:00", // does not exist
    "2025-03-30T02:00, Europe/Berlin,     2025-03-30T03:00+02:00",
    "2025-10-26T02:30, Europe/Berlin,     2025-10-26T02:30+02:00", // comes twice
    "2025-10-26T03:00, Europe/Berlin,     2025-10-26T03:00+01:00",
    "2018-11-04T00:15, America/Sao_Paulo, 2018-11-04T01:00-02:00", // a gap at midnight
    "2011-12-30T12:00, Pacific/Apia,      2011-12-31T00:00+14:00", // a day that never was
  })
  void aLocalTimeIsThatOfItsZone(LocalDateTime local, ZoneId zone, ZonedDateTime expected) {
    assertThat(hello().sendAt(local, zone).build().sendAt()).contains(expected.toInstant());
  }

  @ParameterizedTest
  @CsvSource({"1969-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"})
  void aTimeBeyondTheCalendarIsRefused(Instant time) {
    assertThatThrownBy(() -> hello().sendAt(time))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("sendAt must be within the years 1970 to 9999, but was " + time);
  }

  @Test
  void theEndsOfTimeAreRefusedToo() {
    assertThatThrownBy(() -> hello().sendAt(LocalDateTime.MAX, ZoneId.of("Europe/Berlin")))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> hello().sendAt(LocalDateTime.MIN, ZoneId.of("Europe/Berlin")))
        .isInstanceOf(InvalidNotificationException.class);
  }
}
