package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # Over midnight
          Europe/Berlin, 22:00, 07:00, 2025-01-10T21:59:59.999+01:00,
          Europe/Berlin, 22:00, 07:00, 2025-01-10T22:00+01:00, 2025-01-11T07:00+01:00
          Europe/Berlin, 22:00, 07:00, 2025-01-11T00:00+01:00, 2025-01-11T07:00+01:00
          Europe/Berlin, 22:00, 07:00, 2025-01-11T06:59:59.999+01:00, 2025-01-11T07:00+01:00
          Europe/Berlin, 22:00, 07:00, 2025-01-11T07:00+01:00,
          # Within a day
          Europe/Berlin, 12:00, 14:00, 2025-01-11T11:59+01:00,
          Europe/Berlin, 12:00, 14:00, 2025-01-11T12:00+01:00, 2025-01-11T14:00+01:00
          Europe/Berlin, 12:00, 14:00, 2025-01-11T14:00+01:00,
          # Until midnight, and from it
          Europe/Berlin, 20:00, 00:00, 2025-01-11T23:59+01:00, 2025-01-12T00:00+01:00
          Europe/Berlin, 20:00, 00:00, 2025-01-12T00:00+01:00,
          Europe/Berlin, 00:00, 06:00, 2025-01-12T00:00+01:00, 2025-01-12T06:00+01:00
          # The zone is the recipient's
          Asia/Tokyo,    22:00, 07:00, 2025-01-10T14:00+01:00, 2025-01-11T07:00+09:00
          Asia/Tokyo,    22:00, 07:00, 2025-01-10T13:59+01:00,
          # A night of 8 hours, and one of 10
          Europe/Berlin, 22:00, 07:00, 2025-03-29T23:00+01:00, 2025-03-30T07:00+02:00
          Europe/Berlin, 22:00, 07:00, 2025-10-25T23:00+02:00, 2025-10-26T07:00+01:00
          # They begin, or end, in a gap: with the change
          Europe/Berlin, 02:30, 06:00, 2025-03-30T01:59+01:00,
          Europe/Berlin, 02:30, 06:00, 2025-03-30T03:00+02:00, 2025-03-30T06:00+02:00
          Europe/Berlin, 22:00, 02:30, 2025-03-30T01:59+01:00, 2025-03-30T03:00+02:00
          Europe/Berlin, 22:00, 02:30, 2025-03-30T03:00+02:00,
          # Both in the gap: there is nothing left of them
          Europe/Berlin, 02:10, 02:50, 2025-03-30T03:00+02:00,
          # They end at a time that comes twice: the second time
          Europe/Berlin, 22:00, 02:30, 2025-10-26T02:29+02:00, 2025-10-26T02:30+01:00
          Europe/Berlin, 22:00, 02:30, 2025-10-26T02:45+02:00, 2025-10-26T02:30+01:00
          Europe/Berlin, 22:00, 02:30, 2025-10-26T02:30+01:00,
          # They begin at a time that comes twice: the first time
          Europe/Berlin, 02:30, 06:00, 2025-10-26T02:30+02:00, 2025-10-26T06:00+01:00
          Europe/Berlin, 02:30, 06:00, 2025-10-26T02:15+01:00, 2025-10-26T06:00+01:00
          # A night that begins on a day that never was
          Pacific/Apia,  22:00, 07:00, 2011-12-31T06:00+14:00, 2011-12-31T07:00+14:00
          """)
  void quietUntil(ZoneId zone, LocalTime from, LocalTime to, ZonedDateTime now, ZonedDateTime end) {
    assertThat(new QuietHours(zone, from, to).endIfQuiet(now.toInstant()))
        .isEqualTo(Optional.ofNullable(end).map(ZonedDateTime::toInstant));
  }

  @Test
  void hoursThatNeverEndAreRefused() {
    assertThatThrownBy(
            () ->
                Recipient.named("ada").quietHours(ZoneId.of("UTC"), LocalTime.NOON, LocalTime.NOON))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("12:00");
  }

  @Test
  void aRecipientKeepsItsHours() {
    Recipient ada =
        Recipient.named("ada")
            .quietHours(ZoneId.of("UTC"), LocalTime.of(22, 0), LocalTime.of(7, 0))
            .email("ada@example.com");
    assertThat(ada.quietHours().orElseThrow().from()).isEqualTo(LocalTime.of(22, 0));
    assertThat(ada).isNotEqualTo(Recipient.named("ada").email("ada@example.com"));
    assertThat(Recipient.named("ada").quietHours()).isEmpty();
  }
}
