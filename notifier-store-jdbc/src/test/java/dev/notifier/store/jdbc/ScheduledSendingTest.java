package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Receipt;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.StoreException;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.VariableType;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules and one-off times on a durable store, beyond the contracts. */
@Timeout(180)
class ScheduledSendingTest {
  private static final int SCHEDULES = 5;
  private static final int RUNS = 3;
  private static final int LATER = 2_000;

  @TempDir Path directory;
  private EmptyDatabase database;
  private final List<JdbcNotificationStore> stores = new ArrayList<>();
  private final Map<NotificationId, Integer> calls = new ConcurrentHashMap<>();

  private JdbcNotificationStore open(Duration horizon) {
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password())
            .horizon(horizon)
            .build();
    stores.add(store);
    return store;
  }

  private JdbcNotificationStore open() {
    return open(Duration.ofMinutes(1));
  }

  @AfterEach
  void removeDatabase() throws Exception {
    stores.forEach(JdbcNotificationStore::close);
    database.close();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void ofTwoNodesOneMakesEachRun(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    CountDownLatch sent = new CountDownLatch(SCHEDULES * RUNS);
    List<Notifier> nodes = List.of(counting(open(), sent), counting(open(), sent));
    Instant start = Instant.now().plusSeconds(1);
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
              assertThat(report.state()).isEqualTo(ScheduleReport.State.ENDED);
              assertThat(report.runs()).isEqualTo(RUNS);
              assertThat(calls).containsKey(report.lastRun().orElseThrow().notification().get());
            });
  }

  private Notifier counting(JdbcNotificationStore store, CountDownLatch sent) {
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

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aScheduleSurvivesARestartAndIsRenderedAtItsRun(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    Map<String, Object> data = new HashMap<>();
    data.put("name", "Ada");
    data.put("day", LocalDate.parse("2026-01-05"));
    data.put("nothing", null);
    try (Notifier before = telling(open(), texts)) {
      before
          .templates()
          .save(Template.named("digest").requires("name").part("pager", text(), "before").build());
      before
          .schedules()
          .create(
              Schedule.every(Duration.ofSeconds(1))
                  .named("digest")
                  .startingAt(Instant.now().plusSeconds(3))
                  .atMost(1)
                  .sending(Notification.to("pager:1").template("digest", data).build()));
      before
          .templates()
          .save(
              Template.named("digest")
                  .requires("name")
                  .optional("day", VariableType.DATE)
                  .optional("nothing", VariableType.ANY)
                  .part("pager", text(), "{{name}}, {{day | date: iso}}")
                  .build(),
              before.templates().find("digest").orElseThrow().revision());
    }

    try (Notifier after = telling(open(), texts)) {
      Notification kept = after.schedules().find("digest").orElseThrow().schedule().notification();
      assertThat(kept.isUnrendered()).isTrue();
      assertThat(kept.templateData()).isEqualTo(data);
      assertThat(texts.poll(60, TimeUnit.SECONDS)).isEqualTo("Ada, 2026-01-05");
    }
  }

  private static TemplateFormat text() {
    return TemplateFormat.TEXT;
  }

  private static Notifier telling(JdbcNotificationStore store, BlockingQueue<String> texts) {
    return Notifier.builder()
        .discovery(false)
        .store(store)
        .channel(
            "pager",
            attempt -> {
              texts.add(attempt.content().text().orElse("nothing"));
              return DeliveryResult.accepted();
            })
        .build();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsDueLaterIsNotInMemoryAndGoesOutAtItsTime(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    JdbcNotificationStore store = open(Duration.ofSeconds(1));
    CountDownLatch sent = new CountDownLatch(1);
    try (Notifier notifier = counting(store, sent)) {
      Instant later = Instant.now().plus(1, ChronoUnit.HOURS);
      for (int i = 0; i < LATER; i++) {
        notifier.sendAsync(
            Notification.to("pager:" + i).text("later").sendAt(later.plusSeconds(i)).build());
      }
      Instant soon = Instant.now().plusSeconds(3);
      Receipt receipt = notifier.send(Notification.to("pager:1").text("soon").sendAt(soon).build());
      assertThat(store.node().owned().size()).isZero();

      assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Instant.now()).isAfterOrEqualTo(soon.truncatedTo(ChronoUnit.MILLIS));
      assertThat(calls).containsOnlyKeys(receipt.id());
      assertThat(store.node().owned().size()).isLessThanOrEqualTo(1);
    }
  }

  // --- What may be wrong ------------------------------------------------------------------------

  private static StoredSchedule schedule(String name, Instant next) {
    Schedule schedule =
        Schedule.every(Duration.ofHours(1))
            .named(name)
            .sending(Notification.to("pager:1").text("tick").build());
    ScheduleReport report =
        new ScheduleReport(
            schedule, ScheduleReport.State.ACTIVE, Optional.of(next), 0, Optional.empty());
    return StoredSchedule.created(report, next);
  }

  @Test
  void whatIsMadeUpForIsFoundByTheTimeAtWhichItWasMade() throws Exception {
    database = TestDatabase.H2.create(directory);
    JdbcNotificationStore store = open();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    store.schedules().orElseThrow().insert(schedule("late", now.minus(Duration.ofHours(5))));
    CountDownLatch sent = new CountDownLatch(1);
    try (Notifier notifier = counting(store, sent)) {
      assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
      HistoryQuery sinceNow = HistoryQuery.builder().acceptedFrom(now).build();
      assertThat(notifier.search(sinceNow).items())
          .extracting(NotificationReport::id)
          .containsExactlyElementsOf(calls.keySet());
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDamagedScheduleDoesNotHoldUpTheOthers(TestDatabase kind) throws Exception {
    database = kind.create(directory);
    ScheduleStore schedules = open().schedules().orElseThrow();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    StoredSchedule sound = schedule("sound", now);
    schedules.insert(sound);
    schedules.insert(schedule("damaged", now.minusSeconds(1)));
    database.execute(
        "UPDATE notifier_schedule SET definition = "
            + (kind == TestDatabase.POSTGRESQL ? "'\\x4101'" : "X'4101'")
            + " WHERE name = 'damaged'");

    assertThat(schedules.due(now, 10)).extracting(StoredSchedule::name).containsExactly("sound");
    assertThatThrownBy(() -> schedules.find("damaged"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schedule damaged is damaged");
    schedules.delete("sound");
    assertThatThrownBy(() -> schedules.due(now, 10)).isInstanceOf(StoreException.class);
    assertThat(schedules.delete("damaged")).isTrue();
  }
}
