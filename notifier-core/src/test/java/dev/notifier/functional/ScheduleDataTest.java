package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import dev.notifier.InvalidScheduleException;
import dev.notifier.Notification;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.LastRun;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScheduleDataTest {
  private final Map<String, Object> orders = new HashMap<>(Map.of("orders", 1));
  private final List<Instant> asked = new ArrayList<>();
  private final Stage stage =
      Stage.open(builder -> builder.scheduleData("hourly", this::ordersUntil));

  private Map<String, Object> ordersUntil(Instant run) {
    asked.add(run);
    if (orders.isEmpty()) {
      throw new IllegalStateException("secret");
    }
    return Map.copyOf(orders);
  }

  @BeforeEach
  void saveTemplate() {
    stage
        .notifier
        .templates()
        .save(
            Template.named("digest")
                .requires("shop")
                .requires("orders")
                .email("{{shop}}: {{orders}}", "x")
                .build());
  }

  private static Notification.Builder digest() {
    return Notification.to(Stage.ada()).via("email");
  }

  private ScheduleReport create(Notification.Builder digest) {
    return stage
        .notifier
        .schedules()
        .create(Schedule.every(Duration.ofHours(1)).named("hourly").sending(digest.build()));
  }

  private List<String> subjects() {
    return stage.email.calls().stream()
        .map(call -> call.attempt().content().subject().orElseThrow())
        .toList();
  }

  @Test
  void eachRunHasValuesOfItsOwnBesideThoseOfTheNotification() {
    ScheduleReport created = create(digest().template("digest", Map.of("shop", "Ada's")));
    stage.runUntil(Duration.ofMinutes(90));
    orders.put("orders", 7);
    stage.runUntil(Duration.ofMinutes(150));

    assertThat(subjects()).containsExactly("Ada's: 1", "Ada's: 7");
    assertThat(asked).contains(created.nextRun().orElseThrow());
  }

  @Test
  void ofTwoValuesWithOneNameThatOfTheRunCounts() {
    orders.put("shop", "Bob's");
    create(digest().template("digest", Map.of("shop", "Ada's")));
    stage.runUntil(Duration.ofMinutes(90));

    assertThat(subjects()).containsExactly("Bob's: 1");
  }

  @Test
  void aRunWhoseValuesCannotBeMadeIsRefusedAndTheNextOneGoesOn() {
    create(digest().template("digest", Map.of("shop", "Ada's")));
    orders.clear();
    stage.runUntil(Duration.ofMinutes(90));
    LastRun last =
        stage.notifier.schedules().find("hourly").flatMap(ScheduleReport::lastRun).orElseThrow();
    assertThat(last.problem().orElseThrow())
        .contains("scheduleData(\"hourly\", …)", "IllegalStateException")
        .doesNotContain("secret");

    orders.put("orders", 3);
    stage.runUntil(Duration.ofMinutes(150));
    assertThat(subjects()).containsExactly("Ada's: 3");
  }

  @Test
  void valuesThatDoNotFitTheTemplateAreSaidWhenTheScheduleIsCreated() {
    orders.put("orders", new Object());
    assertThatThrownBy(() -> create(digest().template("digest", Map.of("shop", "Ada's"))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("orders");
    orders.remove("orders");
    orders.put("order", 1);
    assertThatThrownBy(() -> create(digest().template("digest", Map.of("shop", "Ada's"))))
        .isInstanceOf(TemplateException.class);
    orders.clear();
    assertThatThrownBy(() -> create(digest().template("digest", Map.of("shop", "Ada's"))))
        .isInstanceOf(InvalidScheduleException.class);
  }

  @Test
  void valuesNeedATemplate() {
    assertThatThrownBy(() -> create(digest().text("no template")))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("template(name, data)");
  }
}
