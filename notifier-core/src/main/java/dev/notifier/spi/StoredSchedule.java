package dev.notifier.spi;

import dev.notifier.NotificationId;
import dev.notifier.ScheduleReport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A schedule as a store keeps it. Immutable; each change makes a new one with the next version.
 *
 * @param version 1 more with each change. It starts with the time of creation, so that what is
 *     created anew under an old name is no version of what was deleted
 * @param report the schedule and where it stands
 */
public record StoredSchedule(long version, ScheduleReport report) {
  private static final Duration LATE = Duration.ofSeconds(1);

  /** Creates the schedule. */
  public StoredSchedule {
    Objects.requireNonNull(report, "report");
  }

  /** Returns the first version of a schedule that is created now. */
  public static StoredSchedule created(ScheduleReport report, Instant now) {
    return new StoredSchedule(now.toEpochMilli(), report);
  }

  /** Returns the name of the schedule. */
  public String name() {
    return report.schedule().name();
  }

  /** Returns what follows this version. */
  public StoredSchedule changed(ScheduleReport next) {
    return new StoredSchedule(version + 1, next);
  }

  /**
   * Returns the id of the notification that a run sends. It depends on nothing but the name of the
   * schedule and the time of the run, so that two notifiers that make the same run make the same
   * id. It is a version 7 UUID like those of other notifications, with the time of the run first.
   */
  public static NotificationId runId(String name, Instant time) {
    byte[] hash = sha256(name + "@" + time.toEpochMilli());
    long high = time.toEpochMilli() << 16 | 0x7000 | (bits(hash, 0) & 0xFFF);
    long low = bits(hash, 8) >>> 2 | 0x8000_0000_0000_0000L;
    return new NotificationId(new UUID(high, low));
  }

  /**
   * Returns the id of the notification that a run sends, as {@link #runId(String, Instant)} does,
   * unless it is made late: then its first bits are the time at which it is made. Ids tell when a
   * notification was accepted, to a second or so, and a search by that time relies on it.
   *
   * @param madeAt when the run is made
   */
  public static NotificationId runId(String name, Instant time, Instant madeAt) {
    NotificationId onTime = runId(name, time);
    if (!time.isBefore(madeAt.minus(LATE))) {
      return onTime;
    }
    long low16 = onTime.value().getMostSignificantBits() & 0xFFFF;
    long high = madeAt.toEpochMilli() << 16 | low16;
    return new NotificationId(new UUID(high, onTime.value().getLeastSignificantBits()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has it
    }
  }

  private static long bits(byte[] bytes, int from) {
    long bits = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      bits = bits << 8 | (bytes[i] & 0xFF);
    }
    return bits;
  }
}
