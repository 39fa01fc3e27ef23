package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is the next one out. */
@ExtendWith(QuietLog.class)
class OrderTest {
  private final Stage stage = Stage.open();

  private void send(String text, Priority priority) {
    stage.send(Notification.to("email:ada@example.com").text(text).priority(priority));
  }

  @Test
  void aCriticalOneBehindAHundredThousandLowOnesIsTheNextOneOut() {
    Notification low =
        Notification.to("email:ada@example.com").text("low").priority(Priority.LOW).build();
    for (int i = 0; i < 100_000; i++) {
      stage.notifier.send(low);
    }
    stage.clock.advance(Duration.ofDays(1)); // as early as LOW can be
    send("critical", Priority.CRITICAL);
    List<String> texts = new ArrayList<>();
    stage.email.alwaysDo(
        attempt -> {
          texts.add(attempt.content().text().orElseThrow());
          return DeliveryResult.accepted();
        });

    assertThat(stage.run()).isEqualTo(100_001);

    assertThat(texts.get(0)).isEqualTo("critical");
    assertThat(texts).hasSize(100_001);
  }

  @Test
  void aCriticalOneOvertakesThoseThatWaitWhileOthersAreSent() {
    stage.email.thenDo(
        attempt -> {
          send("critical", Priority.CRITICAL);
          return DeliveryResult.accepted();
        });
    send("one", Priority.HIGH);
    send("two", Priority.HIGH);
    stage.run();

    assertThat(stage.email.texts()).containsExactly("one", "critical", "two");
  }

  @Test
  void atTheSameTimeThePriorityDecides() {
    send("low", Priority.LOW);
    send("normal", Priority.NORMAL);
    send("high", Priority.HIGH);
    send("critical", Priority.CRITICAL);
    stage.run();

    assertThat(stage.email.texts()).containsExactly("critical", "high", "normal", "low");
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void equalsLeaveInTheOrderInWhichTheyWereSent(Priority priority) {
    List<String> texts = IntStream.range(0, 500).mapToObj(i -> "n" + i).toList();
    texts.forEach(text -> send(text, priority));
    stage.run();

    assertThat(stage.email.texts()).isEqualTo(texts);
  }

  @Test
  void highIsAMinuteEarlyAndNoMore() {
    send("normal", Priority.NORMAL);
    stage.clock.advance(Duration.ofSeconds(59));
    send("high, 59 s later", Priority.HIGH);
    stage.clock.advance(Duration.ofSeconds(2));
    send("high, 61 s later", Priority.HIGH);
    stage.run();

    assertThat(stage.email.texts())
        .containsExactly("high, 59 s later", "normal", "high, 61 s later");
  }

  @Test
  void nothingStarvesLowGetsItsTurnAfterFiveMinutesOfNormalOnes() {
    send("low", Priority.LOW);
    List<Duration> lowAt = new ArrayList<>();
    stage.email.alwaysDo(
        attempt -> {
          // The provider takes a second for each, and each second another one comes.
          stage.clock.advance(Duration.ofSeconds(1));
          if (attempt.content().text().orElseThrow().equals("low")) {
            lowAt.add(stage.clock.elapsed());
          } else if (stage.clock.elapsed().compareTo(Duration.ofMinutes(20)) < 0) {
            send("normal", Priority.NORMAL);
          }
          return DeliveryResult.accepted();
        });
    send("normal", Priority.NORMAL);
    send("normal", Priority.NORMAL); // there is always one that waits
    stage.run();

    assertThat(lowAt).singleElement().satisfies(OrderTest::isAboutFiveMinutes);
    assertThat(stage.clock.elapsed()).isGreaterThan(Duration.ofMinutes(20));
  }

  private static void isAboutFiveMinutes(Duration time) {
    assertThat(time).isBetween(Duration.ofMinutes(5), Duration.ofSeconds(310));
  }

  @Test
  void aRetryTakesItsPlaceByItsDueTime() {
    stage.email.then(BUSY);
    send("fails at first", Priority.NORMAL); // due again after 10 s
    stage.run();
    stage.clock.advance(Duration.ofSeconds(9));
    send("sent after 9 s", Priority.NORMAL);
    stage.clock.advance(Duration.ofSeconds(2));
    send("sent after 11 s", Priority.NORMAL);
    stage.run();

    assertThat(stage.email.texts())
        .containsExactly("fails at first", "sent after 9 s", "fails at first", "sent after 11 s");
  }

  @Test
  void aClockThatIsSetBackStrandsNothing() {
    send("before", Priority.NORMAL);
    stage.clock.advance(Duration.ofHours(-2));
    send("after", Priority.NORMAL);
    stage.email.then(BUSY);
    stage.runUntil(Duration.ofHours(-1));

    assertThat(stage.email.texts()).containsExactly("after", "before", "after");
  }
}
