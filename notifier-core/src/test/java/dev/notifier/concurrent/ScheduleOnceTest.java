package dev.notifier.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.State;
import dev.notifier.functional.QuietLog;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.ScheduleStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Notifiers with threads, on schedules that are due by the real clock. */
@ExtendWith(QuietLog.class)
@Timeout(120)
class ScheduleOnceTest {
  private static final int NODES = 4;
  private static final int SCHEDULES = 20;
  private static final int RUNS = 3;

  private final Map<NotificationId, Integer> calls = new ConcurrentHashMap<>();

  @Test
  void everyRunOfManySchedulesHappensOnceThoughManyNotifiersTry() throws Exception {
    CountDownLatch sent = new CountDownLatch(SCHEDULES * RUNS);
    NotificationStore store = shared(inMemory());
    List<Notifier> nodes = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      nodes.add(notifier(store, sent));
    }
    Instant start = Instant.now().plusMillis(500);
    for (int i = 0; i < SCHEDULES; i++) {
      Schedule schedule =
          Schedule.every(Duration.ofSeconds(1))
              .named("tick-" + i)
              .startingAt(start)
              .atMost(RUNS)
              .sending(Notification.to("pager:" + i).text("tick").build());
      nodes.forEach(node -> node.schedules().createIfAbsent(schedule));
    }

    assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
    List<ScheduleReport> ended = nodes.get(0).schedules().list(100);
    nodes.forEach(Notifier::close);

    assertThat(calls).hasSize(SCHEDULES * RUNS).allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
    assertThat(ended)
        .hasSize(SCHEDULES)
        .allSatisfy(
            report -> {
              assertThat(report.state()).isEqualTo(State.ENDED);
              assertThat(report.runs()).isEqualTo(RUNS);
              assertThat(calls).containsKey(report.lastRun().orElseThrow().notification().get());
            });
  }

  private Notifier notifier(NotificationStore store, CountDownLatch sent) {
    return Notifier.builder()
        .discovery(false)
        .store(store)
        .channel(
            "pager",
            attempt -> {
              calls.merge(attempt.delivery().notification(), 1, Integer::sum);
              sent.countDown();
              return DeliveryResult.accepted();
            })
        .build();
  }

  @Test
  void aSchedulerThatSleepsIsWokenByANewSchedule() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (Notifier notifier = notifier(inMemory(), sent)) {
      notifier
          .schedules()
          .create(
              Schedule.cron("@yearly", "UTC")
                  .sending(Notification.to("pager:1").text("far").build()));
      notifier
          .schedules()
          .create(
              Schedule.every(Duration.ofSeconds(1))
                  .sending(Notification.to("pager:2").text("near").build()));
      assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static NotificationStore inMemory() {
    return new InMemoryNotificationStore(
        new HistoryLimits(10_000, Duration.ofDays(1), Duration.ofDays(1)), InstantSource.system());
  }

  /** The store in memory belongs to one notifier; here it says that it has several. */
  private static NotificationStore shared(NotificationStore store) {
    ScheduleStore schedules =
        instead(ScheduleStore.class, store.schedules().orElseThrow(), "isShared", true);
    return instead(NotificationStore.class, store, "schedules", Optional.of(schedules));
  }

  private static <T> T instead(Class<T> type, T of, String method, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) ->
                called.getName().equals(method) ? answer : called.invoke(of, arguments)));
  }
}
