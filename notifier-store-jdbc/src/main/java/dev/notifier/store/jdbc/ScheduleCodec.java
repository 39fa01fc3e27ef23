package dev.notifier.store.jdbc;

import dev.notifier.InvalidScheduleException;
import dev.notifier.MisfirePolicy;
import dev.notifier.Notification;
import dev.notifier.Schedule;
import dev.notifier.StoreException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Writes when a schedule runs and what it sends as bytes: one that tells the format, then tagged
 * fields, which grow as those of {@link NotificationCodec} do. Thread-safe.
 */
final class ScheduleCodec {
  /** Unlike the format of any other column. */
  static final byte FORMAT = 0x41;

  private static final int CRON = 1;
  private static final int ZONE = 2;
  private static final int INTERVAL_MILLIS = 3;
  private static final int START = 4;
  private static final int END = 5;
  private static final int MAX_RUNS = 6;
  private static final int MISFIRE = 7;
  private static final int MISFIRE_LIMIT = 8;
  private static final int ENVELOPE = 9;
  private static final int CONTENT = 10;

  private ScheduleCodec() {}

  /**
   * Returns everything but the name.
   *
   * @throws dev.notifier.InvalidNotificationException if what it sends is too large
   */
  static byte[] encode(Schedule schedule) {
    byte[] envelope = NotificationCodec.envelope(schedule.notification());
    byte[] content = NotificationCodec.content(schedule.notification());
    Packing.checkSizes(envelope, content);
    WireWriter out = new WireWriter();
    out.start(FORMAT);
    schedule.cron().ifPresent(cron -> out.text(CRON, cron));
    schedule.zone().ifPresent(zone -> out.text(ZONE, zone.getId()));
    schedule.interval().ifPresent(step -> out.varint(INTERVAL_MILLIS, step.toMillis()));
    schedule.start().ifPresent(time -> out.varint(START, time.toEpochMilli()));
    schedule.end().ifPresent(time -> out.varint(END, time.toEpochMilli()));
    schedule.maxRuns().ifPresent(runs -> out.varint(MAX_RUNS, runs));
    out.varint(MISFIRE, Codes.of(schedule.misfirePolicy().kind()));
    out.varint(MISFIRE_LIMIT, schedule.misfirePolicy().limit());
    out.bytes(ENVELOPE, envelope);
    out.bytes(CONTENT, content);
    return out.toBytes();
  }

  /**
   * Returns the schedule of that name.
   *
   * @throws StoreException if the bytes are of an unknown format, or damaged
   */
  static Schedule decode(String name, byte[] bytes) {
    checkFormat(name, bytes);
    try {
      return read(new WireReader(bytes)).toSchedule(name);
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | InvalidScheduleException e) {
      throw new StoreException(
          "schedule "
              + name
              + " is damaged: delete it and create it anew, or restore the row from a backup",
          e instanceof WireReader.MalformedBytes ? e : null);
    }
  }

  private static void checkFormat(String name, byte[] bytes) {
    if (PayloadCipher.isSealed(bytes)) {
      throw new StoreException(
          "schedule " + name + " is encrypted: set notifier.store.jdbc.encryption.keys", null);
    }
    if (bytes.length == 0 || bytes[0] != FORMAT) {
      throw new StoreException(
          "schedule "
              + name
              + " is of no format that this version of notifier-store-jdbc reads: a newer version"
              + " wrote it, upgrade this node; or the row is damaged",
          null);
    }
  }

  private static Parts read(WireReader in) {
    Parts parts = new Parts();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case CRON -> parts.cron = in.text();
        case ZONE -> parts.zone = ZoneId.of(in.text());
        case INTERVAL_MILLIS -> parts.interval = Duration.ofMillis(in.varint());
        case START -> parts.start = Instant.ofEpochMilli(in.varint());
        case END -> parts.end = Instant.ofEpochMilli(in.varint());
        case MAX_RUNS -> parts.maxRuns = in.varint();
        case MISFIRE -> parts.misfire = Codes.misfirePolicy(in.smallVarint());
        case MISFIRE_LIMIT -> parts.misfireLimit = in.smallVarint();
        case ENVELOPE -> parts.envelope = in.bytes();
        case CONTENT -> parts.content = in.bytes();
        default -> in.skip();
      }
    }
    return parts;
  }

  private static final class Parts {
    private @Nullable String cron;
    private @Nullable ZoneId zone;
    private @Nullable Duration interval;
    private @Nullable Instant start;
    private @Nullable Instant end;
    private long maxRuns;
    private MisfirePolicy.Kind misfire = MisfirePolicy.Kind.RUN_ONCE;
    private int misfireLimit = 1;
    private byte @Nullable [] envelope;
    private byte @Nullable [] content;

    Schedule toSchedule(String name) {
      Schedule.Builder builder = rhythm().named(name);
      if (start != null) {
        builder.startingAt(start);
      }
      if (end != null) {
        builder.endingAt(end);
      }
      if (maxRuns != 0) {
        builder.atMost(maxRuns);
      }
      return builder.onMisfire(new MisfirePolicy(misfire, misfireLimit)).sending(notification());
    }

    private Schedule.Builder rhythm() {
      if (cron != null && zone != null) {
        return Schedule.cron(cron, zone);
      }
      if (interval != null) {
        return Schedule.every(interval);
      }
      throw new WireReader.MalformedBytes("there is neither a cron expression nor an interval");
    }

    private Notification notification() {
      if (envelope == null || content == null) {
        throw new WireReader.MalformedBytes("there is nothing to send");
      }
      return NotificationCodec.decode(envelope, content);
    }
  }
}
