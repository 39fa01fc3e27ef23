package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.BatchReport;
import dev.notifier.NotificationId;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.StoredBatch;
import dev.notifier.spi.Submission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch stores that are broken on purpose, each in one way, and tests that must find it. */
class BatchStoreContractTest {
  @ParameterizedTest
  @MethodSource
  void brokenStoreFailsTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).containsAll(failing);
  }

  static Stream<Arguments> brokenStoreFailsTheTestsThatSaySo() {
    return Stream.of(
        arguments(CountsNothing.class, Set.of("progressIsCounted", "repeatsAreTold")),
        arguments(NeverEnds.class, Set.of("progressIsCounted", "brokenOffIsInterrupted")),
        arguments(CancelsNothing.class, Set.of("waitingIsCancelled")),
        arguments(KnowsEverything.class, Set.of("unknownIsUnknown")),
        arguments(ListsBackwards.class, Set.of("newestComesFirst")),
        arguments(ForgetsWhenClosed.class, Set.of("batchesStand")));
  }

  @Test
  void durabilityOfStoreInMemoryIsSkipped() {
    ContractRun run = ContractRun.of(InMemoryBatchStoreContractTest.class);
    assertThat(run.skipped()).containsExactly("batchesStand");
    assertThat(run.failed()).isEmpty();
  }

  /** The contract over a batch store with one fault. */
  abstract static class Faulty extends BatchStoreContract {
    private final BiFunction<BatchStore, NotificationStore, BatchStore> fault;

    Faulty(BiFunction<BatchStore, NotificationStore, BatchStore> fault) {
      this.fault = fault;
    }

    @Override
    protected NotificationStore createStore() {
      return new Stores.Forwarding() {
        private final BatchStore broken = fault.apply(delegate.batches(), delegate);

        @Override
        public BatchStore batches() {
          return broken;
        }
      };
    }
  }

  /** A batch store that passes everything on, to be broken in one place. */
  private static class Forwarding implements BatchStore {
    final BatchStore delegate;

    Forwarding(BatchStore delegate) {
      this.delegate = delegate;
    }

    @Override
    public void begin(StoredBatch batch) {
      delegate.begin(batch);
    }

    @Override
    public List<Optional<NotificationId>> insertSome(
        StoredBatch batch, List<Submission> submissions) {
      return delegate.insertSome(batch, submissions);
    }

    @Override
    public List<Optional<NotificationId>> insertWhole(
        StoredBatch batch, List<Submission> submissions) {
      return delegate.insertWhole(batch, submissions);
    }

    @Override
    public void end(StoredBatch batch, String problem) {
      delegate.end(batch, problem);
    }

    @Override
    public Optional<BatchReport> find(long group) {
      return delegate.find(group);
    }

    @Override
    public List<Long> newest(int limit) {
      return delegate.newest(limit);
    }

    @Override
    public boolean owes(long group) {
      return delegate.owes(group);
    }

    @Override
    public boolean cancel(long group) {
      return delegate.cancel(group);
    }

    @Override
    public List<QueuedDelivery> cancelSome(long group) {
      return delegate.cancelSome(group);
    }
  }

  static final class CountsNothing extends Faulty {
    CountsNothing() {
      super(
          (batches, store) ->
              new Forwarding(batches) {
                @Override
                public List<Optional<NotificationId>> insertSome(
                    StoredBatch batch, List<Submission> submissions) {
                  return store.insertAll(submissions);
                }
              });
    }
  }

  static final class NeverEnds extends Faulty {
    NeverEnds() {
      super(
          (batches, store) ->
              new Forwarding(batches) {
                @Override
                public void end(StoredBatch batch, String problem) {}
              });
    }
  }

  static final class CancelsNothing extends Faulty {
    CancelsNothing() {
      super(
          (batches, store) ->
              new Forwarding(batches) {
                @Override
                public List<QueuedDelivery> cancelSome(long group) {
                  return List.of();
                }
              });
    }
  }

  static final class KnowsEverything extends Faulty {
    KnowsEverything() {
      super(
          (batches, store) ->
              new Forwarding(batches) {
                @Override
                public boolean cancel(long group) {
                  return super.cancel(group) || group != 0;
                }
              });
    }
  }

  static final class ListsBackwards extends Faulty {
    ListsBackwards() {
      super(
          (batches, store) ->
              new Forwarding(batches) {
                @Override
                public List<Long> newest(int limit) {
                  List<Long> reversed = new ArrayList<>(super.newest(limit));
                  Collections.reverse(reversed);
                  return reversed;
                }
              });
    }
  }

  static final class ForgetsWhenClosed extends BatchStoreContract {
    @Override
    protected NotificationStore createStore() {
      return Stores.inMemory();
    }

    @Override
    protected NotificationStore reopenStore() {
      return Stores.inMemory();
    }
  }
}
