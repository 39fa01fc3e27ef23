package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.InvalidScheduleException;
import dev.notifier.MisfirePolicy;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.OverflowPolicy;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.LastRun;
import dev.notifier.ScheduleReport.State;
import dev.notifier.Schedules;
import dev.notifier.UnknownChannelException;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules, as an application uses them. The clock starts at noon, UTC, of 2025-01-01. */
@ExtendWith(QuietLog.class)
class ScheduledRunsTest {
  private static final Instant NOON = StandingClock.START;

  private final Stage stage = Stage.open();
  private final Schedules schedules = stage.notifier.schedules();

  private static Notification digest() {
    return Stage.byEmail("digest").build();
  }

  private static Schedule.Builder hourly(String name) {
    return Schedule.cron("0 * * * *", "UTC").named(name);
  }

  private static Instant hour(int hours) {
    return NOON.plus(Duration.ofHours(hours));
  }

  private ScheduleReport report(String name) {
    return schedules.find(name).orElseThrow();
  }

  // --- Running ----------------------------------------------------------------------------------

  @Test
  void eachRunIsANotificationOfItsOwn() {
    ScheduleReport created = schedules.create(hourly("digest").sending(digest()));
    assertThat(created.nextRun()).contains(hour(1));

    stage.runUntil(Duration.ofHours(3));

    assertThat(stage.email.times())
        .containsExactly(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
    assertThat(stage.email.calls().stream().map(call -> call.attempt().delivery()))
        .doesNotHaveDuplicates();
    assertThat(report("digest").runs()).isEqualTo(3);
    assertThat(report("digest").nextRun()).contains(hour(4));
  }

  @Test
  void theLastRunTellsItsNotification() {
    schedules.create(hourly("digest").sending(digest()));
    assertThat(report("digest").lastRun()).isEmpty();

    stage.runUntil(Duration.ofHours(2));

    LastRun last = report("digest").lastRun().orElseThrow();
    assertThat(last.time()).isEqualTo(hour(2));
    assertThat(last.problem()).isEmpty();
    NotificationId id = last.notification().orElseThrow();
    assertThat(stage.notifier.find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(id.value().version()).isEqualTo(7);
  }

  @Test
  void anIntervalRunsFirstAfterOneInterval() {
    schedules.create(Schedule.every(Duration.ofMinutes(90)).sending(digest()));
    stage.runUntil(Duration.ofHours(4));
    assertThat(stage.email.times()).containsExactly(Duration.ofMinutes(90), Duration.ofHours(3));
  }

  @Test
  void aLateRunDoesNotMoveTheOnesAfterIt() {
    schedules.create(Schedule.every(Duration.ofMinutes(10)).named("tick").sending(digest()));
    stage.advance(Duration.ofMinutes(14));
    assertThat(report("tick").nextRun()).contains(NOON.plus(Duration.ofMinutes(20)));
    assertThat(report("tick").lastRun().orElseThrow().time())
        .isEqualTo(NOON.plus(Duration.ofMinutes(10)));
  }

  @Test
  void itEndsWithItsLastRun() {
    schedules.create(hourly("twice").atMost(2).sending(digest()));
    stage.runToTheEnd();
    assertThat(stage.email.calls()).hasSize(2);
    assertThat(report("twice").state()).isEqualTo(State.ENDED);
    assertThat(report("twice").nextRun()).isEmpty();
  }

  @Test
  void itEndsAtItsEnd() {
    schedules.create(hourly("today").startingAt(hour(2)).endingAt(hour(4)).sending(digest()));
    stage.runToTheEnd();
    assertThat(stage.email.times())
        .containsExactly(Duration.ofHours(2), Duration.ofHours(3), Duration.ofHours(4));
    assertThat(report("today").state()).isEqualTo(State.ENDED);
  }

  @Test
  void afterDowntimeItRunsOnce() {
    schedules.create(hourly("digest").sending(digest()));
    stage.advance(Duration.ofMinutes(330));
    assertThat(stage.email.calls()).hasSize(1);
    assertThat(report("digest").lastRun().orElseThrow().time()).isEqualTo(hour(5));
    assertThat(report("digest").nextRun()).contains(hour(6));
  }

  @Test
  void afterDowntimeItSkips() {
    schedules.create(hourly("digest").onMisfire(MisfirePolicy.skip()).sending(digest()));
    stage.advance(Duration.ofMinutes(330));
    assertThat(stage.email.calls()).isEmpty();
    assertThat(report("digest").runs()).isZero();
    assertThat(report("digest").nextRun()).contains(hour(6));
  }

  @Test
  void afterDowntimeItMakesUpForAsManyAsItIsTold() {
    schedules.create(hourly("digest").onMisfire(MisfirePolicy.runAll(3)).sending(digest()));
    stage.advance(Duration.ofMinutes(330));
    assertThat(stage.email.calls()).hasSize(3);
    assertThat(report("digest").runs()).isEqualTo(3);
    assertThat(report("digest").lastRun().orElseThrow().time()).isEqualTo(hour(5));
    assertThat(report("digest").nextRun()).contains(hour(6));
  }

  @Test
  void aRunWaitsForRoomInItsLane() {
    Stage narrow = Stage.withEmail(policy -> policy.capacity(1).overflow(OverflowPolicy.reject()));
    Schedules own = narrow.notifier.schedules();
    own.create(hourly("digest").sending(digest()));
    narrow.email.then(Stage.BUSY); // its retry after 10 s keeps the lane full
    narrow.clock.advance(Duration.ofMinutes(59).plusSeconds(58));
    narrow.send(Stage.byEmail("before"));
    narrow.run();
    narrow.runUntil(Duration.ofHours(2).minusSeconds(1));

    assertThat(narrow.email.texts()).containsExactly("before", "before", "digest");
    assertThat(own.find("digest").orElseThrow().lastRun().orElseThrow().time()).isEqualTo(hour(1));
  }

  @Test
  void aRefusedRunIsToldAndTheNextOneIsMade() {
    AtomicBoolean refuses = new AtomicBoolean();
    Stage picky =
        Stage.open(
            builder ->
                builder.channel(
                    "picky",
                    new PickyChannel(
                        () -> {
                          if (refuses.get()) {
                            throw new InvalidNotificationException("too long for picky");
                          }
                        })));
    Schedules own = picky.notifier.schedules();
    own.create(hourly("digest").sending(Notification.to("picky:1").text("hello").build()));
    refuses.set(true);
    picky.advance(Duration.ofHours(1));
    LastRun refused = own.find("digest").orElseThrow().lastRun().orElseThrow();
    assertThat(refused.notification()).isEmpty();
    assertThat(refused.problem()).contains("too long for picky");
    assertThat(refused.time()).isEqualTo(hour(1));

    refuses.set(false);
    picky.advance(Duration.ofHours(1));
    ScheduleReport after = own.find("digest").orElseThrow();
    assertThat(after.lastRun().orElseThrow().notification()).isPresent();
    assertThat(after.runs()).isEqualTo(2);
  }

  @Test
  void whatAForeignCheckSaysIsKeptToItself() {
    AtomicBoolean breaks = new AtomicBoolean();
    Stage picky =
        Stage.open(
            builder ->
                builder.channel(
                    "picky",
                    new PickyChannel(
                        () -> {
                          if (breaks.get()) {
                            throw new IllegalStateException("secret");
                          }
                        })));
    Schedules own = picky.notifier.schedules();
    own.create(hourly("a").sending(Notification.to("picky:1").text("hello").build()));
    own.create(hourly("b").sending(digest()));
    breaks.set(true);
    picky.advance(Duration.ofHours(1));
    assertThat(own.find("a").orElseThrow().lastRun().orElseThrow().problem())
        .contains("a check failed with java.lang.IllegalStateException");
    assertThat(picky.email.calls()).hasSize(1); // the other schedule is innocent
  }

  /** Refuses when it is told to. */
  private record PickyChannel(Runnable rule) implements Channel {
    @Override
    public void check(DeliveryAttempt attempt) {
      rule.run();
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) {
      return DeliveryResult.accepted();
    }
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Test
  void whatIsDueInAPauseIsNeverMadeUpFor() {
    schedules.create(hourly("digest").onMisfire(MisfirePolicy.runAll(9)).sending(digest()));
    assertThat(schedules.pause("digest").state()).isEqualTo(State.PAUSED);
    assertThat(schedules.nextRuns("digest", 3)).isEmpty();
    stage.advance(Duration.ofMinutes(150));
    assertThat(stage.email.calls()).isEmpty();

    assertThat(schedules.resume("digest").nextRun()).contains(hour(3));
    stage.runUntil(Duration.ofHours(3));
    assertThat(stage.email.times()).containsExactly(Duration.ofHours(3));
  }

  @Test
  void pausingAndResumingTwiceChangesNothing() {
    schedules.create(hourly("digest").sending(digest()));
    assertThat(schedules.resume("digest").state()).isEqualTo(State.ACTIVE);
    schedules.pause("digest");
    assertThat(schedules.pause("digest").state()).isEqualTo(State.PAUSED);
  }

  @Test
  void whatHasEndedStaysEnded() {
    schedules.create(hourly("once").atMost(1).sending(digest()));
    stage.advance(Duration.ofHours(1));
    assertThat(schedules.pause("once").state()).isEqualTo(State.ENDED);
    assertThat(schedules.resume("once").state()).isEqualTo(State.ENDED);
  }

  @Test
  void aPauseBeyondTheEndEndsIt() {
    schedules.create(hourly("digest").endingAt(hour(2)).sending(digest()));
    schedules.pause("digest");
    stage.advance(Duration.ofHours(3));
    assertThat(schedules.resume("digest").state()).isEqualTo(State.ENDED);
  }

  @Test
  void reschedulingKeepsWhatItHasDone() {
    schedules.create(hourly("digest").sending(digest()));
    stage.advance(Duration.ofHours(1));
    ScheduleReport after =
        schedules.reschedule(
            Schedule.every(Duration.ofMinutes(10)).named("digest").atMost(3).sending(digest()));
    assertThat(after.nextRun()).contains(hour(1).plus(Duration.ofMinutes(10)));
    assertThat(after.runs()).isEqualTo(1);
    stage.runToTheEnd();
    assertThat(stage.email.calls()).hasSize(3);
  }

  @Test
  void reschedulingWhatIsPausedLeavesItPaused() {
    schedules.create(hourly("digest").sending(digest()));
    schedules.pause("digest");
    assertThat(schedules.reschedule(hourly("digest").sending(digest())).state())
        .isEqualTo(State.PAUSED);
  }

  @Test
  void whatHasEndedGoesOnWhenItIsRescheduled() {
    schedules.create(hourly("digest").atMost(1).sending(digest()));
    stage.advance(Duration.ofHours(1));
    assertThatThrownBy(() -> schedules.reschedule(hourly("digest").atMost(1).sending(digest())))
        .hasMessageContaining("\"digest\" would never run")
        .hasMessageContaining("1 runs");
    assertThat(schedules.reschedule(hourly("digest").atMost(2).sending(digest())).state())
        .isEqualTo(State.ACTIVE);
  }

  @Test
  void whatIsDeletedRunsNoMore() {
    schedules.create(hourly("digest").sending(digest()));
    assertThat(schedules.delete("digest")).isTrue();
    assertThat(schedules.delete("digest")).isFalse();
    stage.runToTheEnd();
    assertThat(stage.email.calls()).isEmpty();
    assertThat(schedules.find("digest")).isEmpty();
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Test
  void pagesComeByName() {
    IntStream.range(0, 25)
        .mapToObj(i -> String.format("%s%02d", i % 2 == 0 ? "a" : "B", i))
        .forEach(name -> schedules.create(hourly(name).sending(digest())));
    List<String> names = names(schedules.list(10));
    assertThat(names).hasSize(10).isSorted();
    List<String> next = names(schedules.list(names.get(9), 10));
    List<String> last = names(schedules.list(next.get(9), 10));
    assertThat(next).hasSize(10).isSorted().doesNotContainAnyElementsOf(names);
    assertThat(last).hasSize(5).isSorted();
    assertThat(schedules.list("zzz", 10)).isEmpty();
  }

  private static List<String> names(List<ScheduleReport> reports) {
    return reports.stream().map(report -> report.schedule().name()).toList();
  }

  @Test
  void nextRunsStopWithTheLastOne() {
    schedules.create(hourly("digest").atMost(3).sending(digest()));
    assertThat(schedules.nextRuns("digest", 2)).containsExactly(hour(1), hour(2));
    assertThat(schedules.nextRuns("digest", 9)).containsExactly(hour(1), hour(2), hour(3));
  }

  // --- Bad input --------------------------------------------------------------------------------

  @Test
  void aNameIsTakenOnce() {
    schedules.create(hourly("digest").sending(digest()));
    assertThatThrownBy(() -> schedules.create(hourly("digest").sending(digest())))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("\"digest\" already");
    Schedule other = Schedule.cron("@daily", "UTC").named("digest").sending(digest());
    assertThat(schedules.createIfAbsent(other).schedule().cron()).contains("0 * * * *");
    assertThat(schedules.createIfAbsent(hourly("other").sending(digest())).schedule().name())
        .isEqualTo("other");
  }

  @Test
  void anEndInThePastIsRefused() {
    assertThatThrownBy(
            () -> schedules.create(hourly("digest").endingAt(hour(-1)).sending(digest())))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("schedule \"digest\" would never run: it is 2025-01-01T12:00:00Z")
        .hasMessageContaining("2025-01-01T11:00:00Z");
    assertThatThrownBy(
            () ->
                schedules.create(
                    Schedule.every(Duration.ofHours(2))
                        .named("slow")
                        .endingAt(hour(1))
                        .sending(digest())))
        .hasMessageContaining("schedule \"slow\" would never run");
    assertThat(schedules.list(10)).isEmpty();
  }

  @Test
  void aStartInThePastIsAPhase() {
    schedules.create(
        Schedule.every(Duration.ofHours(1))
            .named("phase")
            .startingAt(NOON.minus(Duration.ofMinutes(90)))
            .sending(digest()));
    assertThat(report("phase").nextRun()).contains(NOON.plus(Duration.ofMinutes(30)));
  }

  @Test
  void whatCouldNotBeSentCannotBeScheduled() {
    Notification unknown = Notification.to("fax:1").text("hello").build();
    assertThatThrownBy(() -> schedules.create(hourly("fax").sending(unknown)))
        .isInstanceOf(UnknownChannelException.class);
    assertThat(schedules.find("fax")).isEmpty();
    assertThat(stage.notifier.nextDue()).isEmpty();
  }

  @Test
  void aNameThatIsNotThereIsTold() {
    for (Runnable call :
        List.<Runnable>of(
            () -> schedules.pause("x"),
            () -> schedules.resume("x"),
            () -> schedules.nextRuns("x", 1),
            () -> schedules.reschedule(hourly("x").sending(digest())))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(InvalidScheduleException.class)
          .hasMessage("there is no schedule \"x\": list(...) shows those there are");
    }
    assertThat(schedules.find("x")).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000", "ä", "a b", "'; DROP TABLE schedules; --"})
  void whatCannotBeANameIsNotThere(String name) {
    assertThat(schedules.find(name)).isEmpty();
    assertThat(schedules.delete(name)).isFalse();
    assertThatThrownBy(() -> schedules.pause(name))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("1 to 100 ASCII letters");
    if (!name.isEmpty()) {
      assertThatThrownBy(() -> schedules.list(name, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 to 100 ASCII letters");
    }
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> schedules.list(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> schedules.nextRuns("x", 10_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedNotifierTakesNoSchedules() {
    schedules.create(hourly("digest").sending(digest()));
    stage.notifier.close();
    assertThatThrownBy(() -> schedules.create(hourly("late").sending(digest())))
        .isInstanceOf(NotifierClosedException.class);
    assertThatThrownBy(() -> schedules.pause("digest")).isInstanceOf(NotifierClosedException.class);
    stage.clock.advance(Duration.ofHours(5));
    assertThat(stage.notifier.runDue()).isZero();
    assertThat(stage.email.calls()).isEmpty();
  }
}
