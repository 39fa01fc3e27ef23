package dev.notifier;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When to send a notification again and again: by a cron expression or at a fixed interval.
 *
 * <p>Immutable and thread-safe. Everything in it that needs no clock is checked when it is built:
 *
 * <pre>{@code
 * Schedule.cron("0 9 * * MON-FRI", ZoneId.of("Europe/Berlin"))
 *     .named("daily-digest")
 *     .onMisfire(MisfirePolicy.skip())
 *     .sending(digest)
 * }</pre>
 *
 * <p>A cron expression has 5 fields (minute, hour, day of month, month, day of week), or 6 with
 * seconds first; or it is one of {@code @yearly @monthly @weekly @daily @hourly}. It knows names,
 * lists, ranges, which may go round ({@code FRI-MON}), and steps; {@code L}, {@code L-3}, {@code
 * 15W} and {@code LW} as a day of month; {@code FRI#3} and {@code FRIL} as a day of week, which is
 * 0 to 7 with Sunday as both. If day of month and day of week are both given, either is enough, as
 * POSIX says.
 *
 * <p>A local time that a clock change skips runs once at the next instant that exists; one that is
 * repeated runs the first time only. Two local times that come to be the same instant are one run.
 */
public final class Schedule {
  private static final int MAX_NAME = 100;

  private final String name;
  private final @Nullable Cron cron;
  private final @Nullable Duration interval;
  private final @Nullable Instant start;
  private final @Nullable Instant end;
  private final long maxRuns; // 0: no limit
  private final MisfirePolicy misfirePolicy;
  private final Notification notification;

  private record Cron(String text, CronExpression expression, ZoneId zone) {}

  private Schedule(Builder builder, String name, Notification notification) {
    this.name = name;
    this.cron = builder.cron;
    this.interval = builder.interval;
    this.start = builder.start;
    this.end = builder.end;
    this.maxRuns = builder.maxRuns;
    this.misfirePolicy = builder.misfirePolicy;
    this.notification = notification;
  }

  /**
   * Starts a schedule by a cron expression, read in a time zone.
   *
   * @throws InvalidScheduleException if the expression cannot be read, or never fires, as on
   *     February 30
   */
  public static Builder cron(String expression, ZoneId zone) {
    Objects.requireNonNull(zone, "zone");
    return new Builder(new Cron(expression, CronExpression.parse(expression), zone), null);
  }

  /**
   * Starts a schedule by a cron expression, read in a time zone of this name.
   *
   * @throws InvalidScheduleException also if there is no such zone
   */
  public static Builder cron(String expression, String zone) {
    return cron(expression, zoneOf(zone));
  }

  private static ZoneId zoneOf(String zone) {
    try {
      return ZoneId.of(Objects.requireNonNull(zone, "zone"));
    } catch (DateTimeException e) {
      throw new InvalidScheduleException(
          "there is no time zone "
              + Quoted.of(zone)
              + ": give a name of the IANA database, such as Europe/Berlin, or UTC");
    }
  }

  /**
   * Starts a schedule that runs at a fixed interval: at its start, and then whenever so much time
   * has passed. Without a start, the first run comes one interval after its creation. Clock changes
   * do not matter to it: 24 hours are not always a day.
   *
   * @param interval whole milliseconds, from 1 second to 3650 days
   * @throws InvalidScheduleException if it is something else
   */
  public static Builder every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    if (interval.compareTo(Duration.ofSeconds(1)) < 0
        || interval.compareTo(Duration.ofDays(3650)) > 0
        || !interval.truncatedTo(ChronoUnit.MILLIS).equals(interval)) {
      throw new InvalidScheduleException(
          "an interval must be whole milliseconds, from 1 second to 3650 days, but was "
              + interval);
    }
    return new Builder(null, interval);
  }

  /** Tells whether a schedule can have this name. */
  public static boolean isName(String text) {
    return text.length() <= MAX_NAME && text.matches("[A-Za-z0-9._:-]+");
  }

  /** Returns its name, by which it is found. */
  public String name() {
    return name;
  }

  /** Returns its cron expression; empty if it runs at an interval. */
  public Optional<String> cron() {
    return Optional.ofNullable(cron).map(Cron::text);
  }

  /** Returns the time zone of its cron expression; empty if it runs at an interval. */
  public Optional<ZoneId> zone() {
    return Optional.ofNullable(cron).map(Cron::zone);
  }

  /** Returns its interval; empty if it runs by a cron expression. */
  public Optional<Duration> interval() {
    return Optional.ofNullable(interval);
  }

  /** Returns the instant before which it does not run, if there is one. */
  public Optional<Instant> start() {
    return Optional.ofNullable(start);
  }

  /** Returns the instant after which it does not run, if there is one. */
  public Optional<Instant> end() {
    return Optional.ofNullable(end);
  }

  /** Returns how often it runs at most, if that is limited. */
  public OptionalLong maxRuns() {
    return maxRuns == 0 ? OptionalLong.empty() : OptionalLong.of(maxRuns);
  }

  /** Returns what becomes of runs that were missed. */
  public MisfirePolicy misfirePolicy() {
    return misfirePolicy;
  }

  /** Returns what each run sends. */
  public Notification notification() {
    return notification;
  }

  /**
   * Returns the first time after {@code after} at which it runs, whatever the number of runs it had
   * already; empty if there is none up to its end or the year 9999. An interval without a start
   * counts from {@code after}.
   */
  public Optional<Instant> nextAfter(Instant after) {
    Instant last = end != null ? end : Builder.LATEST;
    if (!after.isBefore(last)) {
      return Optional.empty();
    }
    Instant earliest = start != null ? start : Builder.EARLIEST;
    Instant from = after.isBefore(earliest) ? earliest.minusNanos(1) : after;
    Optional<Instant> next = cron != null ? nextByCron(cron, from) : Optional.of(nextTick(from));
    return next.filter(time -> !time.isAfter(last));
  }

  private static Optional<Instant> nextByCron(Cron cron, Instant after) {
    Optional<LocalDateTime> local =
        cron.expression().atOrAfter(LocalTimes.unrepeated(after, cron.zone()));
    while (local.isPresent()) {
      Instant time = LocalTimes.first(local.get(), cron.zone());
      if (time.isAfter(after)) {
        return Optional.of(time);
      }
      local = cron.expression().atOrAfter(local.get().plusSeconds(1)); // skipped, and ran already
    }
    return Optional.empty();
  }

  private Instant nextTick(Instant after) {
    Duration step = Objects.requireNonNull(interval);
    Instant first = start == null ? after : start;
    long passed = Math.floorDiv(after.toEpochMilli() - first.toEpochMilli(), step.toMillis());
    return first.plus(step.multipliedBy(passed + 1));
  }

  /** Returns this schedule as {@link Builder#startingAt} makes it. */
  public Schedule startingAt(Instant start) {
    return new Builder(this).startingAt(start).sending(notification);
  }

  /** Returns the name and when it runs, never what it says. */
  @Override
  public String toString() {
    String rhythm = cron == null ? "every " + interval : cron.text() + " in " + cron.zone();
    return "Schedule[" + name + ", " + rhythm + ", to=" + notification.recipient() + "]";
  }

  /**
   * Collects the parts of a schedule and refuses each bad one at the call that brings it.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final @Nullable Cron cron;
    private final @Nullable Duration interval;
    private @Nullable String name;
    private @Nullable Instant start;
    private @Nullable Instant end;
    private long maxRuns;
    private MisfirePolicy misfirePolicy = MisfirePolicy.runOnce();

    private Builder(@Nullable Cron cron, @Nullable Duration interval) {
      this.cron = cron;
      this.interval = interval;
    }

    private Builder(Schedule schedule) {
      this(schedule.cron, schedule.interval);
      this.name = schedule.name;
      this.end = schedule.end;
      this.maxRuns = schedule.maxRuns;
      this.misfirePolicy = schedule.misfirePolicy;
    }

    /**
     * Sets its name, by which it is found. Defaults to one that is made up.
     *
     * @param name 1 to 100 of the ASCII letters and digits and {@code . _ : -}; case matters
     * @throws InvalidScheduleException if it is something else
     */
    public Builder named(String name) {
      Objects.requireNonNull(name, "name");
      if (!isName(name)) {
        throw new InvalidScheduleException(
            "schedule name must be 1 to "
                + MAX_NAME
                + " ASCII letters, digits and . _ : - but was "
                + Quoted.of(name));
      }
      this.name = name;
      return this;
    }

    /**
     * Sets the instant before which it does not run; an interval counts from it. One that has
     * passed is allowed: nothing runs before a schedule is created. Defaults to its creation.
     *
     * @throws InvalidScheduleException if it is not within the years 1970 to 9999 or after the end
     */
    public Builder startingAt(Instant start) {
      this.start = checkTime("start", start);
      checkOrder();
      return this;
    }

    /**
     * Sets the instant after which it does not run. None by default.
     *
     * @throws InvalidScheduleException if it is not within the years 1970 to 9999 or before the
     *     start
     */
    public Builder endingAt(Instant end) {
      this.end = checkTime("end", end);
      checkOrder();
      return this;
    }

    private static Instant checkTime(String what, Instant time) {
      Objects.requireNonNull(time, what);
      if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
        throw new InvalidScheduleException(
            what + " must be within the years 1970 to 9999, but was " + time);
      }
      return time.truncatedTo(ChronoUnit.MILLIS); // as exact as stores are
    }

    private void checkOrder() {
      if (start != null && end != null && end.isBefore(start)) {
        throw new InvalidScheduleException(
            "end must not be before start, but start was " + start + " and end " + end);
      }
    }

    /**
     * Sets how often it runs at most. Not limited by default. A run whose notification was refused
     * counts.
     *
     * @throws InvalidScheduleException if it is below 1
     */
    public Builder atMost(long runs) {
      if (runs < 1) {
        throw new InvalidScheduleException("atMost must be 1 or more, but was " + runs);
      }
      this.maxRuns = runs;
      return this;
    }

    /** Sets what becomes of runs that were missed. Defaults to RUN_ONCE. */
    public Builder onMisfire(MisfirePolicy policy) {
      this.misfirePolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Builds the schedule.
     *
     * @param notification what each run sends
     * @throws InvalidScheduleException if the notification has an idempotency key, which would make
     *     the second run a repeat of the first, or a time of its own
     */
    public Schedule sending(Notification notification) {
      Objects.requireNonNull(notification, "notification");
      String chosen = name != null ? name : "schedule-" + UUID.randomUUID();
      checkSuits("idempotencyKey", notification.idempotencyKey(), chosen);
      checkSuits("sendAt", notification.sendAt(), chosen);
      return new Schedule(this, chosen, notification);
    }

    private static void checkSuits(String call, Optional<?> value, String name) {
      if (value.isPresent()) {
        throw new InvalidScheduleException(
            "schedule "
                + Quoted.of(name)
                + " cannot send a notification with "
                + call
                + "(...): each run has a time and an identity of its own");
      }
    }
  }
}
