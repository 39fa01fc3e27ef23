package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;

import dev.notifier.Address;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.ChannelSummary.Reason;
import dev.notifier.ChannelSummary.Times;
import dev.notifier.DeliveryCounts;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NotificationStore} must do, as tests. The author of a store extends this class:
 *
 * <pre>{@code
 * class FileStoreTest extends NotificationStoreContract {
 *   @TempDir Path folder;
 *
 *   protected NotificationStore createStore() { return FileStore.open(folder); }
 *
 *   protected NotificationStore reopenStore() { return FileStore.open(folder); }
 * }
 * }</pre>
 *
 * <p>Only {@link #createStore} must be there. Without {@link #reopenStore} the tests of durability
 * are skipped, and a warning is logged. What no test can bring about by itself is left to the
 * author: that every method ends with a {@link dev.notifier.StoreException} within a bounded time
 * when the store cannot answer.
 */
public abstract class NotificationStoreContract {
  private static final int THREADS = 16;
  private static final int ROUNDS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Recipient ADA =
      Recipient.named("ada").address("alpha", "ada-alpha").address("beta", "ada-beta");
  private static final Recipient BOB =
      Recipient.named("bob").address("alpha", "bob-alpha").address("beta", "bob-beta");

  private static final SuppressionTarget ADA_ALPHA = SuppressionTarget.parse("alpha:ada-alpha");

  /** Ids and times rise over all tests, so that "newest" means the same by either. */
  private final AtomicLong lastMillis = new AtomicLong();

  private NotificationStore store;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected NotificationStoreContract() {}

  /**
   * Makes the store under test; it holds nothing. Called before each test, before the
   * {@code @BeforeEach} methods of the subclass; the contract closes the store afterwards.
   */
  protected abstract NotificationStore createStore() throws Exception;

  /**
   * Opens the store again that was made last and has just been closed in order, as the next start
   * of a process does. The default skips the tests of durability.
   */
  protected NotificationStore reopenStore() throws Exception {
    return Skipped.because("override reopenStore() if this store is durable");
  }

  /**
   * Returns the newest entry of a delivery that this store brings back itself when it is due;
   * called when {@link NotificationStore#settle} put a delivery back and returned nothing. It may
   * wait. The default fails.
   */
  protected QueuedDelivery broughtBack(DeliveryId id) throws Exception {
    throw new AssertionError(
        "settle(...) put delivery "
            + id
            + " back and returned no entry: override broughtBack(...) if this store brings it back"
            + " itself");
  }

  /**
   * Waits until {@code find} and {@code deadLetters} can see what was settled, in a store that
   * writes later. The default does not wait.
   */
  protected void awaitWrites() throws Exception {}

  /** Returns the clock that the store reads. Defaults to the system's. */
  protected InstantSource clock() {
    return InstantSource.system();
  }

  // --- What the tests stand on ------------------------------------------------------------------

  @BeforeEach
  final void openStore() throws Exception {
    store = createStore();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private void reopen() throws Exception {
    store.close();
    store = reopenStore();
  }

  private Submission submission(Notification notification) {
    long millis =
        lastMillis.updateAndGet(last -> Math.max(last + 1, clock().instant().toEpochMilli()));
    return submission(
        new NotificationId(versionSeven(millis)), notification, Instant.ofEpochMilli(millis));
  }

  private static Submission submission(
      NotificationId id, Notification notification, Instant acceptedAt) {
    List<QueuedDelivery> deliveries = new ArrayList<>();
    for (int leg = 0; leg < notification.route().legs().size(); leg++) {
      deliveries.add(QueuedDelivery.first(new DeliveryId(id, leg), notification, acceptedAt));
    }
    return new Submission(id, notification, acceptedAt, deliveries);
  }

  private static UUID versionSeven(long millis) {
    return new UUID(millis << 16 | 0x7000, UUID.randomUUID().getLeastSignificantBits());
  }

  private Submission inserted(Notification notification) {
    Submission submission = submission(notification);
    assertThat(store.insert(submission)).as("an earlier notification").isEmpty();
    return submission;
  }

  private static Notification toAda() {
    return Notification.to(ADA).via("alpha").orElse("beta").text("Hello Ada").build();
  }

  private static Notification toAdaByBoth() {
    return Notification.to(ADA).viaAll("alpha", "beta").text("Hello Ada").build();
  }

  private static Notification withKey(Recipient recipient, String key) {
    return Notification.to(recipient).via("alpha").text("Hello").idempotencyKey(key).build();
  }

  private QueuedDelivery insertedDelivery() {
    return inserted(toAda()).deliveries().get(0);
  }

  private QueuedDelivery claimedDelivery() {
    return claimed(insertedDelivery());
  }

  private QueuedDelivery claimed(QueuedDelivery entry) {
    assertThat(store.claim(entry)).as("claim of %s", entry).isTrue();
    return entry;
  }

  private Optional<QueuedDelivery> finish(QueuedDelivery claimed, DeliveryStatus status) {
    return store.settle(
        claimed, report(claimed, DeliveryResult.accepted()), new Finished(status, "by contract"));
  }

  private QueuedDelivery putBack(QueuedDelivery claimed, Requeued settlement) throws Exception {
    AttemptReport attempt =
        settlement.cause() == Cause.DEFERRAL
            ? null
            : report(claimed, DeliveryResult.transientFailure("busy"));
    return putBack(claimed, attempt, settlement);
  }

  private QueuedDelivery putBack(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Requeued settlement)
      throws Exception {
    Optional<QueuedDelivery> next = store.settle(claimed, attempt, settlement);
    return next.isPresent() ? next.get() : broughtBack(claimed.id());
  }

  private static Requeued retry(QueuedDelivery delivery) {
    return new Requeued(Cause.RETRY, delivery.position(), soonAfter(delivery), "busy");
  }

  private static Requeued deferral(QueuedDelivery delivery) {
    return new Requeued(Cause.DEFERRAL, delivery.position(), soonAfter(delivery), "limited");
  }

  private static Requeued fallBack(QueuedDelivery delivery) {
    return new Requeued(Cause.FALL_BACK, delivery.position() + 1, soonAfter(delivery), "gone");
  }

  /** A different time for each entry, and no longer than a test can wait. */
  private static Instant soonAfter(QueuedDelivery delivery) {
    return delivery.due().plusMillis(5);
  }

  private static AttemptReport report(QueuedDelivery delivery, DeliveryResult result) {
    return new AttemptReport(
        delivery.channel(),
        delivery.attempts() + 1,
        delivery.due(),
        Duration.ofMillis(12),
        result,
        Optional.empty());
  }

  private NotificationReport found(NotificationId id) throws Exception {
    awaitWrites();
    return store.find(id).orElseThrow(() -> new AssertionError("find(" + id + ") found nothing"));
  }

  private DeliveryReport found(DeliveryId id) throws Exception {
    return found(id.notification()).deliveries().get(id.leg());
  }

  private DeliveryStatus statusOf(DeliveryId id) throws Exception {
    return found(id).status();
  }

  /** Does what a store may refuse in any way, as long as it changes nothing. */
  private void settleInVain(QueuedDelivery entry, Settlement settlement) throws Exception {
    DeliveryReport before = found(entry.id());
    AttemptReport late = report(entry, DeliveryResult.transientFailure("too late"));

    Throwable refusal =
        catchThrowable(
            () -> assertThat(store.settle(entry, late, settlement)).as("next entry").isEmpty());

    if (refusal instanceof AssertionError broken) {
      throw broken;
    }
    assertThat(found(entry.id())).as("after a settlement in vain").isEqualTo(before);
  }

  // --- The contract -----------------------------------------------------------------------------

  @Nested
  @DisplayName("insert")
  class Inserting {
    @Test
    @DisplayName("makes a notification known, with a delivery for each leg, all of them owed")
    void insertedIsKnown() throws Exception {
      Submission submission = inserted(toAdaByBoth());

      NotificationReport report = found(submission.id());

      assertThat(report.id()).isEqualTo(submission.id());
      assertThat(report.acceptedAt()).isEqualTo(submission.acceptedAt());
      assertThat(report.notification().recipient()).isEqualTo(ADA);
      assertThat(report.notification().route()).isEqualTo(submission.notification().route());
      assertThat(report.notification().content()).isEqualTo(submission.notification().content());
      assertThat(report.deliveries())
          .extracting(DeliveryReport::id)
          .containsExactly(
              submission.deliveries().get(0).id(), submission.deliveries().get(1).id());
      assertThat(submission.deliveries())
          .allSatisfy(delivery -> assertThat(store.owes(delivery.id())).isTrue());
    }

    @Test
    @DisplayName("leaves a delivery waiting that is due and was never tried")
    void insertedWaits() throws Exception {
      QueuedDelivery delivery = insertedDelivery();

      DeliveryReport report = found(delivery.id());

      assertThat(report.status()).isEqualTo(DeliveryStatus.QUEUED);
      assertThat(report.channel()).isEqualTo(ChannelId.of("alpha"));
      assertThat(report.nextAttempt()).hasValue(delivery.due());
      assertThat(report.attempts()).isEmpty();
    }

    @Test
    @DisplayName("returns the earlier id for a key that the recipient has had, and inserts nothing")
    void repeatIsRecognised() throws Exception {
      Submission first = inserted(withKey(ADA, "order-1"));
      Submission second = submission(withKey(ADA, "order-1"));

      assertThat(store.insert(second)).hasValue(first.id());

      awaitWrites();
      assertThat(store.find(second.id())).isEmpty();
      assertThat(store.owes(second.deliveries().get(0).id())).isFalse();
      assertThat(store.claim(second.deliveries().get(0))).isFalse();
    }

    @Test
    @DisplayName("recognises a repeat after the first one is settled")
    void repeatIsRecognisedAfterSettlement() {
      Submission first = inserted(withKey(ADA, "order-1"));
      finish(claimed(first.deliveries().get(0)), DeliveryStatus.SENT);

      assertThat(store.insert(submission(withKey(ADA, "order-1")))).hasValue(first.id());
    }

    @Test
    @DisplayName("takes the same key for another recipient, and another key for the same one")
    void keysAreScopedByRecipient() {
      inserted(withKey(ADA, "order-1"));

      inserted(withKey(BOB, "order-1"));
      inserted(withKey(ADA, "order-2"));
    }

    @Test
    @DisplayName("takes the same notification twice if it has no key")
    void withoutKeyNothingIsRepeat() {
      inserted(toAda());

      inserted(toAda());
    }

    @Test
    @DisplayName("lets one of many threads win that bring the same key, and tells the others whom")
    void keyIsClaimedAtomically() throws Exception {
      for (int round = 0; round < ROUNDS / 5; round++) {
        String key = "race-" + round;
        List<Submission> entrants = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          entrants.add(submission(withKey(ADA, key)));
        }

        List<Optional<NotificationId>> answers =
            Crowd.run(THREADS, PATIENCE, thread -> store.insert(entrants.get(thread)));

        assertOneWinner(entrants, answers);
      }
    }

    private void assertOneWinner(List<Submission> entrants, List<Optional<NotificationId>> answers)
        throws Exception {
      assertThat(answers)
          .as("answers, of which one is empty")
          .filteredOn(Optional::isEmpty)
          .hasSize(1);
      NotificationId winner = entrants.get(answers.indexOf(Optional.empty())).id();
      assertThat(answers).allSatisfy(a -> assertThat(a.orElse(winner)).isEqualTo(winner));
      assertThat(entrants)
          .filteredOn(entrant -> store.owes(entrant.deliveries().get(0).id()))
          .extracting(Submission::id)
          .containsExactly(winner);
      assertThat(found(winner).id()).isEqualTo(winner);
    }

    @Test
    @DisplayName("does the same without blocking")
    void insertAsyncDoesTheSame() throws Exception {
      Submission first = submission(withKey(ADA, "order-1"));

      assertThat(insertAsync(first)).isEmpty();
      assertThat(insertAsync(submission(withKey(ADA, "order-1")))).hasValue(first.id());

      assertThat(found(first.id()).status()).isEqualTo(DeliveryStatus.QUEUED);
    }

    private Optional<NotificationId> insertAsync(Submission submission) throws Exception {
      return store
          .insertAsync(submission)
          .toCompletableFuture()
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Nested
  @DisplayName("claim")
  class Claiming {
    @Test
    @DisplayName("gives a delivery that waits, and then it is being sent and still owed")
    void waitingDeliveryIsGiven() throws Exception {
      QueuedDelivery delivery = claimedDelivery();

      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENDING);
      assertThat(found(delivery.id()).nextAttempt()).isEmpty();
      assertThat(store.owes(delivery.id())).isTrue();
    }

    @Test
    @DisplayName("refuses what somebody has already")
    void claimedIsRefused() {
      QueuedDelivery delivery = claimedDelivery();

      assertThat(store.claim(delivery)).isFalse();
    }

    @Test
    @DisplayName("refuses what was never inserted")
    void unknownIsRefused() {
      assertThat(store.claim(submission(toAda()).deliveries().get(0))).isFalse();
    }

    @Test
    @DisplayName("refuses what is settled")
    void settledIsRefused() {
      QueuedDelivery delivery = claimedDelivery();
      finish(delivery, DeliveryStatus.SENT);

      assertThat(store.claim(delivery)).isFalse();
    }

    @Test
    @DisplayName("refuses an outdated entry and gives the newest one")
    void outdatedEntryIsRefused() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = putBack(first, retry(first));

      assertThat(store.claim(first)).isFalse();
      assertThat(store.claim(second)).isTrue();
    }

    @Test
    @DisplayName("gives an entry that is further along the route, and the delivery moves there")
    void laterChannelTakesOver() throws Exception {
      QueuedDelivery waiting = insertedDelivery();
      QueuedDelivery alarm = waiting.requeued(fallBack(waiting));

      assertThat(store.claim(alarm)).isTrue();

      assertThat(found(alarm.id()).channel()).isEqualTo(ChannelId.of("beta"));
      assertThat(statusOf(alarm.id())).isEqualTo(DeliveryStatus.SENDING);
    }

    @Test
    @DisplayName("refuses the entry of a channel that the delivery has left")
    void earlierChannelIsRefused() throws Exception {
      QueuedDelivery waiting = insertedDelivery();
      QueuedDelivery alarm = claimed(waiting.requeued(fallBack(waiting)));
      QueuedDelivery next = putBack(alarm, retry(alarm));

      assertThat(store.claim(waiting)).isFalse();
      assertThat(store.claim(next)).isTrue();
    }

    @Test
    @DisplayName("refuses an entry further along while the earlier channel is sending")
    void laterChannelWaitsForSender() {
      QueuedDelivery sending = claimedDelivery();

      assertThat(store.claim(sending.requeued(fallBack(sending)))).isFalse();
    }

    @Test
    @DisplayName("refuses an alarm for a channel on which the delivery is by now")
    void alarmThatCameTooLateIsRefused() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery onNextChannel = putBack(first, fallBack(first));
      Instant later = first.due().plusSeconds(1);
      QueuedDelivery alarm = first.requeued(new Requeued(Cause.FALL_BACK, 1, later, "time is up"));

      assertThat(store.claim(alarm)).isFalse();
      assertThat(store.claim(onNextChannel)).isTrue();
    }

    @Test
    @DisplayName("gives each delivery to exactly one of many threads")
    void oneOfManyGetsIt() throws Exception {
      List<QueuedDelivery> waiting = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        waiting.add(insertedDelivery());
      }

      List<QueuedDelivery> won =
          Crowd.run(THREADS, PATIENCE, thread -> waiting.stream().filter(store::claim).toList())
              .stream()
              .flatMap(List::stream)
              .toList();

      assertThat(won).containsExactlyInAnyOrderElementsOf(waiting);
    }
  }

  @Nested
  @DisplayName("settle")
  class Settling {
    @Test
    @DisplayName("finishes a delivery in every state that it can end in after sending")
    void finishedIsFinished() throws Exception {
      for (DeliveryStatus status : DeliveryStatus.values()) {
        if (status.isSettled() && DeliveryStatus.SENDING.canBecome(status)) {
          QueuedDelivery delivery = claimedDelivery();

          assertThat(finish(delivery, status)).as("next entry").isEmpty();

          DeliveryReport report = found(delivery.id());
          assertThat(report.status()).isEqualTo(status);
          assertThat(report.reason()).isEqualTo("by contract");
          assertThat(report.nextAttempt()).isEmpty();
          assertThat(store.owes(delivery.id())).isFalse();
        }
      }
    }

    @Test
    @DisplayName("never moves a delivery into a state that does not follow on sending")
    void illegalStateIsRefused() throws Exception {
      for (DeliveryStatus status : DeliveryStatus.values()) {
        if (status.isSettled() && !DeliveryStatus.SENDING.canBecome(status)) {
          settleInVain(claimedDelivery(), new Finished(status, "by contract"));
        }
      }
    }

    @Test
    @DisplayName("puts a retry back on the same channel, one attempt later")
    void retryGoesBack() throws Exception {
      QueuedDelivery first = claimedDelivery();

      QueuedDelivery next = putBack(first, retry(first));

      assertThat(next.id()).isEqualTo(first.id());
      assertThat(next.position()).isEqualTo(0);
      assertThat(next.attempts()).isEqualTo(1);
      assertThat(next.due()).isEqualTo(soonAfter(first));
      assertThat(next.acceptedAt()).isEqualTo(first.acceptedAt());
      assertThat(next.positionSince()).isEqualTo(first.positionSince());
      assertWaits(next, "busy");
    }

    @Test
    @DisplayName("puts a deferral back without counting an attempt")
    void deferralGoesBack() throws Exception {
      QueuedDelivery first = claimedDelivery();

      QueuedDelivery next = putBack(first, deferral(first));

      assertThat(next.position()).isEqualTo(0);
      assertThat(next.attempts()).isEqualTo(0);
      assertThat(next.due()).isEqualTo(soonAfter(first));
      assertWaits(next, "limited");
    }

    @Test
    @DisplayName("puts a fall-back on the next channel, which starts anew")
    void fallBackGoesOn() throws Exception {
      QueuedDelivery first = claimedDelivery();

      QueuedDelivery next = putBack(first, fallBack(first));

      assertThat(next.channel()).isEqualTo(ChannelId.of("beta"));
      assertThat(next.attempts()).isEqualTo(0);
      assertThat(next.due()).isEqualTo(soonAfter(first));
      assertThat(next.positionSince()).isEqualTo(soonAfter(first));
      assertWaits(next, "gone");
    }

    private void assertWaits(QueuedDelivery next, String reason) throws Exception {
      DeliveryReport report = found(next.id());
      assertThat(report.status()).isEqualTo(DeliveryStatus.QUEUED);
      assertThat(report.channel()).isEqualTo(next.channel());
      assertThat(report.reason()).isEqualTo(reason);
      assertThat(report.nextAttempt()).hasValue(next.due());
      assertThat(store.owes(next.id())).isTrue();
      claimed(next);
    }

    @Test
    @DisplayName("records the attempts of all channels in order")
    void attemptsAreRecordedInOrder() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = claimed(putBack(first, retry(first)));
      QueuedDelivery third = claimed(putBack(second, fallBack(second)));
      finish(third, DeliveryStatus.SENT);

      List<AttemptReport> attempts = found(first.id()).attempts();

      assertThat(attempts)
          .extracting(AttemptReport::channel)
          .extracting(ChannelId::value)
          .containsExactly("alpha", "alpha", "beta");
      assertThat(attempts).extracting(AttemptReport::number).containsExactly(1, 2, 1);
    }

    @Test
    @DisplayName("records no attempt if none was made")
    void noAttemptIsRecordedWithoutOne() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = claimed(putBack(first, deferral(first)));
      store.settle(second, null, new Finished(DeliveryStatus.EXPIRED, "too late"));

      assertThat(found(first.id()).attempts()).isEmpty();
    }

    @Test
    @DisplayName("keeps what an attempt came to: class, reason, provider's id and the times")
    void attemptIsKeptWhole() throws Exception {
      QueuedDelivery first = claimedDelivery();
      Instant next = soonAfter(first);
      AttemptReport failed =
          new AttemptReport(
              first.channel(),
              1,
              first.due(),
              Duration.ofMillis(12),
              DeliveryResult.transientFailure("451 greylisted – später"),
              Optional.of(next));
      QueuedDelivery second = claimed(putBack(first, failed, retry(first)));
      AttemptReport accepted =
          report(second, DeliveryResult.accepted("provider-4711", "accepted, but not for b***"));
      store.settle(second, accepted, new Finished(DeliveryStatus.SENT, "accepted"));

      List<AttemptReport> attempts = found(first.id()).attempts();

      assertSameAttempt(attempts.get(0), failed);
      assertSameAttempt(attempts.get(1), accepted);
      assertThat(attempts.get(1).result())
          .isInstanceOfSatisfying(
              Accepted.class,
              result -> assertThat(result.providerMessageId()).hasValue("provider-4711"));
    }

    @Test
    @DisplayName("keeps the reason of a success at once, also when it was delivered since")
    void reasonOfSuccessIsKept() throws Exception {
      QueuedDelivery only = claimedDelivery();
      String reason = "accepted, but not for b***";
      AttemptReport accepted = report(only, DeliveryResult.accepted("provider-4712", reason));
      store.settle(only, accepted, new Finished(DeliveryStatus.SENT, reason));
      awaitWrites();
      assertThat(found(only.id()).reason()).isEqualTo(reason);

      store.update(
          only.channel(),
          DeliveryUpdate.of("provider-4712", DeliveryStatus.DELIVERED, "on the handset"));
      awaitWrites();

      assertSameAttempt(found(only.id()).attempts().get(0), accepted);
    }

    private void assertSameAttempt(AttemptReport actual, AttemptReport expected) {
      assertThat(actual.channel()).isEqualTo(expected.channel());
      assertThat(actual.number()).isEqualTo(expected.number());
      assertThat(actual.startedAt()).isEqualTo(expected.startedAt());
      assertThat(actual.latency()).isEqualTo(expected.latency());
      assertThat(actual.result()).hasSameClassAs(expected.result());
      assertThat(actual.result().reason()).isEqualTo(expected.result().reason());
      assertThat(actual.nextAttempt()).isEqualTo(expected.nextAttempt());
    }

    @Test
    @DisplayName("settles one leg of a fan-out and leaves the other alone")
    void legsAreSettledApart() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      QueuedDelivery alpha = submission.deliveries().get(0);
      QueuedDelivery beta = submission.deliveries().get(1);

      finish(claimed(alpha), DeliveryStatus.FAILED);

      assertThat(statusOf(alpha.id())).isEqualTo(DeliveryStatus.FAILED);
      assertThat(statusOf(beta.id())).isEqualTo(DeliveryStatus.QUEUED);
      assertThat(store.owes(alpha.id())).isFalse();
      assertThat(store.owes(beta.id())).isTrue();
      claimed(beta);
    }

    @Test
    @DisplayName("changes nothing when it comes a second time")
    void secondSettlementIsInVain() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      QueuedDelivery alpha = claimed(submission.deliveries().get(0));
      finish(alpha, DeliveryStatus.SENT);

      settleInVain(alpha, new Finished(DeliveryStatus.FAILED, "too late"));
      settleInVain(alpha, retry(alpha));
    }

    @Test
    @DisplayName("changes nothing when it comes for an entry that somebody else has moved on from")
    void settlementOfOutdatedEntryIsInVain() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = putBack(first, retry(first));
      settleInVain(first, new Finished(DeliveryStatus.FAILED, "too late"));
      claimed(second);

      settleInVain(first, new Finished(DeliveryStatus.FAILED, "too late"));
    }

    @Test
    @DisplayName("changes nothing when it comes for a delivery that was cancelled")
    void settlementOfCancelledIsInVain() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      claimed(submission.deliveries().get(1));
      store.cancel(submission.id());

      settleInVain(submission.deliveries().get(0), new Finished(DeliveryStatus.SENT, "too late"));
    }
  }

  @Nested
  @DisplayName("cancel")
  class Cancelling {
    @Test
    @DisplayName("cancels what waits: it is known as cancelled, not owed, and nobody gets it")
    void waitingIsCancelled() throws Exception {
      QueuedDelivery delivery = insertedDelivery();

      Cancellation cancellation = store.cancel(delivery.id().notification());

      assertThat(cancellation.isComplete()).isTrue();
      assertThat(cancellation.cancelled())
          .extracting(QueuedDelivery::id)
          .containsExactly(delivery.id());
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.CANCELLED);
      assertThat(found(delivery.id()).nextAttempt()).isEmpty();
      assertThat(store.owes(delivery.id())).isFalse();
      assertThat(store.claim(delivery)).isFalse();
      assertThat(store.claim(delivery.requeued(fallBack(delivery)))).isFalse();
    }

    @Test
    @DisplayName("cancels what waits for a retry, and hands it back as it waited")
    void retryIsCancelled() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = putBack(first, retry(first));

      Cancellation cancellation = store.cancel(first.id().notification());

      assertThat(cancellation.isComplete()).isTrue();
      assertThat(cancellation.cancelled()).hasSize(1);
      assertThat(cancellation.cancelled().get(0).attempts()).isEqualTo(1);
      assertThat(found(first.id()).attempts()).hasSize(1);
      assertThat(store.claim(second)).isFalse();
    }

    @Test
    @DisplayName("leaves alone what is being sent")
    void sendingIsNotCancelled() throws Exception {
      QueuedDelivery delivery = claimedDelivery();

      assertThat(store.cancel(delivery.id().notification())).isEqualTo(Cancellation.NONE);

      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENDING);
      finish(delivery, DeliveryStatus.SENT);
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    @DisplayName("leaves alone what is settled")
    void settledIsNotCancelled() throws Exception {
      QueuedDelivery delivery = claimedDelivery();
      finish(delivery, DeliveryStatus.SENT);

      assertThat(store.cancel(delivery.id().notification())).isEqualTo(Cancellation.NONE);

      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    @DisplayName("cancels nothing when the id is unknown")
    void unknownIsNotCancelled() {
      assertThat(store.cancel(submission(toAda()).id())).isEqualTo(Cancellation.NONE);
    }

    @Test
    @DisplayName("is complete a second time too, and then has cancelled nothing")
    void secondCallIsComplete() {
      QueuedDelivery delivery = insertedDelivery();
      store.cancel(delivery.id().notification());

      assertThat(store.cancel(delivery.id().notification()))
          .isEqualTo(new Cancellation(true, List.of()));
    }

    @Test
    @DisplayName("cancels every leg of a fan-out that waits")
    void everyLegIsCancelled() throws Exception {
      Submission submission = inserted(toAdaByBoth());

      Cancellation cancellation = store.cancel(submission.id());

      assertThat(cancellation.isComplete()).isTrue();
      assertThat(cancellation.cancelled()).hasSize(2);
      assertThat(found(submission.id()).status()).isEqualTo(DeliveryStatus.CANCELLED);
    }

    @Test
    @DisplayName("cancels the legs that wait though another was sent, and is not complete")
    void waitingLegIsCancelledThoughOtherWasSent() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      QueuedDelivery alpha = claimed(submission.deliveries().get(0));
      QueuedDelivery beta = submission.deliveries().get(1);
      finish(alpha, DeliveryStatus.SENT);

      Cancellation cancellation = store.cancel(submission.id());

      assertThat(cancellation.isComplete()).isFalse();
      assertThat(cancellation.cancelled())
          .extracting(QueuedDelivery::id)
          .containsExactly(beta.id());
      assertThat(statusOf(alpha.id())).isEqualTo(DeliveryStatus.SENT);
      assertThat(statusOf(beta.id())).isEqualTo(DeliveryStatus.CANCELLED);
    }

    @Test
    @DisplayName("becomes complete when the leg that was being sent waits again")
    void laterCallCompletes() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      QueuedDelivery alpha = claimed(submission.deliveries().get(0));
      assertThat(store.cancel(submission.id()).isComplete()).isFalse();
      putBack(alpha, retry(alpha));

      Cancellation cancellation = store.cancel(submission.id());

      assertThat(cancellation.isComplete()).isTrue();
      assertThat(cancellation.cancelled())
          .extracting(QueuedDelivery::id)
          .containsExactly(alpha.id());
    }

    @Test
    @DisplayName("or a claim wins when both come at once, never both and never neither")
    void cancelOrClaimWins() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        QueuedDelivery delivery = insertedDelivery();

        List<Boolean> wins =
            Crowd.run(
                2,
                PATIENCE,
                thread ->
                    thread == 0
                        ? store.claim(delivery)
                        : store.cancel(delivery.id().notification()).isComplete());

        assertThat(wins).containsExactlyInAnyOrder(true, false);
        assertThat(statusOf(delivery.id()))
            .isEqualTo(wins.get(0) ? DeliveryStatus.SENDING : DeliveryStatus.CANCELLED);
      }
    }
  }

  @Nested
  @DisplayName("find, owes and deadLetters")
  class Looking {
    @Test
    @DisplayName("know nothing of an id that was never inserted")
    void unknownIsUnknown() {
      Submission unknown = submission(toAda());

      assertThat(store.find(unknown.id())).isEmpty();
      assertThat(store.owes(unknown.deliveries().get(0).id())).isFalse();
    }

    @Test
    @DisplayName("show dead letters newest first, and no more than asked for")
    void deadLettersComeNewestFirst() throws Exception {
      NotificationId first = failed();
      NotificationId second = failed();
      NotificationId third = failed();

      awaitWrites();
      assertThat(store.deadLetters(10))
          .extracting(NotificationReport::id)
          .containsExactly(third, second, first);
      assertThat(store.deadLetters(2))
          .extracting(NotificationReport::id)
          .containsExactly(third, second);
    }

    private NotificationId failed() {
      QueuedDelivery delivery = claimedDelivery();
      finish(delivery, DeliveryStatus.FAILED);
      return delivery.id().notification();
    }

    @Test
    @DisplayName("show no dead letter for what ended otherwise")
    void onlyFailuresAreDeadLetters() throws Exception {
      finish(claimedDelivery(), DeliveryStatus.SENT);
      finish(claimedDelivery(), DeliveryStatus.EXPIRED);
      finish(claimedDelivery(), DeliveryStatus.SUPPRESSED);
      store.cancel(insertedDelivery().id().notification());
      insertedDelivery();

      awaitWrites();
      assertThat(store.deadLetters(10)).isEmpty();
    }

    @Test
    @DisplayName("show a fan-out of which one leg failed as one dead letter with its reason")
    void fanOutIsOneDeadLetter() throws Exception {
      Submission submission = inserted(toAdaByBoth());
      finish(claimed(submission.deliveries().get(0)), DeliveryStatus.FAILED);
      finish(claimed(submission.deliveries().get(1)), DeliveryStatus.SENT);

      awaitWrites();
      assertThat(store.deadLetters(10))
          .singleElement()
          .satisfies(
              report -> {
                assertThat(report.id()).isEqualTo(submission.id());
                assertThat(report.status()).isEqualTo(DeliveryStatus.FAILED);
                assertThat(report.reason()).isEqualTo("by contract");
              });
      assertThat(found(submission.id()).status()).isEqualTo(DeliveryStatus.FAILED);
    }
  }

  @Nested
  @DisplayName("A search")
  class Searching {
    private final HistoryQuery everything = HistoryQuery.builder().pageSize(2).build();

    @Test
    @DisplayName("shows what waits and what is settled in one order, newest first")
    void newestComesFirst() throws Exception {
      NotificationId waiting = insertedDelivery().id().notification();
      NotificationId sent = finished(toAda(), DeliveryStatus.SENT);
      NotificationId failed = finished(toAda(), DeliveryStatus.FAILED);
      NotificationId newest = insertedDelivery().id().notification();

      assertThat(search(everything)).containsExactly(newest, failed, sent, waiting);
    }

    @Test
    @DisplayName("is not disturbed by what is accepted and settled between two pages")
    void pagesAreStable() throws Exception {
      List<Submission> submissions = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        submissions.add(inserted(toAda()));
      }
      awaitWrites();
      Page<NotificationReport> page = store.search(everything);
      List<NotificationId> seen = new ArrayList<>(idsOf(page));

      inserted(toAda());
      finish(claimed(submissions.get(0).deliveries().get(0)), DeliveryStatus.SENT);
      finish(claimed(submissions.get(4).deliveries().get(0)), DeliveryStatus.SENT);
      seen.addAll(search(everything.after(page.next().orElseThrow())));

      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      assertThat(seen)
          .containsExactlyElementsOf(
              submissions.stream().map(Submission::id).sorted((a, b) -> b.compareTo(a)).toList());
    }

    @Test
    @DisplayName("ends with a page that has no cursor, be it full")
    void theLastPageIsTheLast() throws Exception {
      inserted(toAda());
      inserted(toAda());

      assertThat(search(everything)).hasSize(2);
      assertThat(search(HistoryQuery.builder().recipientNamed("nobody").build())).isEmpty();
    }

    @Test
    @DisplayName("finds by recipient, by name or else by first address")
    void findsByRecipient() throws Exception {
      NotificationId toAda = inserted(toAda()).id();
      NotificationId sentToAda = finished(toAda(), DeliveryStatus.SENT);
      Recipient nameless = Recipient.of(Address.parse("alpha:somebody"));
      NotificationId toNameless = inserted(Notification.to(nameless).text("x").build()).id();
      finished(withKey(BOB, "other"), DeliveryStatus.SENT);

      assertThat(search(HistoryQuery.builder().recipientNamed("ada").build()))
          .containsExactly(sentToAda, toAda);
      assertThat(search(HistoryQuery.builder().recipient(ADA).build()))
          .containsExactly(sentToAda, toAda);
      assertThat(search(HistoryQuery.builder().recipient(nameless).build()))
          .containsExactly(toNameless);
    }

    @Test
    @DisplayName("finds by correlation id")
    void findsByCorrelationId() throws Exception {
      NotificationId waiting = inserted(correlated("order-1")).id();
      NotificationId settled = finished(correlated("order-1"), DeliveryStatus.FAILED);
      inserted(correlated("order-2"));
      inserted(toAda());

      assertThat(search(HistoryQuery.builder().correlationId("order-1").pageSize(1).build()))
          .containsExactly(settled, waiting);
    }

    private Notification correlated(String id) {
      return Notification.to(ADA).via("alpha").text("x").correlationId(id).build();
    }

    @Test
    @DisplayName("finds by status and channel of one and the same delivery")
    void findsByStatusAndChannel() throws Exception {
      Submission fanOut = inserted(toAdaByBoth());
      finish(claimed(fanOut.deliveries().get(0)), DeliveryStatus.FAILED);
      finish(claimed(fanOut.deliveries().get(1)), DeliveryStatus.SENT);
      NotificationId sent = finished(toAda(), DeliveryStatus.SENT);
      NotificationId waiting = inserted(toAda()).id();

      assertThat(search(withStatus(DeliveryStatus.SENT))).containsExactly(sent, fanOut.id());
      assertThat(search(withStatus(DeliveryStatus.QUEUED))).containsExactly(waiting);
      assertThat(search(withStatus(DeliveryStatus.EXPIRED))).isEmpty();
      assertThat(search(withStatus(DeliveryStatus.QUEUED, DeliveryStatus.FAILED)))
          .containsExactly(waiting, fanOut.id());
      assertThat(search(HistoryQuery.builder().channel("beta").build()))
          .containsExactly(fanOut.id());
      assertThat(
              search(HistoryQuery.builder().channel("beta").status(DeliveryStatus.FAILED).build()))
          .isEmpty();
    }

    @Test
    @DisplayName("finds what has a time of its own as SCHEDULED, however far it is")
    void findsWhatIsScheduled() throws Exception {
      Instant now = clock().instant().truncatedTo(ChronoUnit.MILLIS);
      Submission soon = scheduled(now, now.plusSeconds(20));
      Submission later = scheduled(now.plusMillis(1), now.plus(Duration.ofDays(400)));

      assertThat(search(withStatus(DeliveryStatus.SCHEDULED)))
          .containsExactly(later.id(), soon.id());
      assertThat(search(withStatus(DeliveryStatus.QUEUED))).isEmpty();
      assertThat(found(later.id()).status()).isEqualTo(DeliveryStatus.SCHEDULED);
    }

    private Submission scheduled(Instant acceptedAt, Instant due) {
      Notification notification =
          Notification.to(ADA).via("alpha").text("Hello").sendAt(due).build();
      NotificationId id = new NotificationId(versionSeven(acceptedAt.toEpochMilli()));
      Submission submission =
          new Submission(
              id,
              notification,
              acceptedAt,
              List.of(QueuedDelivery.first(new DeliveryId(id, 0), notification, acceptedAt, due)));
      store.insert(submission);
      return submission;
    }

    private HistoryQuery withStatus(DeliveryStatus first, DeliveryStatus... more) {
      return HistoryQuery.builder().status(first, more).build();
    }

    @Test
    @DisplayName("finds by time of acceptance, from one time to before another")
    void findsByTime() throws Exception {
      List<Submission> submissions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        submissions.add(inserted(toAda()));
      }

      HistoryQuery query =
          HistoryQuery.builder()
              .acceptedFrom(submissions.get(1).acceptedAt())
              .acceptedTo(submissions.get(3).acceptedAt())
              .build();

      assertThat(search(query)).containsExactly(submissions.get(2).id(), submissions.get(1).id());
    }

    @Test
    @DisplayName("finds a run of a schedule by its acceptance, a second after the time in its id")
    void findsRunsByTime() throws Exception {
      Instant now = clock().instant().truncatedTo(ChronoUnit.MILLIS);
      NotificationId id = StoredSchedule.runId("digest", now.minusSeconds(1), now);
      store.insert(submission(id, toAda(), now));

      assertThat(search(HistoryQuery.builder().acceptedFrom(now).build())).containsExactly(id);
    }

    @Test
    @DisplayName("shows a fan-out once, with all its deliveries, at every size of page")
    void aFanOutIsOneItem() throws Exception {
      List<NotificationId> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Submission fanOut = inserted(toAdaByBoth());
        finish(claimed(fanOut.deliveries().get(i % 2)), DeliveryStatus.SENT);
        ids.add(0, fanOut.id());
      }

      for (int size = 1; size <= 4; size++) {
        assertThat(search(HistoryQuery.builder().pageSize(size).build()))
            .containsExactlyElementsOf(ids);
      }
      assertThat(store.search(everything).items())
          .allSatisfy(report -> assertThat(report.deliveries()).hasSize(2));
    }

    private NotificationId finished(Notification notification, DeliveryStatus status) {
      Submission submission = inserted(notification);
      finish(claimed(submission.deliveries().get(0)), status);
      return submission.id();
    }

    /** Follows the cursors to the end. */
    private List<NotificationId> search(HistoryQuery query) throws Exception {
      awaitWrites();
      Page<NotificationReport> page = store.search(query);
      List<NotificationId> ids = new ArrayList<>(idsOf(page));
      for (int pages = 1; page.next().isPresent(); pages++) {
        assertThat(pages).as("pages of %s", ids).isLessThan(100);
        page = store.search(query.after(page.next().get()));
        assertThat(page.items()).hasSizeLessThanOrEqualTo(query.pageSize());
        ids.addAll(idsOf(page));
      }
      return ids;
    }

    private List<NotificationId> idsOf(Page<NotificationReport> page) {
      return page.items().stream().map(NotificationReport::id).toList();
    }
  }

  @Nested
  @DisplayName("An analysis")
  class Counting {
    private final ChannelId alpha = ChannelId.of("alpha");

    @Test
    @DisplayName("counts every delivery once, on its channel, with the status that it has now")
    void everyDeliveryCountsOnce() throws Exception {
      Submission first = inserted(toAda());
      Submission fanOut = inserted(toAdaByBoth());
      finish(claimed(fanOut.deliveries().get(0)), DeliveryStatus.SENT);
      finish(claimed(fanOut.deliveries().get(1)), DeliveryStatus.FAILED);
      for (DeliveryStatus status :
          List.of(DeliveryStatus.EXPIRED, DeliveryStatus.SUPPRESSED, DeliveryStatus.SENT)) {
        finish(claimed(insertedDelivery()), status);
      }
      store.cancel(inserted(toAda()).id());

      AnalyticsSummary summary = summaryFrom(first);

      DeliveryCounts onAlpha = summary.channel("alpha").counts();
      assertThat(onAlpha.accepted()).isEqualTo(6);
      assertThat(onAlpha.waiting()).isEqualTo(1);
      assertThat(onAlpha.sent()).isEqualTo(2);
      assertThat(onAlpha.expired()).isEqualTo(1);
      assertThat(onAlpha.suppressed()).isEqualTo(1);
      assertThat(onAlpha.cancelled()).isEqualTo(1);
      assertThat(onAlpha.failed()).isZero();
      assertThat(summary.channel("beta").counts().byStatus())
          .isEqualTo(Map.of(DeliveryStatus.FAILED, 1L));
      assertThat(summary.total().accepted()).isEqualTo(7);
    }

    @Test
    @DisplayName(
        "counts what was accepted from one time to before another, on the channel asked for")
    void theWindowIsKept() throws Exception {
      List<Submission> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(inserted(toAdaByBoth()));
        finish(claimed(all.get(i).deliveries().get(1)), DeliveryStatus.SENT);
      }
      AnalyticsWindow window =
          AnalyticsWindow.between(all.get(1).acceptedAt(), all.get(3).acceptedAt());

      AnalyticsSummary summary = summary(window);
      assertThat(summary.channel("alpha").counts().waiting()).isEqualTo(2);
      assertThat(summary.channel("beta").counts().sent()).isEqualTo(2);

      assertThat(summary(window.channel("beta")).channels()).containsOnlyKeys(ChannelId.of("beta"));
      assertThat(summary(window.channel("gamma")).channels()).isEmpty();
      Instant end = all.get(3).acceptedAt().plusMillis(1);
      assertThat(summary(AnalyticsWindow.between(end, end.plusSeconds(1))).total().accepted())
          .isZero();
    }

    @Test
    @DisplayName("counts a delivery that fell back on the channel that has it now")
    void aFallBackIsTheNextChannels() throws Exception {
      Submission submission = inserted(toAda());
      QueuedDelivery first = claimed(submission.deliveries().get(0));
      QueuedDelivery second = putBack(first, fallBack(first));
      assertThat(summaryFrom(submission).channel("beta").counts().waiting()).isEqualTo(1);

      finish(claimed(second), DeliveryStatus.SENT);

      AnalyticsSummary summary = summaryFrom(submission);
      assertThat(summary.channel("beta").counts().sent()).isEqualTo(1);
      assertThat(summary.total().accepted()).isEqualTo(1);
    }

    @Test
    @DisplayName("follows the updates of providers")
    void updatesMoveTheNumbers() throws Exception {
      Submission first = inserted(toAda());
      QueuedDelivery delivered = sent(first.deliveries().get(0));
      QueuedDelivery bounced = sent(insertedDelivery());
      sent(insertedDelivery());
      assertThat(summaryFrom(first).total().byStatus()).isEqualTo(Map.of(DeliveryStatus.SENT, 3L));

      store.update(alpha, DeliveryUpdate.of(delivered.id(), DeliveryStatus.DELIVERED, "there"));
      store.update(alpha, DeliveryUpdate.of(bounced.id(), DeliveryStatus.BOUNCED, "mailbox gone"));

      ChannelSummary summary = summaryFrom(first).channel("alpha");
      assertThat(summary.counts().sent()).isEqualTo(3);
      assertThat(summary.counts().delivered()).isEqualTo(1);
      assertThat(summary.counts().bounced()).isEqualTo(1);
      assertThat(summary.reasons())
          .containsExactly(new Reason(DeliveryStatus.BOUNCED, "mailbox gone", 1));
    }

    private QueuedDelivery sent(QueuedDelivery delivery) throws Exception {
      finish(claimed(delivery), DeliveryStatus.SENT);
      awaitWrites();
      return delivery;
    }

    @Test
    @DisplayName("tells how long the deliveries took that were sent")
    void timesAreTold() throws Exception {
      Submission first = inserted(toAda());
      for (int i = 0; i < 20; i++) {
        sent(insertedDelivery());
      }
      finish(claimed(insertedDelivery()), DeliveryStatus.FAILED);

      ChannelSummary summary = summaryFrom(first).channel("alpha");

      Times times = summary.times().orElseThrow();
      assertThat(times.average()).isBetween(Duration.ZERO, PATIENCE);
      assertThat(times.p50()).isBetween(Duration.ZERO, times.p95());
      assertThat(times.p99()).isBetween(times.p95(), times.longest());
      assertThat(times.longest()).isBetween(times.average(), PATIENCE);
      assertThat(summary.counts().averageTime()).isPresent();
      assertThat(summaryFrom(inserted(toAda())).channel("alpha").times()).isEmpty();
    }

    @Test
    @DisplayName("tells the most frequent reasons first, and no more of them than asked for")
    void reasonsAreCounted() throws Exception {
      Submission first = inserted(toAdaByBoth());
      finishBecause(claimed(first.deliveries().get(0)), DeliveryStatus.FAILED, "no such user");
      finishBecause(claimed(first.deliveries().get(1)), DeliveryStatus.FAILED, "no such user");
      finishBecause(claimed(insertedDelivery()), DeliveryStatus.EXPIRED, "too late");
      for (int i = 0; i < 2; i++) {
        finishBecause(claimed(insertedDelivery()), DeliveryStatus.FAILED, "refused");
        finishBecause(claimed(insertedDelivery()), DeliveryStatus.SUPPRESSED, "opted out");
        finishBecause(claimed(insertedDelivery()), DeliveryStatus.SENT, "not counted");
      }
      finishBecause(claimed(insertedDelivery()), DeliveryStatus.FAILED, "refused");
      store.cancel(inserted(toAda()).id());

      assertThat(summaryFrom(first).channel("alpha").reasons())
          .containsExactly(
              new Reason(DeliveryStatus.FAILED, "refused", 3),
              new Reason(DeliveryStatus.SUPPRESSED, "opted out", 2),
              new Reason(DeliveryStatus.FAILED, "no such user", 1),
              new Reason(DeliveryStatus.EXPIRED, "too late", 1));
      AnalyticsSummary fewer = summary(windowFrom(first).maxReasons(1));
      assertThat(fewer.channel("alpha").reasons())
          .containsExactly(new Reason(DeliveryStatus.FAILED, "refused", 3));
      assertThat(fewer.channel("beta").reasons()).hasSize(1);
      assertThat(summary(windowFrom(first).maxReasons(0)).channel("alpha").reasons()).isEmpty();
    }

    private void finishBecause(QueuedDelivery claimed, DeliveryStatus status, String reason) {
      store.settle(
          claimed, report(claimed, DeliveryResult.accepted()), new Finished(status, reason));
    }

    @Test
    @DisplayName("tells what waits now, whenever it was accepted")
    void theBacklogIsTold() throws Exception {
      Duration past = Duration.ofSeconds(-20); // ids may have run ahead of the clock
      Submission first = insertedFor(toAda(), past);
      insertedFor(toAda(), past);
      Submission later = insertedFor(toAda(), Duration.ofHours(1));
      finish(claimed(insertedDelivery()), DeliveryStatus.SENT);
      Instant afterAll = later.acceptedAt().plusSeconds(60);
      Backlog backlog =
          summary(AnalyticsWindow.between(afterAll, afterAll.plusSeconds(1)))
              .channel("alpha")
              .backlog();

      assertThat(backlog.waiting()).isEqualTo(3);
      assertThat(backlog.scheduled()).isEqualTo(1);
      assertThat(backlog.oldestWait()).isBetween(Duration.ZERO, PATIENCE);
      store.cancel(first.id());
      assertThat(summaryFrom(first).channel("alpha").backlog().waiting()).isEqualTo(2);
    }

    private Submission insertedFor(Notification notification, Duration delay) {
      Submission now = submission(notification);
      QueuedDelivery first = now.deliveries().get(0);
      Instant due = now.acceptedAt().plus(delay);
      Submission later =
          new Submission(
              now.id(),
              notification,
              now.acceptedAt(),
              List.of(QueuedDelivery.first(first.id(), notification, now.acceptedAt(), due)));
      assertThat(store.insert(later)).isEmpty();
      return later;
    }

    @Test
    @DisplayName("comes in steps, too, also those in which nothing was accepted")
    void stepsAreCounted() throws Exception {
      Submission first = inserted(toAdaByBoth());
      finish(claimed(first.deliveries().get(0)), DeliveryStatus.SENT);
      lastMillis.addAndGet(4); // so that a step is empty
      Submission second = inserted(toAda());
      finish(claimed(second.deliveries().get(0)), DeliveryStatus.FAILED);
      Instant from = first.acceptedAt();
      Duration step = Duration.ofMillis(2);
      AnalyticsWindow window = AnalyticsWindow.between(from, second.acceptedAt().plusMillis(1));

      awaitWrites();
      List<AnalyticsStep> steps = store.summarize(window, step);

      assertThat(steps).extracting(AnalyticsStep::from).startsWith(from, from.plus(step));
      assertThat(steps.get(0).channel("alpha").sent()).isEqualTo(1);
      assertThat(steps.get(0).channel("beta").waiting()).isEqualTo(1);
      assertThat(steps.get(1).channels()).isEmpty();
      AnalyticsStep last = steps.get(steps.size() - 1);
      assertThat(last.to()).isEqualTo(window.to());
      assertThat(last.total().failed()).isEqualTo(1);
      List<AnalyticsStep> onBeta = store.summarize(window.channel("beta"), step);
      assertThat(onBeta.get(0).channels()).containsOnlyKeys(ChannelId.of("beta"));
    }

    private AnalyticsSummary summaryFrom(Submission first) throws Exception {
      return summary(windowFrom(first));
    }

    private AnalyticsWindow windowFrom(Submission first) {
      return AnalyticsWindow.between(first.acceptedAt(), first.acceptedAt().plusSeconds(3600));
    }

    private AnalyticsSummary summary(AnalyticsWindow window) throws Exception {
      awaitWrites();
      return store.summarize(window);
    }
  }

  @Nested
  @DisplayName("A replay")
  class Replaying {
    private final NotificationId unknown = submission(toAda()).id();

    private Submission failed(Notification notification) {
      Submission submission = inserted(notification);
      submission.deliveries().forEach(leg -> finish(claimed(leg), DeliveryStatus.FAILED));
      return submission;
    }

    private Notification again(Submission first, boolean once) {
      return first.notification().again(first.id(), List.of(0), once);
    }

    @Test
    @DisplayName("is taken once, and the first one is told to whoever comes later")
    void replayIsTakenOnce() throws Exception {
      Submission first = failed(withKey(ADA, "order-1"));
      Submission other = failed(withKey(ADA, "order-2"));

      Submission replay = inserted(again(first, true));

      assertThat(store.insert(submission(again(first, true)))).hasValue(replay.id());
      finish(claimed(replay.deliveries().get(0)), DeliveryStatus.SENT);
      assertThat(store.insert(submission(again(first, true)))).hasValue(replay.id());
      assertThat(store.replays(List.of(other.id(), first.id(), unknown, replay.id())))
          .isEqualTo(Map.of(first.id(), replay.id()));
      assertThat(store.replays(List.of())).isEmpty();
    }

    @Test
    @DisplayName("is taken each time if it has no key")
    void resendIsTakenEachTime() {
      Submission first = failed(toAda());

      inserted(again(first, false));
      inserted(again(first, false));

      assertThat(store.replays(List.of(first.id()))).isEmpty();
      inserted(again(first, true));
    }

    @Test
    @DisplayName("does not collide with a key of the application's")
    void keysOfReplaysAreApart() {
      Submission first = failed(toAda());
      String key = again(first, true).idempotencyKey().orElseThrow();

      inserted(withKey(ADA, key));

      assertThat(store.replays(List.of(first.id()))).isEmpty();
      inserted(again(first, true));
    }

    @Test
    @DisplayName("of one of many threads wins")
    void oneOfManyReplays() throws Exception {
      for (int round = 0; round < ROUNDS / 10; round++) {
        Submission first = failed(toAda());
        List<Submission> entrants = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          entrants.add(submission(again(first, true)));
        }

        List<Optional<NotificationId>> answers =
            Crowd.run(THREADS, PATIENCE, thread -> store.insert(entrants.get(thread)));

        assertThat(answers).filteredOn(Optional::isEmpty).hasSize(1);
        NotificationId winner = entrants.get(answers.indexOf(Optional.empty())).id();
        assertThat(answers).allSatisfy(a -> assertThat(a.orElse(winner)).isEqualTo(winner));
        assertThat(store.replays(List.of(first.id()))).containsOnly(entry(first.id(), winner));
      }
    }

    @Test
    @DisplayName("is linked to the first one, before and after it is settled")
    void replayIsLinked() throws Exception {
      Submission first = failed(toAda());
      Submission replay = inserted(again(first, true));

      assertLinked(replay, first);
      finish(claimed(replay.deliveries().get(0)), DeliveryStatus.SENT);
      assertLinked(replay, first);
      assertThat(found(first.id()).replayOf()).isEmpty();
    }

    private void assertLinked(Submission replay, Submission first) throws Exception {
      NotificationReport report = found(replay.id());
      assertThat(report.replayOf()).hasValue(first.id());
      assertThat(report.notification().correlationId()).hasValue(first.id().toString());
      assertThat(report.notification().content().text()).hasValue("Hello Ada");
      HistoryQuery linked = HistoryQuery.builder().correlationId(first.id().toString()).build();
      assertThat(store.search(linked).items())
          .extracting(NotificationReport::id)
          .containsExactly(replay.id());
    }
  }

  @Nested
  @DisplayName("A purge")
  class Purging {
    private final Instant later = clock().instant().plus(Duration.ofHours(1));
    private final Instant earlier = clock().instant().minus(Duration.ofHours(1));

    private NotificationId finished(Notification notification, DeliveryStatus... statuses) {
      Submission submission = inserted(notification);
      for (int leg = 0; leg < statuses.length; leg++) {
        finish(claimed(submission.deliveries().get(leg)), statuses[leg]);
      }
      return submission.id();
    }

    /** Follows the steps to the end. */
    private int purge(Instant settledBefore, DeliveryStatus first, DeliveryStatus... more)
        throws Exception {
      awaitWrites();
      PurgeRequest request =
          new PurgeRequest(settledBefore, EnumSet.of(first, more), Optional.empty());
      PurgeStep step = store.purge(request);
      int forgotten = step.forgotten();
      for (int steps = 1; step.next().isPresent(); steps++) {
        assertThat(steps).as("steps of a purge").isLessThan(1000);
        step = store.purge(request.goingOn(step.next().get()));
        forgotten += step.forgotten();
      }
      return forgotten;
    }

    @Test
    @DisplayName("forgets what was settled before a time and is in one of the states")
    void oldOnesGoByState() throws Exception {
      NotificationId sent = finished(toAda(), DeliveryStatus.SENT);
      NotificationId failed = finished(toAda(), DeliveryStatus.FAILED);
      NotificationId expired = finished(toAda(), DeliveryStatus.EXPIRED);

      assertThat(purge(earlier, DeliveryStatus.SENT, DeliveryStatus.FAILED)).isZero();
      assertThat(purge(later, DeliveryStatus.CANCELLED)).isZero();
      assertThat(purge(later, DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)).isEqualTo(1);

      assertThat(store.find(failed)).isEmpty();
      assertThat(store.deadLetters(10)).isEmpty();
      assertThat(found(expired).status()).isEqualTo(DeliveryStatus.EXPIRED);
      assertThat(purge(later, DeliveryStatus.SENT)).isEqualTo(1);
      assertThat(store.find(sent)).isEmpty();
      assertThat(store.search(HistoryQuery.builder().build()).items())
          .extracting(NotificationReport::id)
          .containsExactly(expired);
    }

    @Test
    @DisplayName("leaves what waits or is being sent")
    void whatWaitsStays() throws Exception {
      QueuedDelivery waiting = insertedDelivery();
      QueuedDelivery sending = claimedDelivery();
      QueuedDelivery retry = claimedDelivery();
      putBack(retry, retry(retry));

      assertThat(purge(later, DeliveryStatus.SENT, settledStates())).isZero();

      assertThat(store.owes(waiting.id())).isTrue();
      assertThat(store.owes(retry.id())).isTrue();
      finish(sending, DeliveryStatus.SENT);
      assertThat(statusOf(sending.id())).isEqualTo(DeliveryStatus.SENT);
    }

    private DeliveryStatus[] settledStates() {
      return EnumSet.allOf(DeliveryStatus.class).stream()
          .filter(DeliveryStatus::isSettled)
          .toArray(DeliveryStatus[]::new);
    }

    @Test
    @DisplayName("forgets a fan-out as a whole, by the worst state of its deliveries")
    void fanOutsGoAsAWhole() throws Exception {
      NotificationId mixed = finished(toAdaByBoth(), DeliveryStatus.SENT, DeliveryStatus.FAILED);
      NotificationId sent = finished(toAdaByBoth(), DeliveryStatus.SENT, DeliveryStatus.SENT);
      NotificationId half = finished(toAdaByBoth(), DeliveryStatus.FAILED);

      assertThat(purge(later, DeliveryStatus.SENT)).isEqualTo(1);
      assertThat(store.find(sent)).isEmpty();
      assertThat(found(mixed).deliveries()).hasSize(2);
      assertThat(purge(later, DeliveryStatus.FAILED)).isEqualTo(1);
      assertThat(store.find(mixed)).isEmpty();
      assertThat(found(half).deliveries()).hasSize(2);
    }

    @Test
    @DisplayName("comes to the end of much")
    void manyGo() throws Exception {
      List<Submission> many = new ArrayList<>();
      for (int i = 0; i < 1200; i++) {
        many.add(submission(toAda()));
      }
      store.insertAll(many);
      for (int i = 0; i < many.size(); i++) {
        QueuedDelivery delivery = claimed(many.get(i).deliveries().get(0));
        finish(delivery, i % 100 == 0 ? DeliveryStatus.FAILED : DeliveryStatus.SENT);
      }

      assertThat(purge(later, DeliveryStatus.SENT)).isEqualTo(1188);
      assertThat(purge(later, DeliveryStatus.SENT)).isZero();
      assertThat(store.deadLetters(100)).hasSize(12);
    }

    @Test
    @DisplayName("of one forgets it if all of it is settled")
    void oneGoes() throws Exception {
      NotificationId settled = finished(toAdaByBoth(), DeliveryStatus.SENT, DeliveryStatus.FAILED);
      NotificationId other = finished(toAda(), DeliveryStatus.FAILED);
      NotificationId half = finished(toAdaByBoth(), DeliveryStatus.FAILED);
      awaitWrites();

      assertThat(store.forget(settled)).isTrue();
      assertThat(store.forget(settled)).isFalse();
      assertThat(store.forget(half)).isFalse();
      assertThat(store.forget(submission(toAda()).id())).isFalse();

      assertThat(store.find(settled)).isEmpty();
      assertThat(found(half).deliveries()).hasSize(2);
      assertThat(found(other).status()).isEqualTo(DeliveryStatus.FAILED);
    }
  }

  @Nested
  @DisplayName("A provider's update")
  class Updating {
    private final ChannelId alpha = ChannelId.of("alpha");

    @Test
    @DisplayName("moves what was sent, by the provider's id or by ours")
    void sentMoves() throws Exception {
      QueuedDelivery one = sent(claimedDelivery(), "provider-1");
      QueuedDelivery two = sent(claimedDelivery(), "provider-2");

      assertThat(store.update(alpha, delivered("provider-1")))
          .hasValueSatisfying(
              applied -> {
                assertThat(applied.delivery().id()).isEqualTo(one.id());
                assertThat(applied.delivery().status()).isEqualTo(DeliveryStatus.DELIVERED);
                assertThat(applied.notification().id()).isEqualTo(one.id().notification());
              });
      assertThat(
              store.update(
                  alpha, DeliveryUpdate.of(two.id(), DeliveryStatus.BOUNCED, "mailbox gone")))
          .isPresent();

      awaitWrites();
      assertThat(statusOf(one.id())).isEqualTo(DeliveryStatus.DELIVERED);
      assertThat(found(two.id()).reason()).isEqualTo("mailbox gone");
    }

    @Test
    @DisplayName("never moves a final state, whether it comes twice or late")
    void finalStays() throws Exception {
      QueuedDelivery delivery = sent(claimedDelivery(), "provider-1");
      store.update(alpha, delivered("provider-1"));

      assertThat(store.update(alpha, delivered("provider-1"))).isEmpty();
      assertThat(
              store.update(
                  alpha, DeliveryUpdate.of("provider-1", DeliveryStatus.BOUNCED, "too late")))
          .isEmpty();

      awaitWrites();
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    @DisplayName("that comes before its message was sent waits for it")
    void earlyUpdateWaits() throws Exception {
      assertThat(store.update(alpha, delivered("provider-1"))).isEmpty();
      QueuedDelivery delivery = sent(claimedDelivery(), "provider-1");

      awaitWrites();
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.DELIVERED);
    }

    @Test
    @DisplayName("is for its own channel only")
    void otherChannelIsAnother() throws Exception {
      QueuedDelivery delivery = sent(claimedDelivery(), "provider-1");

      assertThat(store.update(ChannelId.of("beta"), delivered("provider-1"))).isEmpty();

      awaitWrites();
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    @DisplayName("suppresses the address if it says so")
    void addressIsSuppressed() throws Exception {
      sent(claimedDelivery(), "provider-1");

      store.update(
          alpha,
          DeliveryUpdate.of("provider-1", DeliveryStatus.BOUNCED, "no such user")
              .suppressingRecipient());

      awaitWrites();
      assertThat(store.suppression(ADA_ALPHA))
          .hasValueSatisfying(found -> assertThat(found.reason()).isEqualTo("no such user"));
    }

    @Test
    @DisplayName("that names our own id is for its own channel only, too")
    void otherChannelIsAnotherByOurId() throws Exception {
      QueuedDelivery delivery = sent(claimedDelivery(), "provider-1");

      assertThat(
              store.update(
                  ChannelId.of("beta"),
                  DeliveryUpdate.of(delivery.id(), DeliveryStatus.BOUNCED, "another channel's")))
          .isEmpty();

      awaitWrites();
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    @DisplayName("suppresses the address even after the delivery has come to its end")
    void complaintAfterDelivery() throws Exception {
      QueuedDelivery delivery = sent(claimedDelivery(), "provider-1");
      store.update(alpha, delivered("provider-1"));

      store.update(
          alpha,
          DeliveryUpdate.of(delivery.id(), DeliveryStatus.BOUNCED, "a complaint")
              .suppressingRecipient());

      awaitWrites();
      assertThat(statusOf(delivery.id())).isEqualTo(DeliveryStatus.DELIVERED);
      assertThat(store.suppression(ADA_ALPHA)).isPresent();
    }

    private QueuedDelivery sent(QueuedDelivery claimed, String providerMessageId) throws Exception {
      AttemptReport attempt = report(claimed, DeliveryResult.accepted(providerMessageId));
      store.settle(claimed, attempt, new Finished(DeliveryStatus.SENT, "by contract"));
      awaitWrites();
      return claimed;
    }

    private DeliveryUpdate delivered(String providerMessageId) {
      return DeliveryUpdate.of(providerMessageId, DeliveryStatus.DELIVERED, "on the handset");
    }
  }

  private Suppression suppress(String target, String reason) {
    return suppress(target, reason, Suppression.Source.MANUAL);
  }

  private Suppression suppress(String target, String reason, Suppression.Source source) {
    Suppression suppression = suppression(target, reason, source);
    store.suppress(suppression);
    return suppression;
  }

  private Suppression suppression(String target, String reason, Suppression.Source source) {
    return new Suppression(
        SuppressionTarget.parse(target), reason, source, submission(toAda()).acceptedAt());
  }

  @Nested
  @DisplayName("A suppression")
  class Suppressing {
    @Test
    @DisplayName("is known for its address on its channel, and for no other")
    void suppressedIsKnown() {
      Suppression suppression = suppress("alpha:ada-alpha", "opted out");

      assertThat(store.suppression(ADA_ALPHA)).hasValue(suppression);
      assertThat(store.suppression(SuppressionTarget.parse("beta:ada-alpha"))).isEmpty();
      assertThat(store.suppression(SuppressionTarget.parse("alpha:bob-alpha"))).isEmpty();
      assertThat(inTheWay(ADA, "alpha")).hasValue(suppression);
      assertThat(inTheWay(ADA, "beta")).isEmpty();
      assertThat(inTheWay(BOB, "alpha")).isEmpty();
    }

    private Optional<Suppression> inTheWay(Recipient recipient, String channel) {
      return store.suppression(recipient, recipient.address(ChannelId.of(channel)).orElseThrow());
    }

    @Test
    @DisplayName("of a recipient stands in the way on each channel, or on one")
    void recipientIsSuppressed() {
      Suppression everywhere = suppress("#ada", "left the company");
      Suppression onBeta = suppress("beta#bob", "has no such device");

      assertThat(inTheWay(ADA, "alpha")).hasValue(everywhere);
      assertThat(inTheWay(ADA, "beta")).hasValue(everywhere);
      assertThat(inTheWay(BOB, "beta")).hasValue(onBeta);
      assertThat(inTheWay(BOB, "alpha")).isEmpty();
      assertThat(inTheWay(Recipient.of(Address.parse("alpha:ada")), "alpha")).isEmpty();
    }

    @Test
    @DisplayName("of an address on every channel stands in the way on each")
    void addressIsSuppressedEverywhere() {
      Suppression everywhere = suppress("*:+4915112345678", "stolen");
      Recipient phone =
          Recipient.of(Address.parse("sms:+4915112345678")).address("voice", "+4915112345678");

      assertThat(inTheWay(phone, "sms")).hasValue(everywhere);
      assertThat(inTheWay(phone, "voice")).hasValue(everywhere);
      assertThat(inTheWay(ADA, "alpha")).isEmpty();
      assertThat(store.unsuppress(SuppressionTarget.parse("sms:+4915112345678"))).isFalse();
      assertThat(store.unsuppress(everywhere.target())).isTrue();
      assertThat(inTheWay(phone, "sms")).isEmpty();
    }

    @Test
    @DisplayName("keeps an address of 2,048 characters of whichever script")
    void longestAddressIsKept() {
      List<String> longest =
          List.of("x".repeat(2048), "\u6f22".repeat(2048), "\ud83d\ude00".repeat(1024));
      for (String value : longest) {
        Suppression suppression = suppress("alpha:" + value, "gone");
        assertThat(store.suppression(suppression.target())).hasValue(suppression);
      }
      assertThat(all()).hasSize(longest.size());
    }

    @Test
    @DisplayName("keeps its first reason and source")
    void firstReasonStays() {
      Suppression first = suppress("alpha:ada-alpha", "opted out", Suppression.Source.CALLBACK);
      suppress("alpha:ada-alpha", "bounced", Suppression.Source.CHANNEL);

      assertThat(store.suppression(ADA_ALPHA)).hasValue(first);
      assertThat(all()).containsExactly(first);
    }

    @Test
    @DisplayName("can be lifted once, and then made again")
    void liftedIsForgotten() {
      suppress("alpha:ada-alpha", "opted out");

      assertThat(store.unsuppress(ADA_ALPHA)).isTrue();
      assertThat(store.unsuppress(ADA_ALPHA)).isFalse();
      assertThat(store.suppression(ADA_ALPHA)).isEmpty();
      assertThat(inTheWay(ADA, "alpha")).isEmpty();
      assertThat(all()).isEmpty();

      Suppression second = suppress("alpha:ada-alpha", "bounced", Suppression.Source.IMPORT);
      assertThat(store.suppression(ADA_ALPHA)).hasValue(second);
      assertThat(inTheWay(ADA, "alpha")).hasValue(second);
    }

    @Test
    @DisplayName("is one of many that are made at once, and counts if it is new")
    void manyAtOnce() {
      suppress("alpha:1", "before");
      suppress("alpha:2", "before");
      store.unsuppress(SuppressionTarget.parse("alpha:2"));
      List<Suppression> many = new ArrayList<>();
      for (int i = 1; i <= 1000; i++) {
        many.add(suppression("alpha:" + (i == 1000 ? 999 : i), "many", Suppression.Source.IMPORT));
      }

      assertThat(store.suppress(many)).isEqualTo(998); // 1 was there, 999 comes twice
      assertThat(store.suppress(many)).isZero();
      assertThat(store.suppress(List.of())).isZero();
      assertThat(store.suppression(SuppressionTarget.parse("alpha:1")).orElseThrow().reason())
          .isEqualTo("before");
      assertThat(store.suppression(SuppressionTarget.parse("alpha:2")).orElseThrow().reason())
          .isEqualTo("many");
      assertThat(all()).hasSize(999);
    }

    @Test
    @DisplayName("is made by one of many that make it at once")
    void oneOfManyMakesIt() throws Exception {
      List<Integer> added =
          Crowd.run(
              THREADS,
              PATIENCE,
              thread -> {
                List<Suppression> same = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                  same.add(
                      suppression(
                          "alpha:" + (thread % 2 == 0 ? i : 19 - i),
                          "crowd",
                          Suppression.Source.IMPORT));
                }
                return store.suppress(same);
              });

      assertThat(added).allSatisfy(count -> assertThat(count).isBetween(0, 20));
      assertThat(all()).hasSize(20);
    }

    @Test
    @DisplayName("is listed, newest first, and no more of them than asked for")
    void newestComesFirst() {
      Suppression first = suppress("alpha:one", "1");
      Suppression second = suppress("*:two", "2");
      Suppression third = suppress("#three", "3");

      assertThat(all()).containsExactly(third, second, first);
      Page<Suppression> page = store.suppressions(SuppressionQuery.all().limit(2));
      assertThat(page.items()).containsExactly(third, second);
      assertThat(rest(SuppressionQuery.all().limit(2), page)).containsExactly(first);
    }

    @Test
    @DisplayName("is listed once, though many have the same time and others come and go")
    void pagesStandStill() {
      Instant time = submission(toAda()).acceptedAt();
      List<Suppression> same = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        same.add(
            new Suppression(
                SuppressionTarget.parse("alpha:" + i), "x", Suppression.Source.IMPORT, time));
      }
      store.suppress(same);
      SuppressionQuery query = SuppressionQuery.all().limit(7);
      Page<Suppression> page = store.suppressions(query);
      List<Suppression> listed = new ArrayList<>(page.items());
      suppress("alpha:later", "later");
      store.unsuppress(page.items().get(6).target());

      listed.addAll(rest(query, page));

      assertThat(listed).containsExactlyInAnyOrderElementsOf(same);
    }

    @Test
    @DisplayName("is listed by its channel and its source")
    void listIsNarrowed() {
      Suppression onAlpha = suppress("alpha:1", "x", Suppression.Source.IMPORT);
      Suppression onBeta = suppress("beta#ada", "x", Suppression.Source.CHANNEL);
      suppress("*:1", "x", Suppression.Source.MANUAL);
      SuppressionQuery query = SuppressionQuery.all();

      assertThat(store.suppressions(query.channel("alpha")).items()).containsExactly(onAlpha);
      assertThat(store.suppressions(query.channel("beta")).items()).containsExactly(onBeta);
      assertThat(store.suppressions(query.source(Suppression.Source.IMPORT)).items())
          .containsExactly(onAlpha);
      assertThat(
              store.suppressions(query.channel("beta").source(Suppression.Source.IMPORT)).items())
          .isEmpty();
    }

    @Test
    @DisplayName("is listed from where a page ended, and from nowhere else")
    void foreignCursorIsRefused() {
      suppress("alpha:1", "x");
      for (String cursor : List.of("", "x", "1_2_3", "' OR 1=1", "1_", "_1")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> store.suppressions(SuppressionQuery.all().after(cursor)))
            .withMessageContaining("cursor");
      }
    }

    private List<Suppression> all() {
      SuppressionQuery query = SuppressionQuery.all().limit(1000);
      Page<Suppression> first = store.suppressions(query);
      List<Suppression> all = new ArrayList<>(first.items());
      all.addAll(rest(query, first));
      return all;
    }

    private List<Suppression> rest(SuppressionQuery query, Page<Suppression> page) {
      List<Suppression> rest = new ArrayList<>();
      Optional<String> cursor = page.next();
      while (cursor.isPresent()) {
        Page<Suppression> next = store.suppressions(query.after(cursor.get()));
        assertThat(next.items()).hasSizeLessThanOrEqualTo(query.limit());
        rest.addAll(next.items());
        cursor = next.next();
      }
      return rest;
    }
  }

  @Nested
  @DisplayName("After a restart of a durable store")
  class Restarting {
    @Test
    @DisplayName("what was owed is owed")
    void owedIsOwed() throws Exception {
      QueuedDelivery first = claimedDelivery();
      QueuedDelivery second = putBack(first, retry(first));
      DeliveryReport before = found(first.id());

      reopen();

      assertThat(store.owes(second.id())).isTrue();
      DeliveryReport after = found(first.id());
      assertThat(after.status()).isEqualTo(DeliveryStatus.QUEUED);
      assertThat(after.channel()).isEqualTo(before.channel());
      assertThat(after.nextAttempt()).isEqualTo(before.nextAttempt());
      assertThat(after.attempts()).hasSameSizeAs(before.attempts());
    }

    @Test
    @DisplayName("what was settled is settled")
    void settledIsSettled() throws Exception {
      QueuedDelivery sent = claimedDelivery();
      finish(sent, DeliveryStatus.SENT);
      QueuedDelivery failed = claimedDelivery();
      finish(failed, DeliveryStatus.FAILED);
      QueuedDelivery cancelled = insertedDelivery();
      store.cancel(cancelled.id().notification());

      reopen();

      assertThat(statusOf(sent.id())).isEqualTo(DeliveryStatus.SENT);
      assertThat(statusOf(cancelled.id())).isEqualTo(DeliveryStatus.CANCELLED);
      assertThat(store.owes(sent.id())).isFalse();
      assertThat(store.claim(cancelled)).isFalse();
      assertThat(store.deadLetters(10))
          .extracting(NotificationReport::id)
          .containsExactly(failed.id().notification());
    }

    @Test
    @DisplayName("a repeat is recognised")
    void repeatIsRecognised() throws Exception {
      Submission first = inserted(withKey(ADA, "order-1"));

      reopen();

      assertThat(store.insert(submission(withKey(ADA, "order-1")))).hasValue(first.id());
    }

    @Test
    @DisplayName("what was replayed is replayed")
    void replaysAreKnown() throws Exception {
      Submission first = inserted(toAda());
      finish(claimed(first.deliveries().get(0)), DeliveryStatus.FAILED);
      Notification again = first.notification().again(first.id(), List.of(0), true);
      Submission replay = inserted(again);

      reopen();

      assertThat(store.replays(List.of(first.id()))).containsEntry(first.id(), replay.id());
      assertThat(store.insert(submission(again))).hasValue(replay.id());
    }

    @Test
    @DisplayName("the suppressions stand")
    void suppressionsStand() throws Exception {
      Suppression ofAddress = suppress("alpha:ada-alpha", "opted out", Suppression.Source.CALLBACK);
      Suppression ofRecipient = suppress("#bob", "left", Suppression.Source.IMPORT);

      reopen();

      assertThat(store.suppression(ADA_ALPHA)).hasValue(ofAddress);
      Address bob = BOB.addresses().get(1);
      assertThat(store.suppression(BOB, bob)).hasValue(ofRecipient);
    }
  }
}
