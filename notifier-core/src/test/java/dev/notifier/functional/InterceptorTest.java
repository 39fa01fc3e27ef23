package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.notifier.ChannelId;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.RateLimit;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an interceptor may do, and what it cannot break. */
@ExtendWith(QuietLog.class)
class InterceptorTest {
  private static Stage stage(DeliveryInterceptor... interceptors) {
    return Stage.open(
        builder -> {
          for (DeliveryInterceptor interceptor : interceptors) {
            builder.interceptor(interceptor);
          }
          return builder;
        });
  }

  /** Sends one by email, where the retries of a failure that the interceptor makes can be seen. */
  private static DeliveryResult firstResult(Stage stage) {
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();
    return stage.delivery(receipt).attempts().get(0).result();
  }

  @Test
  void theFirstOneAddedIsTheOutermost() {
    List<String> calls = new ArrayList<>();
    Stage stage =
        stage(
            (attempt, chain) -> {
              calls.add("outer in");
              DeliveryResult result = chain.proceed(attempt);
              calls.add("outer out");
              return result;
            },
            (attempt, chain) -> {
              calls.add("inner in");
              DeliveryResult result = chain.proceed(attempt);
              calls.add("inner out");
              return result;
            });
    firstResult(stage);

    assertThat(calls).containsExactly("outer in", "inner in", "inner out", "outer out");
  }

  @Test
  void anAttemptKnowsWhenItsNotificationExpiresHoweverLateItIs() {
    List<Optional<Instant>> seen = new ArrayList<>();
    Stage stage =
        stage(
            (attempt, chain) -> {
              seen.add(attempt.withContent(Content.text("changed")).expiresAt());
              return seen.size() == 1 ? Stage.BUSY : chain.proceed(attempt);
            });

    stage.send(byEmail("hello").expiresAfter(Duration.ofMinutes(5)));
    stage.runToTheEnd();
    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    Optional<Instant> expiry = Optional.of(StandingClock.START.plus(Duration.ofMinutes(5)));
    assertThat(seen).containsExactly(expiry, expiry, Optional.empty());
  }

  @Test
  void itMayChangeTheContent() {
    Stage stage =
        stage((attempt, chain) -> chain.proceed(attempt.withContent(Content.text("hello, Ada"))));
    firstResult(stage);

    assertThat(stage.email.texts()).containsExactly("hello, Ada");
  }

  @Test
  void itMayAnswerItself() {
    Stage stage = stage((attempt, chain) -> DeliveryResult.permanentFailure("not on Sundays"));
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.delivery(receipt).reason()).isEqualTo("not on Sundays");
  }

  @Test
  void theAnswerStandsWhateverItReturns() {
    Stage stage =
        stage(
            (attempt, chain) -> {
              chain.proceed(attempt);
              return DeliveryResult.transientFailure("I did not like it");
            });

    assertThat(firstResult(stage)).isEqualTo(DeliveryResult.accepted());
    stage.runToTheEnd();
    assertThat(stage.email.calls()).hasSize(1);
  }

  @Test
  void theAnswerStandsWhateverItThrows() {
    for (Throwable thrown :
        List.of(new IllegalStateException(), new IOException(), new StackOverflowError())) {
      Stage stage =
          stage(
              (attempt, chain) -> {
                chain.proceed(attempt);
                throwAny(thrown);
                return DeliveryResult.accepted();
              });

      assertThat(firstResult(stage)).isEqualTo(DeliveryResult.accepted());
      stage.runToTheEnd();
      assertThat(stage.email.calls()).as("no second send").hasSize(1);
    }
  }

  @Test
  void theAnswerStandsWhenItReturnsNull() {
    Stage stage =
        stage(
            (attempt, chain) -> {
              chain.proceed(attempt);
              return null;
            });

    assertThat(firstResult(stage)).isEqualTo(DeliveryResult.accepted());
  }

  @Test
  void aFailureStandsToo() {
    Stage stage =
        stage(
            (attempt, chain) -> {
              chain.proceed(attempt);
              return DeliveryResult.accepted();
            });
    stage.email.then(BUSY);

    assertThat(firstResult(stage)).isEqualTo(BUSY);
  }

  @Test
  void itProceedsAtMostOnce() {
    AtomicReference<Throwable> second = new AtomicReference<>();
    Stage stage =
        stage(
            (attempt, chain) -> {
              DeliveryResult result = chain.proceed(attempt);
              try {
                chain.proceed(attempt);
              } catch (IllegalStateException e) {
                second.set(e);
              }
              return result;
            });

    assertThat(firstResult(stage)).isEqualTo(DeliveryResult.accepted());
    assertThat(stage.email.calls()).hasSize(1);
    assertThat(second.get()).hasMessageContaining("only once");
  }

  @Test
  void oneThatThrowsBeforeItProceedsMakesATransientFailure() {
    for (Throwable thrown :
        List.of(new IllegalStateException("no"), new IOException("no"), new LinkageError("no"))) {
      Stage stage =
          stage(
              (attempt, chain) -> {
                throwAny(thrown);
                return chain.proceed(attempt);
              });

      assertThat(firstResult(stage))
          .isInstanceOf(Transient.class)
          .extracting(DeliveryResult::reason)
          .asString()
          .contains("interceptor", "threw", thrown.getClass().getName());
      assertThat(stage.email.calls()).isEmpty();
    }
  }

  @Test
  void oneThatReturnsNullWithoutProceedingMakesATransientFailure() {
    Stage stage = stage((attempt, chain) -> null);

    assertThat(firstResult(stage)).isInstanceOf(Transient.class);
    assertThat(stage.email.calls()).isEmpty();
  }

  @Test
  void anotherDeliveryIsRefused() {
    Notification other =
        Notification.to(Recipient.named("eve").email("eve@example.com")).text("hello").build();
    Stage stage =
        stage(
            (attempt, chain) ->
                chain.proceed(
                    DeliveryAttempt.of(
                        attempt.delivery(), other, ChannelId.of("email"), attempt.number())));

    assertThat(firstResult(stage))
        .isInstanceOf(Transient.class)
        .extracting(DeliveryResult::reason)
        .asString()
        .contains("another delivery")
        .doesNotContain("eve@example.com");
    assertThat(stage.email.calls()).isEmpty();

    Stage otherLeg =
        stage(
            (attempt, chain) ->
                chain.proceed(
                    DeliveryAttempt.of(
                        new DeliveryId(attempt.delivery().notification(), 1),
                        attempt.notification(),
                        attempt.channel(),
                        1)));
    assertThat(firstResult(otherLeg)).isInstanceOf(Transient.class);
    assertThat(otherLeg.email.calls()).isEmpty();
  }

  @Test
  void whatItSaysNeverHoldsTheFullAddress() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage throwing =
          stage(
              (attempt, chain) -> {
                throw new IllegalStateException("no route to " + attempt.address().value());
              });
      assertThat(firstResult(throwing).reason())
          .contains("a***@example.com")
          .doesNotContain("ada.lovelace@");

      Stage answering =
          stage(
              (attempt, chain) ->
                  DeliveryResult.permanentFailure("bad " + attempt.address().value()));
      assertThat(firstResult(answering).reason()).isEqualTo("bad a***@example.com");

      assertThat(log.messages(Level.WARN)).isNotEmpty();
      assertThat(log.events())
          .noneMatch(event -> event.getFormattedMessage().contains("ada.lovelace@"));
    }
  }

  @Test
  void itStandsOutsideTheRateLimit() {
    List<DeliveryResult> seen = new ArrayList<>();
    Stage stage =
        Stage.open(
            builder ->
                builder
                    .policy(
                        "email",
                        Stage.CALM.toBuilder()
                            .rateLimit(new RateLimit(1, Duration.ofHours(1)))
                            .build())
                    .interceptor(
                        (attempt, chain) -> {
                          DeliveryResult result = chain.proceed(attempt);
                          seen.add(result);
                          return result;
                        }));
    stage.send(byEmail("one"));
    stage.send(byEmail("two"));
    stage.run();

    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isInstanceOf(DeliveryResult.Deferred.class);
  }

  @Test
  void aDeferralUntilATimeThatHasPassedDoesNotSpin() {
    for (DeliveryResult.Obstacle obstacle : DeliveryResult.Obstacle.values()) {
      Stage stage = Stage.open();
      stage.email.then(
          DeliveryResult.deferred(StandingClock.START, obstacle, "now"),
          DeliveryResult.deferred(java.time.Instant.MIN, obstacle, "long ago"));
      Receipt receipt = stage.send(byEmail("hello"));
      assertThat(stage.run()).isEqualTo(1);

      stage.runToTheEnd();

      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
      assertThat(stage.email.times())
          .containsExactly(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2));
    }
  }

  @Test
  void aDeferralForEverEndsWithTheLifeOfTheNotification() {
    for (DeliveryResult.Obstacle obstacle : DeliveryResult.Obstacle.values()) {
      Stage stage = Stage.open();
      stage.email.always(DeliveryResult.deferred(java.time.Instant.MAX, obstacle, "never"));
      Receipt receipt = stage.send(byEmail("hello").expiresAfter(Duration.ofDays(3)));
      stage.runToTheEnd();

      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAny(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
