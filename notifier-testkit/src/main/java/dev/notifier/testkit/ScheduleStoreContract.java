package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryId;
import dev.notifier.MisfirePolicy;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.LastRun;
import dev.notifier.ScheduleReport.State;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ScheduleStore} must do, as tests. The author of a store that keeps schedules
 * extends this class beside {@link NotificationStoreContract}:
 *
 * <pre>{@code
 * class FileScheduleStoreTest extends ScheduleStoreContract {
 *   @TempDir Path folder;
 *
 *   protected NotificationStore createStore() { return FileStore.open(folder); }
 * }
 * }</pre>
 *
 * <p>Only {@link #createStore} must be there. Without {@link #reopenStore} the test of durability
 * is skipped, and a warning is logged. What no test can bring about by itself is left to the
 * author: that a process that ends in the middle of {@link ScheduleStore#advance} leaves both
 * halves or neither.
 */
public abstract class ScheduleStoreContract {
  private static final int THREADS = 16;
  private static final int ROUNDS = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private NotificationStore store;
  private ScheduleStore schedules;
  private Instant now;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected ScheduleStoreContract() {}

  /**
   * Makes the store under test; it holds nothing. Called before each test, before the
   * {@code @BeforeEach} methods of the subclass; the contract closes the store afterwards.
   */
  protected abstract NotificationStore createStore() throws Exception;

  /**
   * Opens the store again that was made last and has just been closed in order, as the next start
   * of a process does. The default skips the test of durability.
   */
  protected NotificationStore reopenStore() throws Exception {
    return Skipped.because("override reopenStore() if this store is durable");
  }

  /**
   * Opens the store that was made last a second time, as another process does. The contract closes
   * it. The default returns the same one.
   */
  protected NotificationStore otherNode() throws Exception {
    return store;
  }

  /** Returns the clock that the store reads. Defaults to the system's. */
  protected InstantSource clock() {
    return InstantSource.system();
  }

  // --- What the tests stand on ------------------------------------------------------------------

  @BeforeEach
  final void openStore() throws Exception {
    store = createStore();
    schedules = schedulesOf(store);
    now = clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private static ScheduleStore schedulesOf(NotificationStore store) {
    return store
        .schedules()
        .orElseThrow(() -> new AssertionError("schedules() is empty: this store keeps none"));
  }

  private static Schedule hourly(String name) {
    return Schedule.cron("0 * * * *", "UTC").named(name).sending(hello());
  }

  private static Notification hello() {
    return Notification.to("alpha:ada").text("hello").build();
  }

  private static ScheduleReport active(Schedule schedule, Instant next) {
    return new ScheduleReport(schedule, State.ACTIVE, Optional.of(next), 0, Optional.empty());
  }

  private static ScheduleReport resting(String name, State state) {
    return new ScheduleReport(hourly(name), state, Optional.empty(), 0, Optional.empty());
  }

  private StoredSchedule inserted(String name, Instant next) {
    return inserted(active(hourly(name), next));
  }

  private StoredSchedule inserted(ScheduleReport report) {
    StoredSchedule schedule = StoredSchedule.created(report, now);
    assertThat(schedules.insert(schedule)).as("insert %s", schedule.name()).isTrue();
    return schedule;
  }

  private StoredSchedule found(String name) {
    return schedules.find(name).orElseThrow();
  }

  /** Returns the schedule after it ran for the time that it was due. */
  private static StoredSchedule ran(StoredSchedule before) {
    ScheduleReport report = before.report();
    Instant time = report.nextRun().orElseThrow();
    NotificationId id = StoredSchedule.runId(before.name(), time);
    return before.changed(
        new ScheduleReport(
            report.schedule(),
            State.ACTIVE,
            Optional.of(time.plusSeconds(3600)),
            report.runs() + 1,
            Optional.of(new LastRun(time, Optional.of(id), Optional.empty()))));
  }

  private Submission runOf(StoredSchedule before) {
    NotificationId id =
        StoredSchedule.runId(before.name(), before.report().nextRun().orElseThrow());
    Notification notification = before.report().schedule().notification();
    QueuedDelivery delivery = QueuedDelivery.first(new DeliveryId(id, 0), notification, now);
    return new Submission(id, notification, now, List.of(delivery));
  }

  private static List<String> names(List<StoredSchedule> schedules) {
    return schedules.stream().map(StoredSchedule::name).toList();
  }

  private static void assertSame(StoredSchedule actual, StoredSchedule expected) {
    assertThat(actual.version()).as("version").isEqualTo(expected.version());
    assertThat(actual.report().state()).as("state").isEqualTo(expected.report().state());
    assertThat(actual.report().nextRun()).as("next run").isEqualTo(expected.report().nextRun());
    assertThat(actual.report().runs()).as("runs").isEqualTo(expected.report().runs());
    assertThat(actual.report().lastRun()).as("last run").isEqualTo(expected.report().lastRun());
    assertSame(actual.report().schedule(), expected.report().schedule());
  }

  private static void assertSame(Schedule actual, Schedule expected) {
    assertThat(actual.name()).as("name").isEqualTo(expected.name());
    assertThat(actual.cron()).as("cron").isEqualTo(expected.cron());
    assertThat(actual.zone()).as("zone").isEqualTo(expected.zone());
    assertThat(actual.interval()).as("interval").isEqualTo(expected.interval());
    assertThat(actual.start()).as("start").isEqualTo(expected.start());
    assertThat(actual.end()).as("end").isEqualTo(expected.end());
    assertThat(actual.maxRuns()).as("most runs").isEqualTo(expected.maxRuns());
    assertThat(actual.misfirePolicy()).as("misfires").isEqualTo(expected.misfirePolicy());
    assertThat(actual.notification().recipient())
        .as("recipient")
        .isEqualTo(expected.notification().recipient());
    assertThat(actual.notification().content().text())
        .as("text")
        .isEqualTo(expected.notification().content().text());
  }

  // --- The contract -----------------------------------------------------------------------------

  /** Insert, find and list. */
  @Nested
  @DisplayName("What is inserted")
  class Inserted {
    Inserted() {}

    @Test
    @DisplayName("is found with all its parts: by a cron expression")
    void cronIsKeptWhole() {
      Schedule schedule =
          Schedule.cron("15 0 9 * * MON-FRI", "Europe/Berlin")
              .named("Daily.digest_1:a-b")
              .startingAt(now)
              .endingAt(now.plusSeconds(1_000_000))
              .atMost(12)
              .onMisfire(MisfirePolicy.runAll(7))
              .sending(hello());
      StoredSchedule inserted = inserted(active(schedule, now.plusMillis(1)));
      assertSame(found("Daily.digest_1:a-b"), inserted);
    }

    @Test
    @DisplayName("is found with all its parts: at an interval")
    void intervalIsKeptWhole() {
      Schedule schedule =
          Schedule.every(Duration.ofMillis(90_001))
              .named("tick")
              .startingAt(now)
              .onMisfire(MisfirePolicy.skip())
              .sending(hello());
      StoredSchedule inserted = inserted(active(schedule, now));
      assertSame(found("tick"), inserted);
    }

    @Test
    @DisplayName("is found with its last run, made or refused")
    void lastRunIsKept() {
      LastRun made =
          new LastRun(now, Optional.of(StoredSchedule.runId("made", now)), Optional.empty());
      LastRun refused = new LastRun(now, Optional.empty(), Optional.of("too long: ü, €, 😀"));
      StoredSchedule first = inserted(ended("made", made));
      StoredSchedule second = inserted(ended("refused", refused));
      assertSame(found("made"), first);
      assertSame(found("refused"), second);
    }

    private ScheduleReport ended(String name, LastRun run) {
      return new ScheduleReport(
          hourly(name), State.ENDED, Optional.empty(), 3_000_000_000L, Optional.of(run));
    }

    @Test
    @DisplayName("keeps its name: a second one of that name is refused")
    void takenNameIsRefused() {
      StoredSchedule first = inserted("digest", now);
      StoredSchedule second = StoredSchedule.created(resting("digest", State.PAUSED), now);
      assertThat(schedules.insert(second)).isFalse();
      assertSame(found("digest"), first);
    }

    @Test
    @DisplayName("is another one where only case differs")
    void caseMatters() {
      inserted("digest", now);
      inserted("Digest", now.plusSeconds(1));
      assertThat(found("Digest").report().nextRun()).contains(now.plusSeconds(1));
      assertThat(schedules.find("DIGEST")).isEmpty();
    }

    @Test
    @DisplayName("is seen by other nodes")
    void otherNodeSeesIt() throws Exception {
      StoredSchedule inserted = inserted("digest", now);
      onOtherNode(other -> assertSame(other.find("digest").orElseThrow(), inserted));
    }

    @Test
    @DisplayName("is listed in pages by name, whatever the order of insertion")
    void pagesComeByName() {
      List.of("b", "a", "B", "a1", "_", "a-", "9", "ab", "a.").forEach(name -> inserted(name, now));
      List<String> all = List.of("9", "B", "_", "a", "a-", "a.", "a1", "ab", "b");
      assertThat(names(schedules.list("", 4))).isEqualTo(all.subList(0, 4));
      assertThat(names(schedules.list("a", 4))).isEqualTo(all.subList(4, 8));
      assertThat(names(schedules.list("aa", 4))).containsExactly("ab", "b"); // there is no "aa"
      assertThat(schedules.list("b", 4)).isEmpty();
    }
  }

  private interface Look {
    void at(ScheduleStore other);
  }

  private void onOtherNode(Look look) throws Exception {
    NotificationStore other = otherNode();
    try {
      look.at(schedulesOf(other));
    } finally {
      if (other != store) {
        other.close();
      }
    }
  }

  /** Due and nextDue. */
  @Nested
  @DisplayName("What is due")
  class Due {
    Due() {}

    @Test
    @DisplayName("comes earliest first, and no more than asked for")
    void earliestComesFirst() {
      inserted("b", now.minusSeconds(1));
      inserted("a", now);
      inserted("c", now.minusSeconds(2));
      assertThat(names(schedules.due(now, 10))).containsExactly("c", "b", "a");
      assertThat(names(schedules.due(now, 2))).containsExactly("c", "b");
    }

    @Test
    @DisplayName("is due at its millisecond, and not before")
    void dueToTheMillisecond() {
      inserted("digest", now);
      assertThat(schedules.due(now.minusMillis(1), 10)).isEmpty();
      assertThat(names(schedules.due(now, 10))).containsExactly("digest");
      assertThat(schedules.nextDue()).contains(now);
    }

    @Test
    @DisplayName("is the earliest, for who asks when")
    void nextDueIsTheEarliest() {
      assertThat(schedules.nextDue()).isEmpty();
      inserted("later", now.plusSeconds(60));
      inserted("soon", now.plusSeconds(30));
      assertThat(schedules.nextDue()).contains(now.plusSeconds(30));
    }

    @Test
    @DisplayName("is nothing that rests or has ended")
    void restingIsNotDue() {
      inserted(resting("paused", State.PAUSED));
      inserted(resting("ended", State.ENDED));
      assertThat(schedules.due(now.plusSeconds(1_000_000), 10)).isEmpty();
      assertThat(schedules.nextDue()).isEmpty();
    }

    @Test
    @DisplayName("is due no more once it was changed")
    void changedIsNotDue() {
      StoredSchedule before = inserted("digest", now);
      schedules.replace(before.changed(resting("digest", State.PAUSED)));
      assertThat(schedules.due(now, 10)).isEmpty();
      assertThat(schedules.nextDue()).isEmpty();
    }
  }

  /** Replace and delete. */
  @Nested
  @DisplayName("A change")
  class Change {
    Change() {}

    @Test
    @DisplayName("replaces the version before it")
    void changeReplaces() {
      StoredSchedule before = inserted("digest", now);
      Schedule other =
          Schedule.every(Duration.ofHours(2)).named("digest").startingAt(now).sending(hello());
      StoredSchedule after = before.changed(active(other, now.plusSeconds(5)));
      assertThat(schedules.replace(after)).isTrue();
      assertSame(found("digest"), after);
    }

    @Test
    @DisplayName("is refused if somebody else was faster")
    void outdatedChangeIsRefused() {
      StoredSchedule before = inserted("digest", now);
      StoredSchedule first = before.changed(active(hourly("digest"), now.plusSeconds(1)));
      StoredSchedule second = before.changed(active(hourly("digest"), now.plusSeconds(2)));
      assertThat(schedules.replace(first)).isTrue();
      assertThat(schedules.replace(second)).isFalse();
      assertSame(found("digest"), first);
    }

    @Test
    @DisplayName("is refused if the schedule is not there")
    void deletedIsNotReplaced() {
      StoredSchedule before = inserted("digest", now);
      assertThat(schedules.delete("digest")).isTrue();
      assertThat(schedules.replace(before.changed(before.report()))).isFalse();
      assertThat(schedules.find("digest")).isEmpty();
    }

    @Test
    @DisplayName("of what was deleted does not touch what was created anew")
    void recreatedIsAnother() {
      StoredSchedule old = inserted("digest", now);
      schedules.delete("digest");
      StoredSchedule anew =
          StoredSchedule.created(active(hourly("digest"), now.plusSeconds(9)), now.plusMillis(7));
      assertThat(schedules.insert(anew)).isTrue();
      assertThat(schedules.replace(old.changed(old.report()))).isFalse();
      assertThat(schedules.advance(ran(old), runOf(old))).isFalse();
      assertSame(found("digest"), anew);
    }

    @Test
    @DisplayName("of many that are made at once succeeds once")
    void oneOfManyChanges() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        StoredSchedule before = inserted("digest-" + round, now);
        List<Boolean> won =
            Crowd.run(
                THREADS, PATIENCE, thread -> schedules.replace(before.changed(before.report())));
        assertThat(won).filteredOn(each -> each).hasSize(1);
      }
    }

    @Test
    @DisplayName("deletes what is there, once")
    void deletedIsGone() {
      inserted("digest", now);
      inserted("other", now);
      assertThat(schedules.delete("digest")).isTrue();
      assertThat(schedules.delete("digest")).isFalse();
      assertThat(names(schedules.list("", 10))).containsExactly("other");
      assertThat(names(schedules.due(now, 10))).containsExactly("other");
    }
  }

  /** Advance. */
  @Nested
  @DisplayName("A run")
  class Run {
    Run() {}

    @Test
    @DisplayName("advances its schedule and takes its notification")
    void runTakesBoth() {
      StoredSchedule before = inserted("digest", now);
      Submission run = runOf(before);
      assertThat(schedules.advance(ran(before), run)).isTrue();

      assertSame(found("digest"), ran(before));
      assertThat(store.find(run.id())).isPresent();
      assertThat(store.owes(run.deliveries().get(0).id())).isTrue();
      assertThat(store.claim(run.deliveries().get(0))).isTrue();
    }

    @Test
    @DisplayName("that another node has made takes nothing")
    void lostRunTakesNothing() {
      StoredSchedule before = inserted("digest", now);
      schedules.replace(before.changed(resting("digest", State.PAUSED)));
      Submission run = runOf(before);
      assertThat(schedules.advance(ran(before), run)).isFalse();

      assertThat(found("digest").report().state()).isEqualTo(State.PAUSED);
      assertThat(store.find(run.id())).isEmpty();
      assertThat(store.claim(run.deliveries().get(0))).isFalse();
    }

    @Test
    @DisplayName("of a schedule that was deleted takes nothing")
    void runOfDeletedTakesNothing() {
      StoredSchedule before = inserted("digest", now);
      schedules.delete("digest");
      Submission run = runOf(before);
      assertThat(schedules.advance(ran(before), run)).isFalse();
      assertThat(store.find(run.id())).isEmpty();
      assertThat(schedules.find("digest")).isEmpty();
    }

    @Test
    @DisplayName("follows a run")
    void runsFollowEachOther() {
      StoredSchedule first = inserted("digest", now);
      StoredSchedule second = ran(first);
      Submission secondRun = runOf(second);
      assertThat(schedules.advance(second, runOf(first))).isTrue();
      assertThat(schedules.advance(ran(second), secondRun)).isTrue();
      assertThat(found("digest").report().runs()).isEqualTo(2);
      assertThat(store.find(runOf(first).id())).isPresent();
      assertThat(store.find(secondRun.id())).isPresent();
    }

    @Test
    @DisplayName("that was made before, and comes again after a clock was set back, sends nothing")
    void runIsSentOnce() {
      StoredSchedule first = inserted("digest", now);
      StoredSchedule second = first.changed(first.report()); // goes to the same time again
      Submission run = runOf(first);
      assertThat(schedules.advance(second, run)).isTrue();
      assertThat(store.claim(run.deliveries().get(0))).isTrue();
      Submission again = runOf(first);
      assertThat(schedules.advance(second.changed(second.report()), again)).isTrue();

      assertThat(found("digest").version()).isEqualTo(first.version() + 2);
      assertThat(store.claim(again.deliveries().get(0))).isFalse();
    }

    @Test
    @DisplayName("that many make at once is made once")
    void oneOfManyMakesIt() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        StoredSchedule before = inserted("digest-" + round, now);
        List<Submission> claimable = new ArrayList<>();
        List<Boolean> won =
            Crowd.run(
                THREADS,
                PATIENCE,
                thread -> {
                  Submission run = runOf(before);
                  boolean made = schedules.advance(ran(before), run);
                  if (made) {
                    synchronized (claimable) {
                      claimable.add(run);
                    }
                  }
                  return made;
                });
        assertThat(won).filteredOn(each -> each).hasSize(1);
        assertThat(claimable).hasSize(1);
        assertThat(store.claim(claimable.get(0).deliveries().get(0))).isTrue();
      }
    }

    @Test
    @DisplayName("or a pause wins, never both")
    void pauseOrRunWins() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        String name = "digest-" + round;
        StoredSchedule before = inserted(name, now);
        Submission run = runOf(before);
        List<Boolean> won =
            Crowd.run(
                2,
                PATIENCE,
                thread ->
                    thread == 0
                        ? schedules.advance(ran(before), run)
                        : schedules.replace(before.changed(resting(name, State.PAUSED))));
        assertThat(won).filteredOn(each -> each).hasSize(1);
        assertThat(store.find(run.id()).isPresent()).isEqualTo(won.get(0));
      }
    }
  }

  /** What a durable store owes after a restart. */
  @Nested
  @DisplayName("After a restart")
  class AfterRestart {
    AfterRestart() {}

    @Test
    @DisplayName("schedules and their runs are there")
    void schedulesStand() throws Exception {
      StoredSchedule first = inserted("ran", now);
      StoredSchedule second = inserted("waits", now.plusSeconds(60));
      Submission run = runOf(first);
      schedules.advance(ran(first), run);
      store.close();
      store = reopenStore();
      schedules = schedulesOf(store);

      assertSame(found("ran"), ran(first));
      assertSame(found("waits"), second);
      assertThat(store.find(run.id())).isPresent();
      assertThat(schedules.nextDue()).contains(now.plusSeconds(60));
    }
  }
}
