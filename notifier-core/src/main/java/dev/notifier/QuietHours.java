package dev.notifier;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * The hours of each day at which a recipient wants to be left alone. They may span midnight.
 *
 * <p>They begin the first time that it is {@code from}, and end the last time that it is {@code
 * to}, should a clock change repeat one; if it skips one, with the change.
 *
 * @param zone where the recipient's clock stands
 * @param from when they begin
 * @param to when they end; the first moment that is not quiet any more
 */
public record QuietHours(ZoneId zone, LocalTime from, LocalTime to) {
  /**
   * Creates the hours.
   *
   * @throws InvalidNotificationException if they begin when they end
   */
  public QuietHours {
    Objects.requireNonNull(zone, "zone");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    if (from.equals(to)) {
      throw new InvalidNotificationException(
          "quiet hours must not begin when they end, but do so at " + from);
    }
  }

  /** Returns when they end, if it is quiet at {@code now}. */
  public Optional<Instant> endIfQuiet(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, zone);
    return endIfWithin(today, now).or(() -> endIfWithin(today.minusDays(1), now));
  }

  private Optional<Instant> endIfWithin(LocalDate firstDay, Instant now) {
    LocalDate lastDay = from.isBefore(to) ? firstDay : firstDay.plusDays(1);
    Instant end = LocalTimes.last(lastDay.atTime(to), zone);
    boolean quiet =
        !now.isBefore(LocalTimes.first(firstDay.atTime(from), zone)) && now.isBefore(end);
    return quiet ? Optional.of(end) : Optional.empty();
  }
}
