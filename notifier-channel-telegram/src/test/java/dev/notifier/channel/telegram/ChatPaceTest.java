package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.RateLimit;
import dev.notifier.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatPaceTest {
  private static final Instant START = SettableClock.START;

  private final SettableClock clock = new SettableClock();
  private final ChatPace pace = new ChatPace(RateLimit.perMinute(2), clock);

  private static Instant until(DeliveryResult result) {
    return ((Deferred) result).until();
  }

  private DeliveryResult refuse(String chat, int seconds) {
    return pace.refused(chat, Optional.of(Duration.ofSeconds(seconds)));
  }

  @Test
  void theFirst429HoldsTheLaneForAFewSecondsAndTheChatForTheWholeTime() {
    DeliveryResult result = refuse("1", 40);

    assertThat(((Deferred) result).obstacle()).isEqualTo(Obstacle.CHANNEL_LIMIT);
    assertThat(until(result)).isEqualTo(START.plus(ChatPace.FIRST_HOLD));
    assertThat(pace.obstacle("1").map(ChatPaceTest::until)).contains(START.plusSeconds(40));
    assertThat(pace.obstacle("2")).isEmpty();
  }

  @Test
  void a429OfAnotherChatMeansTheBotAndHoldsTheLaneForTheWholeTime() {
    refuse("1", 40);
    clock.advance(Duration.ofSeconds(5));

    assertThat(until(refuse("2", 35))).isEqualTo(START.plusSeconds(40));
  }

  @Test
  void a429OfTheSameChatDoesNotMeanTheBot() {
    refuse("1", 40);

    assertThat(until(refuse("1", 40))).isEqualTo(START.plus(ChatPace.FIRST_HOLD));
  }

  @Test
  void anOld429ProvesNothing() {
    refuse("1", 40);
    clock.advance(Duration.ofSeconds(40));

    assertThat(until(refuse("2", 40))).isEqualTo(START.plusSeconds(45));
  }

  @Test
  void aShortWaitHoldsTheLaneNoLonger() {
    assertThat(until(refuse("1", 2))).isEqualTo(START.plusSeconds(2));
  }

  @Test
  void a429WithoutATimeWaitsAFewSeconds() {
    assertThat(until(pace.refused("1", Optional.empty())))
        .isEqualTo(START.plus(ChatPace.DEFAULT_WAIT));
  }

  @Test
  void noChatWaitsForMoreThanADay() {
    refuse("1", 10_000_000);

    assertThat(pace.obstacle("1").map(ChatPaceTest::until))
        .contains(START.plus(Duration.ofDays(1)));
  }

  @Test
  void groupsAndChannelsAreLimitedAndUsersAreNot() {
    for (int i = 0; i < 2; i++) {
      assertThat(pace.obstacle("-1")).isEmpty();
      assertThat(pace.obstacle("@news")).isEmpty();
    }

    assertThat(pace.obstacle("-1").map(ChatPaceTest::until)).contains(START.plusSeconds(60));
    assertThat(pace.obstacle("@news")).isPresent();
    assertThat(pace.obstacle("-2")).isEmpty();
    for (int i = 0; i < 100; i++) {
      assertThat(pace.obstacle("1")).isEmpty();
    }
  }

  @Test
  void theLimitOfGroupsSlides() {
    assertThat(pace.obstacle("-1")).isEmpty();
    clock.advance(Duration.ofSeconds(30));
    assertThat(pace.obstacle("-1")).isEmpty();
    clock.advance(Duration.ofSeconds(30));
    assertThat(pace.obstacle("-1")).isEmpty();
    assertThat(pace.obstacle("-1").map(ChatPaceTest::until)).contains(START.plusSeconds(90));
  }

  @Test
  void aClockThatIsSetBackLocksNobodyOut() {
    pace.obstacle("-1");
    pace.obstacle("-1");
    clock.set(START.minus(Duration.ofDays(1)));

    assertThat(pace.obstacle("-1")).isEmpty();
  }

  @Test
  void withoutALimitOfGroupsOnlyTelegramLimits() {
    ChatPace unlimited = new ChatPace(null, clock);
    for (int i = 0; i < 100; i++) {
      assertThat(unlimited.obstacle("-1")).isEmpty();
    }
  }
}
