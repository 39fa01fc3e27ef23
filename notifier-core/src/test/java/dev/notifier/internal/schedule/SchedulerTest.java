package dev.notifier.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.StoreException;
import dev.notifier.functional.QuietLog;
import dev.notifier.internal.store.InMemoryScheduleStore;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A scheduler in trouble. It is noon, and a run is due each hour. */
@ExtendWith(QuietLog.class)
@Timeout(60)
class SchedulerTest {
  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

  private volatile Instant now = NOON;
  private final InstantSource clock = () -> now;
  private final List<NotificationId> sent = new ArrayList<>(); // Guarded by itself.
  private final ScheduleStore memory = new InMemoryScheduleStore(run -> send(run.id()));
  private final RunIntake intake =
      new RunIntake() {
        @Override
        public void check(Notification notification) {}

        @Override
        public boolean accept(
            NotificationId id, Notification notification, Predicate<Submission> insert) {
          return insert.test(new Submission(id, notification, now, List.of()));
        }
      };

  private void send(NotificationId id) {
    synchronized (sent) {
      sent.add(id);
    }
  }

  private void createHourly(String name) {
    Schedule schedule =
        Schedule.cron("0 * * * *", "UTC")
            .named(name)
            .sending(Notification.to("pager:1").text("hello").build());
    ScheduleReport report = Changes.created(schedule, NOON.minusMillis(1));
    assertThat(memory.insert(StoredSchedule.created(report, NOON))).isTrue();
  }

  /** Says what happens before a call reaches the store in memory. */
  private interface Before {
    void call(String method);
  }

  private ScheduleStore store(Before before) {
    return intercepted(before, method -> {});
  }

  private ScheduleStore intercepted(Before before, Before after) {
    return (ScheduleStore)
        Proxy.newProxyInstance(
            ScheduleStore.class.getClassLoader(),
            new Class<?>[] {ScheduleStore.class},
            (proxy, method, arguments) -> {
              before.call(method.getName());
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                after.call(method.getName());
              }
            });
  }

  private static StoreException away() {
    return new StoreException("the database is away", null);
  }

  private static Before failsOnce(String name) {
    boolean[] failed = {false};
    return method -> {
      if (method.equals(name) && !failed[0]) {
        failed[0] = true;
        throw away();
      }
    };
  }

  @Test
  void aStoreThatFailsIsAskedAgainAfterASecond() {
    createHourly("digest");
    for (String method : List.of("nextDue", "due", "advance")) {
      sent.clear();
      Scheduler scheduler =
          new Scheduler(store(failsOnce(method)), intake, RunNotifications.AS_CREATED, clock);
      assertThat(scheduler.runDue()).as(method).isZero();
      assertThat(scheduler.nextDue()).contains(now.plusSeconds(1));
      assertThat(scheduler.runDue()).isZero(); // it rests
      now = now.plusSeconds(1);
      assertThat(scheduler.runDue()).isEqualTo(1);
      assertThat(sent).hasSize(1);
      now = NOON.plus(Duration.ofHours(memory.find("digest").orElseThrow().report().runs()));
    }
  }

  @Test
  void aRunWhoseAnswerWasLostIsNotRepeated() {
    createHourly("digest");
    Before lost = failsOnce("advance");
    Scheduler scheduler =
        new Scheduler(intercepted(method -> {}, lost), intake, RunNotifications.AS_CREATED, clock);
    assertThat(scheduler.runDue()).isZero(); // but the store has done it
    now = now.plusSeconds(1);
    assertThat(scheduler.runDue()).isZero();
    assertThat(sent).containsExactly(StoredSchedule.runId("digest", NOON));
    assertThat(scheduler.nextDue()).contains(NOON.plus(Duration.ofHours(1)));
  }

  @Test
  void oneScheduleInTroubleHoldsUpNoOther() {
    createHourly("a");
    createHourly("b");
    Scheduler scheduler =
        new Scheduler(store(failsOnce("advance")), intake, RunNotifications.AS_CREATED, clock);
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(sent).containsExactly(StoredSchedule.runId("b", NOON));
    now = now.plusSeconds(1);
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(sent).hasSize(2);
  }

  @Test
  void aBugInOneScheduleHoldsUpNoOther() {
    createHourly("a");
    createHourly("b");
    now = NOON.plus(Duration.ofHours(5)); // both have to be caught up with
    boolean[] thrown = {false};
    RunIntake refusesFirst =
        new RunIntake() {
          @Override
          public void check(Notification notification) {}

          @Override
          public boolean accept(
              NotificationId id, Notification notification, Predicate<Submission> insert) {
            if (!thrown[0]) {
              thrown[0] = true;
              throw new IllegalStateException("a bug");
            }
            return intake.accept(id, notification, insert);
          }
        };
    Scheduler scheduler =
        new Scheduler(
            store(failsOnce("replace")), refusesFirst, RunNotifications.AS_CREATED, clock);
    assertThat(scheduler.runDue()).isEqualTo(1); // b; that a was refused could not be recorded
    now = now.plusSeconds(1);
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(sent).hasSize(2);
  }

  @Test
  void aStoppedSchedulerMakesNoRuns() {
    createHourly("digest");
    Scheduler scheduler = new Scheduler(memory, intake, RunNotifications.AS_CREATED, clock);
    scheduler.stop();
    assertThat(scheduler.runDue()).isZero();
    scheduler.run(); // returns at once
    assertThat(sent).isEmpty();
  }

  @Test
  void itsThreadSurvivesWhateverIsThrownAtIt() throws Exception {
    createHourly("digest");
    CountDownLatch looks = new CountDownLatch(3);
    Scheduler scheduler =
        new Scheduler(
            store(
                method -> {
                  if (method.equals("due")) {
                    looks.countDown();
                    Thread.currentThread().interrupt(); // foreign code leaves flags behind
                    throw new LinkageError("a driver lacks a class");
                  }
                }),
            intake,
            RunNotifications.AS_CREATED,
            () -> now = now.plusMillis(500)); // so that it does not rest for long
    Thread thread = new Thread(scheduler::run, "scheduler-under-test");
    thread.start();
    assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
    scheduler.stop();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void runIdsDependOnNameAndTimeAlone() {
    NotificationId id = StoredSchedule.runId("digest", NOON);
    assertThat(id).isEqualTo(StoredSchedule.runId("digest", NOON));
    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    assertThat(
            List.of(
                id,
                StoredSchedule.runId("digest2", NOON),
                StoredSchedule.runId("digest", NOON.plusMillis(1))))
        .doesNotHaveDuplicates();
  }

  @Test
  void theIdOfALateRunTellsWhenItWasMade() {
    NotificationId late = StoredSchedule.runId("digest", NOON, NOON.plusMillis(1001));
    NotificationId onTime = StoredSchedule.runId("digest", NOON, NOON.plusMillis(1000));
    assertThat(onTime).isEqualTo(StoredSchedule.runId("digest", NOON));
    assertThat(late.value().getMostSignificantBits() >>> 16)
        .isEqualTo(NOON.plusMillis(1001).toEpochMilli());
    assertThat(late.value().getLeastSignificantBits())
        .isEqualTo(onTime.value().getLeastSignificantBits());
    assertThat(late.value().version()).isEqualTo(7);
  }

  @Test
  void memoryTakesTenThousandSchedules() {
    for (int i = 0; i < 10_000; i++) {
      createHourly("s" + i);
    }
    Optional<StoredSchedule> one = memory.find("s1");
    assertThat(one).isPresent();
    assertThatThrownBy(() -> createHourly("one-more"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("10000 schedules");
    assertThat(memory.isShared()).isFalse();
  }
}
