package dev.notifier.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.OnAmbiguity;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.Route.FallbackOn;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules as a table: every result in every situation.
 *
 * <p>A delivery was accepted at {@code ACCEPTED}, is due since {@code DUE}, and it is {@code NOW}.
 * Retries wait 10 seconds, a pause is a minute, what a gate puts off waits 20 seconds.
 */
class SettlementRulesTest {
  private static final Instant ACCEPTED_AT = Instant.parse("2025-01-01T12:00:00Z");
  private static final Instant DUE = ACCEPTED_AT.plusSeconds(90);
  private static final Instant NOW = ACCEPTED_AT.plusSeconds(100);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Instant LATER = NOW.plusSeconds(20);
  private static final Duration LONGEST_LIFE = Duration.ofDays(5);

  private static final ChannelPolicy POLICY =
      ChannelPolicy.builder()
          .retry(RetryPolicy.delays(RETRY_DELAY).withJitter(0))
          .configurationFaultPause(PAUSE)
          .build();
  private static final SettlementRules RULES =
      new SettlementRules(id -> POLICY, LONGEST_LIFE, () -> 0.5);

  /** Every kind of answer, with the wait that it asks for, if any. */
  @SuppressWarnings("ImmutableEnumChecker") // results are immutable
  enum Answer {
    ACCEPTED(DeliveryResult.accepted("id-1")),
    TRANSIENT(DeliveryResult.transientFailure("busy")),
    TRANSIENT_WITH_RETRY_AFTER(DeliveryResult.transientFailure("429", Duration.ofSeconds(25))),
    AMBIGUOUS(DeliveryResult.ambiguous("answer lost")),
    PERMANENT(DeliveryResult.permanentFailure("no")),
    SUPPRESSING(DeliveryResult.suppressRecipient("opted out")),
    CONFIGURATION_FAULT(DeliveryResult.configurationFault("bad token")),
    UNAVAILABLE(DeliveryResult.deferred(LATER, Obstacle.UNAVAILABLE, "breaker")),
    RECIPIENT_LIMIT(DeliveryResult.deferred(LATER, Obstacle.RECIPIENT_LIMIT, "limit")),
    CHANNEL_LIMIT(DeliveryResult.deferred(LATER, Obstacle.CHANNEL_LIMIT, "limit"));

    final DeliveryResult result;

    Answer(DeliveryResult result) {
      this.result = result;
    }
  }

  /** When the time with the channel is up. */
  enum Deadline {
    NONE(null),
    PASSED(Duration.ofSeconds(95)),
    /** After now, but before the shortest wait is over. */
    SOON(Duration.ofSeconds(105)),
    FAR(Duration.ofHours(1));

    final Duration after;

    Deadline(Duration after) {
      this.after = after;
    }

    Instant instant() {
      return ACCEPTED_AT.plus(after);
    }
  }

  /** When the notification expires; what has expired before the attempt is another table. */
  enum Expiry {
    /** While the attempt was made. */
    DURING(Duration.ofSeconds(99)),
    /** After now, but before the shortest wait is over. */
    SOON(Duration.ofSeconds(104)),
    FAR(Duration.ofHours(2));

    final Duration after;

    Expiry(Duration after) {
      this.after = after;
    }
  }

  record Situation(
      Answer answer,
      boolean hasNext,
      boolean hasRetries,
      FallbackOn fallbackOn,
      Deadline deadline,
      Expiry expiry,
      OnAmbiguity onAmbiguity) {

    QueuedDelivery delivery() {
      Notification.Builder notification =
          Notification.to(Recipient.named("ada").email("ada@example.com").sms("+4915112345678"))
              .via("email")
              .text("hello")
              .fallbackOn(fallbackOn)
              .onAmbiguity(onAmbiguity)
              .expiresAfter(expiry.after);
      if (hasNext) {
        notification.orElse("sms");
      }
      if (deadline != Deadline.NONE) {
        notification.fallbackAfter(deadline.after);
      }
      return dueDelivery(notification.build(), hasRetries ? 0 : 1);
    }
  }

  /** A delivery that was put off until {@code DUE} after so many attempts. */
  private static QueuedDelivery dueDelivery(Notification notification, int attempts) {
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(1, 2)), 0);
    QueuedDelivery delivery = QueuedDelivery.first(id, notification, ACCEPTED_AT);
    for (int i = 0; i < attempts; i++) {
      delivery = delivery.requeued(new Requeued(Cause.RETRY, 0, ACCEPTED_AT, ""));
    }
    return delivery.requeued(new Requeued(Cause.DEFERRAL, 0, DUE, ""));
  }

  static Stream<Situation> everySituation() {
    List<Situation> all = new ArrayList<>();
    for (Answer answer : Answer.values()) {
      for (boolean hasNext : new boolean[] {true, false}) {
        for (boolean hasRetries : new boolean[] {true, false}) {
          for (FallbackOn fallbackOn : FallbackOn.values()) {
            for (Deadline deadline : Deadline.values()) {
              for (Expiry expiry : Expiry.values()) {
                for (OnAmbiguity onAmbiguity : OnAmbiguity.values()) {
                  all.add(
                      new Situation(
                          answer, hasNext, hasRetries, fallbackOn, deadline, expiry, onAmbiguity));
                }
              }
            }
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everySituation")
  void everyResultInEverySituationFollowsTheRules(Situation situation) {
    Settlement settlement = RULES.settle(situation.delivery(), situation.answer().result, NOW);

    assertThat(inShort(settlement)).isEqualTo(expected(situation));
    assertThat(settlement.reason()).isNotBlank();
  }

  /** The rules of the guide, in its order. */
  private static String expected(Situation s) {
    return switch (s.answer()) {
      case ACCEPTED -> "SENT";
      case PERMANENT, SUPPRESSING -> s.hasNext() ? "next now" : "FAILED";
      case CONFIGURATION_FAULT ->
          s.hasNext() ? "next now" : waiting(s, "DEFERRAL", NOW.plus(PAUSE));
      case UNAVAILABLE -> s.hasNext() ? "next now" : waiting(s, "DEFERRAL", LATER);
      case RECIPIENT_LIMIT -> waiting(s, "DEFERRAL", LATER);
      case CHANNEL_LIMIT -> waiting(s, "DEFERRAL", DUE);
      case AMBIGUOUS -> s.onAmbiguity() == OnAmbiguity.GIVE_UP ? "FAILED" : retried(s, RETRY_DELAY);
      case TRANSIENT -> retried(s, RETRY_DELAY);
      case TRANSIENT_WITH_RETRY_AFTER -> retried(s, Duration.ofSeconds(25));
    };
  }

  private static String retried(Situation s, Duration wait) {
    boolean mayNotWait =
        s.fallbackOn() == FallbackOn.FIRST_FAILURE || s.deadline() == Deadline.PASSED;
    if (s.hasNext() && (mayNotWait || !s.hasRetries())) {
      return "next now";
    }
    return s.hasRetries() ? waiting(s, "RETRY", NOW.plus(wait)) : "FAILED";
  }

  private static String waiting(Situation s, String cause, Instant until) {
    Instant latest = until.isAfter(NOW) ? until : NOW;
    boolean tooLate =
        s.deadline() != Deadline.NONE && !latest.isBefore(s.deadline().instant()) && s.hasNext();
    Instant due = tooLate ? s.deadline().instant() : until;
    if (!due.isBefore(ACCEPTED_AT.plus(s.expiry().after))) {
      return s.hasNext() ? "next now" : "EXPIRED";
    }
    return (tooLate ? "next" : cause) + " at " + seconds(due);
  }

  private static String inShort(Settlement settlement) {
    if (settlement instanceof Finished finished) {
      return finished.status().name();
    }
    Requeued again = (Requeued) settlement;
    if (again.cause() == Cause.FALL_BACK) {
      assertThat(again.position()).isEqualTo(1);
      return again.due().equals(NOW) ? "next now" : "next at " + seconds(again.due());
    }
    assertThat(again.position()).isZero();
    return again.cause() + " at " + seconds(again.due());
  }

  private static long seconds(Instant time) {
    return Duration.between(ACCEPTED_AT, time).toSeconds();
  }

  /** The rows that an application meets most, written out. */
  @ParameterizedTest
  @CsvSource({
    // answer, next?, retries?, trigger, deadline, ambiguity -> outcome
    "ACCEPTED,            true,  true,  EXHAUSTION,    NONE, RETRY,   SENT",
    "TRANSIENT,           true,  true,  EXHAUSTION,    NONE, RETRY,   RETRY at 110",
    "TRANSIENT,           true,  false, EXHAUSTION,    NONE, RETRY,   next now",
    "TRANSIENT,           false, false, EXHAUSTION,    NONE, RETRY,   FAILED",
    "TRANSIENT,           true,  true,  FIRST_FAILURE, NONE, RETRY,   next now",
    "TRANSIENT,           false, true,  FIRST_FAILURE, NONE, RETRY,   RETRY at 110",
    "TRANSIENT,           true,  true,  EXHAUSTION,    SOON, RETRY,   next at 105",
    "TRANSIENT,           true,  true,  EXHAUSTION,  PASSED, RETRY,   next now",
    "TRANSIENT,           false, true,  EXHAUSTION,  PASSED, RETRY,   RETRY at 110",
    "AMBIGUOUS,           true,  true,  EXHAUSTION,    NONE, RETRY,   RETRY at 110",
    "AMBIGUOUS,           true,  true,  EXHAUSTION,    NONE, GIVE_UP, FAILED",
    "AMBIGUOUS,           true,  true,  FIRST_FAILURE, NONE, GIVE_UP, FAILED",
    "PERMANENT,           true,  true,  EXHAUSTION,    NONE, RETRY,   next now",
    "PERMANENT,           false, true,  EXHAUSTION,    NONE, RETRY,   FAILED",
    "SUPPRESSING,         true,  true,  EXHAUSTION,    NONE, RETRY,   next now",
    "CONFIGURATION_FAULT, true,  true,  EXHAUSTION,    NONE, RETRY,   next now",
    "CONFIGURATION_FAULT, false, false, EXHAUSTION,    NONE, RETRY,   DEFERRAL at 160",
    "UNAVAILABLE,         true,  true,  EXHAUSTION,    NONE, RETRY,   next now",
    "UNAVAILABLE,         false, false, EXHAUSTION,    NONE, RETRY,   DEFERRAL at 120",
    "RECIPIENT_LIMIT,     true,  true,  EXHAUSTION,    NONE, RETRY,   DEFERRAL at 120",
    "RECIPIENT_LIMIT,     true,  true,  EXHAUSTION,    SOON, RETRY,   next at 105",
    "CHANNEL_LIMIT,       true,  false, EXHAUSTION,    NONE, RETRY,   DEFERRAL at 90",
    "CHANNEL_LIMIT,       true,  true,  EXHAUSTION,  PASSED, RETRY,   next at 95",
  })
  void commonCases(
      Answer answer,
      boolean hasNext,
      boolean hasRetries,
      FallbackOn fallbackOn,
      Deadline deadline,
      OnAmbiguity onAmbiguity,
      String outcome) {
    Situation situation =
        new Situation(answer, hasNext, hasRetries, fallbackOn, deadline, Expiry.FAR, onAmbiguity);

    assertThat(inShort(RULES.settle(situation.delivery(), answer.result, NOW))).isEqualTo(outcome);
  }

  @Test
  void theTableKnowsEveryKindOfResult() {
    Set<Class<?>> covered = new HashSet<>();
    for (Answer answer : Answer.values()) {
      covered.add(answer.result.getClass());
    }

    assertThat(covered)
        .as("a new result needs rows in this table")
        .isEqualTo(Set.of(DeliveryResult.class.getPermittedSubclasses()))
        .isEqualTo(
            Set.of(
                Accepted.class, Transient.class, Permanent.class, Ambiguous.class, Deferred.class));
    assertThat(
            Arrays.stream(Answer.values())
                .map(answer -> answer.result)
                .filter(Deferred.class::isInstance)
                .map(result -> ((Deferred) result).obstacle())
                .collect(Collectors.toSet()))
        .as("a new obstacle needs rows in this table")
        .containsExactlyInAnyOrder(Obstacle.values());
  }

  @Test
  void aWaitThatEndsWithTheLifeIsNoLongerAllowed() {
    Notification notification =
        Notification.to("email:ada@example.com")
            .text("hello")
            .expiresAfter(Duration.between(ACCEPTED_AT, NOW.plus(RETRY_DELAY)))
            .build();

    assertThat(inShort(RULES.settle(dueDelivery(notification, 0), Answer.TRANSIENT.result, NOW)))
        .isEqualTo("EXPIRED");
    assertThat(
            inShort(
                RULES.settle(
                    dueDelivery(notification, 0), Answer.TRANSIENT.result, NOW.minusMillis(1))))
        .isEqualTo("RETRY at 109");
  }

  @Test
  void onlyThePoliciesOfItsOwnChannelAndPriorityCount() {
    SettlementRules rules =
        new SettlementRules(
            id ->
                id.equals(ChannelId.of("email"))
                    ? POLICY
                    : ChannelPolicy.builder().retry(RetryPolicy.none()).build(),
            LONGEST_LIFE,
            () -> 0.5);
    Notification bySms = Notification.to("sms:+4915112345678").text("hello").build();
    Notification byEmail = Notification.to("email:ada@example.com").text("hello").build();

    assertThat(inShort(rules.settle(dueDelivery(bySms, 0), Answer.TRANSIENT.result, NOW)))
        .isEqualTo("FAILED");
    assertThat(inShort(rules.settle(dueDelivery(byEmail, 0), Answer.TRANSIENT.result, NOW)))
        .isEqualTo("RETRY at 110");
  }

  @ParameterizedTest
  @CsvSource({"0.0, 108", "0.5, 110", "1.0, 112"})
  void theJitterComesFromTheGivenSource(double random, long retryAt) {
    ChannelPolicy jittery = ChannelPolicy.builder().retry(RetryPolicy.delays(RETRY_DELAY)).build();
    SettlementRules rules = new SettlementRules(id -> jittery, LONGEST_LIFE, () -> random);
    Notification notification = Notification.to("email:ada@example.com").text("hello").build();

    assertThat(inShort(rules.settle(dueDelivery(notification, 0), Answer.TRANSIENT.result, NOW)))
        .isEqualTo("RETRY at " + retryAt);
  }

  // --- Before the attempt -----------------------------------------------------------------------

  enum Life {
    OVER(Duration.ofSeconds(100)),
    LEFT(Duration.ofSeconds(101));

    final Duration length;

    Life(Duration length) {
      this.length = length;
    }
  }

  @ParameterizedTest
  @CsvSource({
    // life, suppressed?, deadline, next? -> verdict
    "OVER, true,  PASSED, true,  EXPIRED",
    "OVER, true,  NONE,   false, EXPIRED",
    "OVER, false, PASSED, true,  EXPIRED",
    "OVER, false, FAR,    true,  EXPIRED",
    "OVER, false, NONE,   false, EXPIRED",
    "LEFT, true,  PASSED, true,  next now",
    "LEFT, true,  FAR,    true,  next now",
    "LEFT, true,  NONE,   true,  next now",
    "LEFT, true,  NONE,   false, SUPPRESSED",
    "LEFT, true,  PASSED, false, SUPPRESSED",
    "LEFT, false, PASSED, true,  next now",
    "LEFT, false, PASSED, false, attempt",
    "LEFT, false, SOON,   true,  attempt",
    "LEFT, false, FAR,    true,  attempt",
    "LEFT, false, NONE,   true,  attempt",
    "LEFT, false, NONE,   false, attempt",
  })
  void beforeAnAttemptLifeThenSuppressionThenTheDeadlineCount(
      Life life, boolean suppressed, Deadline deadline, boolean hasNext, String verdict) {
    Notification.Builder notification =
        Notification.to(Recipient.named("ada").email("ada@example.com").sms("+4915112345678"))
            .via("email")
            .text("hello")
            .expiresAfter(life.length);
    if (hasNext) {
      notification.orElse("sms");
    }
    if (deadline != Deadline.NONE) {
      notification.fallbackAfter(deadline.after);
    }
    Optional<String> objection =
        suppressed ? Optional.of("the address is suppressed: opted out") : Optional.empty();

    Optional<Settlement> actual =
        RULES.beforeAttempt(dueDelivery(notification.build(), 0), objection, NOW);

    assertThat(actual.map(SettlementRulesTest::inShort).orElse("attempt")).isEqualTo(verdict);
  }

  @Test
  void theReasonOfAnObjectionIsPassedOn() {
    Notification notification = Notification.to("email:ada@example.com").text("hello").build();
    Optional<String> objection = Optional.of("the address is suppressed: complained in May");

    assertThat(RULES.beforeAttempt(dueDelivery(notification, 0), objection, NOW))
        .hasValueSatisfying(
            settlement -> assertThat(settlement.reason()).contains("complained in May"));
  }

  @ParameterizedTest
  @CsvSource({"GIVE_UP, FAILED", "RETRY, attempt"})
  void anAttemptThatNobodyRecordedIsRepeatedUnlessItMustNotBe(OnAmbiguity choice, String verdict) {
    Notification notification =
        Notification.to("email:ada@example.com").text("hello").onAmbiguity(choice).build();
    QueuedDelivery interrupted =
        QueuedDelivery.restored(
            dueDelivery(notification, 0).id(),
            notification,
            0,
            0,
            NOW,
            ACCEPTED_AT,
            ACCEPTED_AT,
            true);

    Optional<Settlement> actual = RULES.beforeAttempt(interrupted, Optional.empty(), NOW);

    assertThat(actual.map(SettlementRulesTest::inShort).orElse("attempt")).isEqualTo(verdict);
  }

  @Test
  void whatSaysNothingOfItsLifeHasTheLongestOne() {
    Notification notification = Notification.to("email:ada@example.com").text("hello").build();
    QueuedDelivery delivery = dueDelivery(notification, 0);
    Instant end = ACCEPTED_AT.plus(LONGEST_LIFE);

    assertThat(RULES.beforeAttempt(delivery, Optional.empty(), end.minusMillis(1))).isEmpty();
    assertThat(RULES.beforeAttempt(delivery, Optional.empty(), end))
        .hasValueSatisfying(settlement -> assertThat(inShort(settlement)).isEqualTo("EXPIRED"));
  }

  @Test
  void everyEndThatTheRulesGiveIsALegalEndOfAnAttempt() {
    Set<DeliveryStatus> ends =
        everySituation()
            .map(s -> RULES.settle(s.delivery(), s.answer().result, NOW))
            .filter(Finished.class::isInstance)
            .map(settlement -> ((Finished) settlement).status())
            .collect(Collectors.toSet());

    assertThat(ends)
        .containsExactlyInAnyOrder(
            DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.EXPIRED)
        .allMatch(DeliveryStatus.SENDING::canBecome);
  }
}
