package dev.notifier.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Recipient;
import dev.notifier.Samples;
import dev.notifier.SettableClock;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InMemoryNotificationStoreTest {
  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration WINDOW = Duration.ofHours(24);
  private static final Recipient ADA =
      Recipient.named("ada").email("ada@example.com").sms("+14155550100");

  private final SettableClock clock = new SettableClock();
  private final InMemoryNotificationStore store =
      new InMemoryNotificationStore(new HistoryLimits(2, AGE, WINDOW), clock);
  private final AtomicInteger lastId = new AtomicInteger();

  // --- Claim and settle -------------------------------------------------------------------------

  @Test
  void aDeliveryGoesFromQueuedOverSendingToSent() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    assertThat(report(delivery).status()).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(report(delivery).nextAttempt()).contains(Samples.NOON);
    assertThat(store.owes(delivery.id())).isTrue();

    assertThat(store.claim(delivery)).isTrue();
    assertThat(report(delivery).status()).isEqualTo(DeliveryStatus.SENDING);
    assertThat(report(delivery).nextAttempt()).isEmpty();

    AttemptReport attempt = attempt(1, DeliveryResult.accepted("id-1"));
    assertThat(store.settle(delivery, attempt, sent())).isEmpty();
    assertThat(report(delivery).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(report(delivery).reason()).isEqualTo("done");
    assertThat(report(delivery).attempts()).containsExactly(attempt);
    assertThat(store.owes(delivery.id())).isFalse();
  }

  @Test
  void aDeliveryIsClaimedOnce() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    assertThat(store.claim(delivery)).isTrue();
    assertThat(store.claim(delivery)).isFalse();
    store.settle(delivery, null, sent());
    assertThat(store.claim(delivery)).isFalse();
  }

  @Test
  void onlyTheNewestEntryCanBeClaimed() {
    QueuedDelivery first = insert(toAda()).get(0);
    store.claim(first);
    QueuedDelivery second = store.settle(first, null, retry()).orElseThrow();
    assertThat(second.attempts()).isEqualTo(1);
    assertThat(report(second).nextAttempt()).contains(Samples.NOON.plusSeconds(5));
    assertThat(store.claim(first)).as("outdated").isFalse();
    assertThat(store.claim(second)).isTrue();
  }

  @Test
  void anAlarmForTheNextChannelTakesTheDeliveryThere() {
    QueuedDelivery first = insert(toAda()).get(0);
    QueuedDelivery alarm = first.requeued(new Requeued(Cause.FALL_BACK, 1, Samples.NOON, "late"));
    store.claim(first);
    assertThat(store.claim(alarm)).as("a worker has it").isFalse();
    QueuedDelivery again = store.settle(first, null, retry()).orElseThrow();
    assertThat(store.claim(alarm)).isTrue();
    assertThat(report(first).channel().value()).isEqualTo("sms");
    assertThat(store.claim(again)).as("it moved on").isFalse();
  }

  @Test
  void everyAttemptIsKeptInOrder() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    for (int number = 1; number <= 3; number++) {
      store.claim(delivery);
      delivery =
          store
              .settle(delivery, attempt(number, DeliveryResult.transientFailure("busy")), retry())
              .orElseThrow();
    }
    store.claim(delivery);
    store.settle(delivery, null, new Finished(DeliveryStatus.EXPIRED, "late"));
    assertThat(report(delivery).attempts())
        .extracting(AttemptReport::number)
        .containsExactly(1, 2, 3);
  }

  @Test
  void whatWasNotClaimedCannotBeSettled() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> store.settle(delivery, null, sent()))
        .withMessageStartingWith("delivery " + delivery.id() + " is QUEUED and cannot go to SENT");
    store.claim(delivery);
    store.settle(delivery, null, sent());
    assertThatIllegalStateException()
        .isThrownBy(() -> store.settle(delivery, null, sent()))
        .withMessageStartingWith("delivery " + delivery.id() + " is SENT and cannot go to SENT");
  }

  @Test
  void whatIsNotKnownIsNotThere() {
    NotificationId unknown = Samples.id(999);
    QueuedDelivery foreign =
        QueuedDelivery.first(new DeliveryId(unknown, 0), toAda().build(), Samples.NOON);
    assertThat(store.find(unknown)).isEmpty();
    assertThat(store.owes(foreign.id())).isFalse();
    assertThat(store.claim(foreign)).isFalse();
    assertThat(store.cancel(unknown)).isEqualTo(Cancellation.NONE);
  }

  // --- History ----------------------------------------------------------------------------------

  @Test
  void ofWhatIsSettledTheNewestAreRemembered() {
    QueuedDelivery one = settled(sent());
    QueuedDelivery two = settled(sent());
    QueuedDelivery three = settled(sent());
    assertThat(store.find(one.id().notification())).isEmpty();
    assertThat(store.find(two.id().notification())).isPresent();
    assertThat(store.find(three.id().notification())).isPresent();
  }

  @Test
  void whatIsSettledIsForgottenAtItsAge() {
    QueuedDelivery one = settled(sent());
    clock.advance(AGE.minusMillis(1));
    assertThat(store.find(one.id().notification())).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(store.find(one.id().notification())).isEmpty();
  }

  @Test
  void whatIsOwedIsNeverForgotten() {
    List<QueuedDelivery> owed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      owed.add(insert(toAda()).get(0));
    }
    clock.advance(AGE.multipliedBy(100));
    assertThat(owed).allMatch(delivery -> store.find(delivery.id().notification()).isPresent());
  }

  @Test
  void aFloodOfSentOnesPushesNoDeadLetterOut() {
    QueuedDelivery dead = settled(failed());
    for (int i = 0; i < 10; i++) {
      settled(sent());
    }
    assertThat(store.deadLetters(10))
        .extracting(NotificationReport::id)
        .containsExactly(dead.id().notification());
    assertThat(store.find(dead.id().notification())).isPresent();
  }

  @Test
  void deadLettersComeNewestFirstAndAreBoundedToo() {
    settled(failed());
    QueuedDelivery two = settled(failed());
    QueuedDelivery three = settled(failed());
    settled(new Finished(DeliveryStatus.EXPIRED, "late"));
    assertThat(store.deadLetters(10))
        .extracting(NotificationReport::id)
        .containsExactly(three.id().notification(), two.id().notification());
    assertThat(store.deadLetters(1)).hasSize(1);
    clock.advance(AGE);
    assertThat(store.deadLetters(10)).isEmpty();
  }

  @Test
  void aFanOutIsADeadLetterOnceAllOfItIsSettledAndAPartFailed() {
    List<QueuedDelivery> legs = insert(toAda().viaAll("email", "sms"));
    store.claim(legs.get(0));
    store.settle(legs.get(0), null, failed());
    assertThat(store.deadLetters(10)).isEmpty();
    assertThat(store.owes(legs.get(0).id())).isFalse();
    assertThat(store.owes(legs.get(1).id())).isTrue();
    store.claim(legs.get(1));
    store.settle(legs.get(1), null, sent());
    assertThat(store.deadLetters(10)).hasSize(1);
    assertThat(store.find(legs.get(0).id().notification()).orElseThrow().status())
        .isEqualTo(DeliveryStatus.FAILED);
  }

  // --- Idempotency ------------------------------------------------------------------------------

  @Test
  void aSecondSubmissionWithTheKeyGivesTheFirstId() {
    Submission first = submission(toAda().idempotencyKey("order-1"));
    Submission second = submission(toAda().idempotencyKey("order-1"));
    assertThat(store.insert(first)).isEmpty();
    assertThat(store.insert(second)).contains(first.id());
    assertThat(store.find(second.id())).as("nothing was inserted").isEmpty();
    assertThat(store.owes(second.deliveries().get(0).id())).isFalse();
  }

  @Test
  void keysAreScopedByTheRecipient() {
    Notification.Builder grace =
        Notification.to(Recipient.named("grace").email("grace@example.com")).text("x");
    assertThat(store.insert(submission(toAda().idempotencyKey("order-1")))).isEmpty();
    assertThat(store.insert(submission(grace.idempotencyKey("order-1")))).isEmpty();
    assertThat(store.insert(submission(toAda().idempotencyKey("order-2")))).isEmpty();
    assertThat(store.insert(submission(toAda()))).isEmpty();
    assertThat(store.insert(submission(toAda()))).isEmpty();
  }

  @Test
  void aKeyIsKnownForItsWindowThoughTheNotificationIsForgotten() {
    Submission first = submission(toAda().idempotencyKey("order-1"));
    store.insert(first);
    store.claim(first.deliveries().get(0));
    store.settle(first.deliveries().get(0), null, sent());
    clock.advance(WINDOW.minusMillis(1));
    assertThat(store.find(first.id())).isEmpty();
    assertThat(store.insert(submission(toAda().idempotencyKey("order-1")))).contains(first.id());
    clock.advance(Duration.ofMillis(1));
    assertThat(store.insert(submission(toAda().idempotencyKey("order-1")))).isEmpty();
  }

  @Test
  void ofManyThreadsWithOneKeyOneInsertsAndTheOthersCanFindIt() throws Exception {
    List<Submission> rivals = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      rivals.add(submission(toAda().idempotencyKey("order-1")));
    }
    List<Boolean> inserted =
        inParallel(
            rivals.stream()
                .<Callable<Boolean>>map(
                    rival ->
                        () -> {
                          Optional<NotificationId> earlier = store.insert(rival);
                          assertThat(store.find(earlier.orElse(rival.id()))).isPresent();
                          return earlier.isEmpty();
                        })
                .toList());
    assertThat(inserted).containsOnlyOnce(true);
  }

  // --- Cancelling -------------------------------------------------------------------------------

  @Test
  void whatWaitsIsCancelledForGood() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    NotificationId id = delivery.id().notification();
    Cancellation cancellation = store.cancel(id);
    assertThat(cancellation).isEqualTo(new Cancellation(true, List.of(delivery)));
    assertThat(store.claim(delivery)).isFalse();
    assertThat(store.find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(store.deadLetters(10)).isEmpty();
    assertThat(store.cancel(id))
        .as("a second time cancels nothing more")
        .isEqualTo(new Cancellation(true, List.of()));
  }

  @Test
  void whatAWorkerHasOrHadIsNotCancelled() {
    QueuedDelivery delivery = insert(toAda()).get(0);
    store.claim(delivery);
    assertThat(store.cancel(delivery.id().notification())).isEqualTo(Cancellation.NONE);
    store.settle(delivery, null, sent());
    assertThat(store.cancel(delivery.id().notification())).isEqualTo(Cancellation.NONE);
    assertThat(report(delivery).status()).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void ofAFanOutWhatWaitsIsCancelledThoughTheRestIsNot() {
    List<QueuedDelivery> legs = insert(toAda().viaAll("email", "sms"));
    store.claim(legs.get(0));
    Cancellation cancellation = store.cancel(legs.get(0).id().notification());
    assertThat(cancellation).isEqualTo(new Cancellation(false, List.of(legs.get(1))));
    store.settle(legs.get(0), null, sent());
    assertThat(store.find(legs.get(0).id().notification()).orElseThrow().status())
        .isEqualTo(DeliveryStatus.CANCELLED);
  }

  @Test
  void eachDeliveryIsEitherClaimedOrCancelled() throws Exception {
    List<Callable<Integer>> races = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      QueuedDelivery delivery = insert(toAda()).get(0);
      races.add(() -> store.claim(delivery) ? 1 : 0);
      races.add(() -> store.cancel(delivery.id().notification()).isComplete() ? 1 : 0);
    }
    assertThat(inParallel(races).stream().mapToInt(Integer::intValue).sum()).isEqualTo(500);
  }

  // --- Suppressions -----------------------------------------------------------------------------

  private static Suppression suppression(String target, String reason, Instant since) {
    return new Suppression(
        SuppressionTarget.parse(target), reason, Suppression.Source.MANUAL, since);
  }

  @Test
  void aSuppressedAddressKeepsItsFirstReasonUntilItIsAllowed() {
    SuppressionTarget target = SuppressionTarget.parse("email:ada@example.com");
    Suppression first = suppression("email:ada@example.com", "bounced", Samples.NOON);
    store.suppress(first);
    store.suppress(suppression("email:ada@example.com", "again", Samples.NOON.plusSeconds(1)));
    assertThat(store.suppression(target)).contains(first);
    assertThat(store.suppression(SuppressionTarget.parse("pager:ada@example.com"))).isEmpty();
    clock.advance(Duration.ofDays(3650));
    assertThat(store.suppressions(SuppressionQuery.all()).items()).containsExactly(first);
    assertThat(store.unsuppress(target)).isTrue();
    assertThat(store.unsuppress(target)).isFalse();
    assertThat(store.suppression(target)).isEmpty();
  }

  @Test
  void suppressionsComeNewestFirst() {
    Suppression one = suppression("pager:1", "x", Samples.NOON);
    Suppression two = suppression("pager:2", "x", Samples.NOON);
    store.suppress(one);
    store.suppress(two);
    SuppressionQuery all = SuppressionQuery.all();
    assertThat(store.suppressions(all).items()).containsExactly(two, one);
    assertThat(store.suppressions(all.limit(1)).items()).containsExactly(two);
  }

  @Test
  void closingKeepsWhatWasLeftReadable() {
    QueuedDelivery delivery = settled(sent());
    store.close();
    assertThat(store.find(delivery.id().notification())).isPresent();
  }

  // --- Fixture ----------------------------------------------------------------------------------

  private static Notification.Builder toAda() {
    return Notification.to(ADA).text("Hello");
  }

  private Submission submission(Notification.Builder builder) {
    Notification notification = builder.build();
    NotificationId id = Samples.id(lastId.incrementAndGet());
    List<QueuedDelivery> deliveries = new ArrayList<>();
    for (int leg = 0; leg < notification.route().legs().size(); leg++) {
      deliveries.add(QueuedDelivery.first(new DeliveryId(id, leg), notification, clock.instant()));
    }
    return new Submission(id, notification, clock.instant(), deliveries);
  }

  private List<QueuedDelivery> insert(Notification.Builder builder) {
    Submission submission = submission(builder);
    assertThat(store.insert(submission)).isEmpty();
    return submission.deliveries();
  }

  private QueuedDelivery settled(Settlement settlement) {
    QueuedDelivery delivery = insert(toAda()).get(0);
    assertThat(store.claim(delivery)).isTrue();
    assertThat(store.settle(delivery, null, settlement)).isEmpty();
    return delivery;
  }

  private DeliveryReport report(QueuedDelivery delivery) {
    return store
        .find(delivery.id().notification())
        .orElseThrow()
        .deliveries()
        .get(delivery.id().leg());
  }

  private static Finished sent() {
    return new Finished(DeliveryStatus.SENT, "done");
  }

  private static Finished failed() {
    return new Finished(DeliveryStatus.FAILED, "no");
  }

  private static Requeued retry() {
    return new Requeued(Cause.RETRY, 0, Samples.NOON.plusSeconds(5), "busy");
  }

  private static AttemptReport attempt(int number, DeliveryResult result) {
    return new AttemptReport(
        Samples.EMAIL, number, Samples.NOON, Duration.ofMillis(5), result, Optional.empty());
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
