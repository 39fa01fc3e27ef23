package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Settlement;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stores that are broken on purpose, each in one way, and tests that must find it. */
class NotificationStoreContractTest {
  @ParameterizedTest
  @MethodSource
  void brokenStoreFailsTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).containsAll(failing);
  }

  static Stream<Arguments> brokenStoreFailsTheTestsThatSaySo() {
    return Stream.of(
        arguments(
            ForgetsKeys.class,
            Set.of(
                "repeatIsRecognised",
                "repeatIsRecognisedAfterSettlement",
                "keyIsClaimedAtomically",
                "insertAsyncDoesTheSame")),
        arguments(SharesKeys.class, Set.of("keysAreScopedByRecipient")),
        arguments(RacesForKeys.class, Set.of("keyIsClaimedAtomically")),
        arguments(GivesTwice.class, Set.of("claimedIsRefused", "oneOfManyGetsIt")),
        arguments(RacesForClaims.class, Set.of("oneOfManyGetsIt")),
        arguments(
            GivesEverything.class,
            Set.of(
                "unknownIsRefused",
                "settledIsRefused",
                "outdatedEntryIsRefused",
                "waitingIsCancelled",
                "cancelOrClaimWins")),
        arguments(NeverMovesOn.class, Set.of("laterChannelTakesOver")),
        arguments(
            DropsAttempts.class,
            Set.of("attemptsAreRecordedInOrder", "attemptIsKeptWhole", "retryIsCancelled")),
        arguments(
            RecordsTwice.class,
            Set.of(
                "secondSettlementIsInVain",
                "settlementOfCancelledIsInVain",
                "settlementOfOutdatedEntryIsInVain",
                "illegalStateIsRefused")),
        arguments(
            AlwaysCancels.class,
            Set.of(
                "sendingIsNotCancelled",
                "settledIsNotCancelled",
                "unknownIsNotCancelled",
                "waitingLegIsCancelledThoughOtherWasSent",
                "laterCallCompletes",
                "cancelOrClaimWins")),
        arguments(CancelsAgain.class, Set.of("secondCallIsComplete")),
        arguments(
            OwesForEver.class,
            Set.of("finishedIsFinished", "legsAreSettledApart", "unknownIsUnknown")),
        arguments(ListsOldestFirst.class, Set.of("deadLettersComeNewestFirst", "newestComesFirst")),
        arguments(BuriesEverything.class, Set.of("onlyFailuresAreDeadLetters")),
        arguments(KeepsLastReason.class, Set.of("firstReasonStays")),
        arguments(MixesUpChannels.class, Set.of("suppressedIsKnown")),
        arguments(
            LosesEverything.class,
            Set.of(
                "owedIsOwed",
                "settledIsSettled",
                "repeatIsRecognised",
                "replaysAreKnown",
                "suppressionsStand")),
        arguments(ReplaysAgain.class, Set.of("replayIsTakenOnce", "oneOfManyReplays")),
        arguments(
            ForgetsWhateverItIs.class, Set.of("oldOnesGoByState", "fanOutsGoAsAWhole", "manyGo")),
        arguments(ForgetsNothing.class, Set.of("oldOnesGoByState", "oneGoes")),
        arguments(BringsNothingBack.class, Set.of("retryGoesBack", "outdatedEntryIsRefused")));
  }

  @Test
  void durabilityOfStoreInMemoryIsSkipped() {
    assertThat(ContractRun.of(InMemoryNotificationStoreContractTest.class).skipped())
        .containsExactlyInAnyOrder(
            "owedIsOwed",
            "settledIsSettled",
            "repeatIsRecognised",
            "replaysAreKnown",
            "suppressionsStand");
  }

  /** The contract over a store with one fault. */
  abstract static class Faulty extends NotificationStoreContract {
    private final Supplier<NotificationStore> broken;

    Faulty(Supplier<NotificationStore> broken) {
      this.broken = broken;
    }

    @Override
    protected NotificationStore createStore() {
      return broken.get();
    }
  }

  static final class ForgetsKeys extends Faulty {
    ForgetsKeys() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Optional<NotificationId> insert(Submission submission) {
                  super.insert(submission);
                  return Optional.empty();
                }
              });
    }
  }

  static final class ReplaysAgain extends Faulty {
    ReplaysAgain() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Optional<NotificationId> insert(Submission submission) {
                  Optional<NotificationId> earlier = super.insert(submission);
                  return submission.notification().replayOf().isPresent()
                      ? Optional.empty()
                      : earlier;
                }
              });
    }
  }

  static final class ForgetsWhateverItIs extends Faulty {
    ForgetsWhateverItIs() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public PurgeStep purge(PurgeRequest request) {
                  return super.purge(
                      new PurgeRequest(
                          request.settledBefore(),
                          EnumSet.of(DeliveryStatus.SENT, DeliveryStatus.FAILED),
                          request.after()));
                }
              });
    }
  }

  static final class ForgetsNothing extends Faulty {
    ForgetsNothing() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public PurgeStep purge(PurgeRequest request) {
                  return new PurgeStep(0, Optional.empty());
                }

                @Override
                public boolean forget(NotificationId id) {
                  return find(id).isPresent();
                }
              });
    }
  }

  static final class SharesKeys extends Faulty {
    SharesKeys() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Map<String, NotificationId> keys = new ConcurrentHashMap<>();

                @Override
                public Optional<NotificationId> insert(Submission submission) {
                  Optional<NotificationId> earlier =
                      submission
                          .notification()
                          .idempotencyKey()
                          .map(key -> keys.putIfAbsent(key, submission.id()));
                  return earlier.isPresent() ? earlier : super.insert(submission);
                }
              });
    }
  }

  /** Looks first and inserts then: all threads that look before one inserts get their way. */
  static final class RacesForKeys extends Faulty {
    RacesForKeys() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Map<String, NotificationId> keys = new ConcurrentHashMap<>();

                @Override
                public Optional<NotificationId> insert(Submission submission) {
                  String key = submission.notification().idempotencyKey().orElse("");
                  NotificationId earlier = keys.get(key);
                  if (key.isEmpty() || !key.startsWith("race")) {
                    return super.insert(submission);
                  }
                  meetAnother();
                  keys.put(key, submission.id());
                  return Optional.ofNullable(earlier);
                }
              });
    }
  }

  /** Waits a little, so that another thread gets between a look and a leap. */
  private static void meetAnother() {
    try {
      new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static final class GivesTwice extends Faulty {
    GivesTwice() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public boolean claim(QueuedDelivery delivery) {
                  return super.claim(delivery) || isSending(delivery);
                }

                private boolean isSending(QueuedDelivery delivery) {
                  return find(delivery.id().notification())
                      .filter(report -> report.status() == DeliveryStatus.SENDING)
                      .isPresent();
                }
              });
    }
  }

  static final class RacesForClaims extends Faulty {
    RacesForClaims() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Set<QueuedDelivery> taken = ConcurrentHashMap.newKeySet();

                @Override
                public boolean claim(QueuedDelivery delivery) {
                  boolean free = !taken.contains(delivery);
                  if (free) {
                    meetAnother();
                    taken.add(delivery);
                    super.claim(delivery);
                  }
                  return free;
                }
              });
    }
  }

  static final class GivesEverything extends Faulty {
    GivesEverything() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public boolean claim(QueuedDelivery delivery) {
                  super.claim(delivery);
                  return true;
                }
              });
    }
  }

  static final class NeverMovesOn extends Faulty {
    NeverMovesOn() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Set<QueuedDelivery> known =
                    Collections.synchronizedSet(new HashSet<>());

                @Override
                public Optional<NotificationId> insert(Submission submission) {
                  known.addAll(submission.deliveries());
                  return super.insert(submission);
                }

                @Override
                public Optional<QueuedDelivery> settle(
                    QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
                  Optional<QueuedDelivery> next = super.settle(claimed, attempt, settlement);
                  next.ifPresent(known::add);
                  return next;
                }

                @Override
                public boolean claim(QueuedDelivery delivery) {
                  return known.contains(delivery) && super.claim(delivery);
                }
              });
    }
  }

  static final class DropsAttempts extends Faulty {
    DropsAttempts() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Optional<QueuedDelivery> settle(
                    QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
                  return super.settle(claimed, null, settlement);
                }
              });
    }
  }

  /** Writes down what comes, whether or not it comes too late. */
  static final class RecordsTwice extends Faulty {
    RecordsTwice() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Map<DeliveryId, String> reasons = new ConcurrentHashMap<>();

                @Override
                public Optional<QueuedDelivery> settle(
                    QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
                  reasons.put(claimed.id(), settlement.reason());
                  return super.settle(claimed, attempt, settlement);
                }

                @Override
                public Optional<NotificationReport> find(NotificationId id) {
                  return super.find(id).map(this::rewritten);
                }

                private NotificationReport rewritten(NotificationReport report) {
                  return new NotificationReport(
                      report.id(),
                      report.notification(),
                      report.acceptedAt(),
                      report.deliveries().stream().map(this::rewritten).toList());
                }

                private DeliveryReport rewritten(DeliveryReport report) {
                  return new DeliveryReport(
                      report.id(),
                      report.channel(),
                      report.status(),
                      reasons.getOrDefault(report.id(), report.reason()),
                      report.nextAttempt(),
                      report.attempts());
                }
              });
    }
  }

  static final class AlwaysCancels extends Faulty {
    AlwaysCancels() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Cancellation cancel(NotificationId id) {
                  return new Cancellation(true, super.cancel(id).cancelled());
                }
              });
    }
  }

  static final class CancelsAgain extends Faulty {
    CancelsAgain() {
      super(
          () ->
              new Stores.Forwarding() {
                private final Map<NotificationId, Cancellation> earlier = new ConcurrentHashMap<>();

                @Override
                public Cancellation cancel(NotificationId id) {
                  return earlier.computeIfAbsent(id, super::cancel);
                }
              });
    }
  }

  static final class OwesForEver extends Faulty {
    OwesForEver() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public boolean owes(DeliveryId id) {
                  return true;
                }
              });
    }
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  static final class ListsOldestFirst extends Faulty {
    ListsOldestFirst() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public List<NotificationReport> deadLetters(int limit) {
                  return reversed(super.deadLetters(limit));
                }

                @Override
                public Page<Suppression> suppressions(SuppressionQuery query) {
                  Page<Suppression> page = super.suppressions(query);
                  return new Page<>(reversed(page.items()), page.next());
                }
              });
    }
  }

  static final class BuriesEverything extends Faulty {
    BuriesEverything() {
      super(
          () ->
              new Stores.Forwarding() {
                private final List<NotificationId> finished = new ArrayList<>();

                @Override
                public Optional<QueuedDelivery> settle(
                    QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
                  finished.add(0, claimed.id().notification());
                  return super.settle(claimed, attempt, settlement);
                }

                @Override
                public List<NotificationReport> deadLetters(int limit) {
                  return finished.stream().limit(limit).map(id -> find(id).orElseThrow()).toList();
                }
              });
    }
  }

  static final class KeepsLastReason extends Faulty {
    KeepsLastReason() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public int suppress(List<Suppression> suppressions) {
                  suppressions.forEach(suppression -> unsuppress(suppression.target()));
                  return super.suppress(suppressions);
                }
              });
    }
  }

  static final class MixesUpChannels extends Faulty {
    MixesUpChannels() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Optional<Suppression> suppression(SuppressionTarget target) {
                  return suppressions(SuppressionQuery.all()).items().stream()
                      .filter(known -> known.target().value().equals(target.value()))
                      .findFirst();
                }
              });
    }
  }

  static final class LosesEverything extends Faulty {
    LosesEverything() {
      super(Stores::inMemory);
    }

    @Override
    protected NotificationStore reopenStore() {
      return Stores.inMemory();
    }
  }

  static final class BringsNothingBack extends Faulty {
    BringsNothingBack() {
      super(
          () ->
              new Stores.Forwarding() {
                @Override
                public Optional<QueuedDelivery> settle(
                    QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
                  super.settle(claimed, attempt, settlement);
                  return Optional.empty();
                }
              });
    }
  }
}
