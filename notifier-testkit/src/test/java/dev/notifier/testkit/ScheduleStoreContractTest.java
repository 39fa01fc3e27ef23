package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedule stores that are broken on purpose, each in one way, and tests that must find it. */
class ScheduleStoreContractTest {
  @ParameterizedTest
  @MethodSource
  void brokenStoreFailsTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).containsAll(failing);
  }

  static Stream<Arguments> brokenStoreFailsTheTestsThatSaySo() {
    return Stream.of(
        arguments(Overwrites.class, Set.of("takenNameIsRefused")),
        arguments(FoldsCase.class, Set.of("caseMatters")),
        arguments(ListsBackwards.class, Set.of("pagesComeByName", "earliestComesFirst")),
        arguments(IsEarly.class, Set.of("dueToTheMillisecond")),
        arguments(
            IgnoresVersions.class,
            Set.of("outdatedChangeIsRefused", "oneOfManyChanges", "recreatedIsAnother")),
        arguments(DeletesNothing.class, Set.of("deletedIsGone", "runOfDeletedTakesNothing")),
        arguments(SendsNothing.class, Set.of("runTakesBoth", "runsFollowEachOther")),
        arguments(
            SendsThoughItLost.class, Set.of("lostRunTakesNothing", "runOfDeletedTakesNothing")),
        arguments(SendsAgain.class, Set.of("runIsSentOnce")),
        arguments(NeverAdvances.class, Set.of("runTakesBoth", "oneOfManyMakesIt")),
        arguments(ForgetsWhenClosed.class, Set.of("schedulesStand")));
  }

  @Test
  void durabilityOfStoreInMemoryIsSkipped() {
    assertThat(ContractRun.of(InMemoryScheduleStoreContractTest.class).skipped())
        .containsExactly("schedulesStand");
    assertThat(ContractRun.of(InMemoryScheduleStoreContractTest.class).failed()).isEmpty();
  }

  @Test
  void aStoreWithoutSchedulesIsTold() {
    assertThat(ContractRun.of(KeepsNone.class).failed()).contains("cronIsKeptWhole");
  }

  /** The contract over a schedule store with one fault. */
  abstract static class Faulty extends ScheduleStoreContract {
    private final BiFunction<ScheduleStore, NotificationStore, ScheduleStore> fault;

    Faulty(BiFunction<ScheduleStore, NotificationStore, ScheduleStore> fault) {
      this.fault = fault;
    }

    @Override
    protected NotificationStore createStore() {
      return new Stores.Forwarding() {
        private final ScheduleStore broken =
            fault.apply(delegate.schedules().orElseThrow(), delegate);

        @Override
        public Optional<ScheduleStore> schedules() {
          return Optional.of(broken);
        }
      };
    }
  }

  /** A schedule store that passes everything on, to be broken in one place. */
  private static class Forwarding implements ScheduleStore {
    final ScheduleStore delegate;

    Forwarding(ScheduleStore delegate) {
      this.delegate = delegate;
    }

    @Override
    public boolean insert(StoredSchedule schedule) {
      return delegate.insert(schedule);
    }

    @Override
    public Optional<StoredSchedule> find(String name) {
      return delegate.find(name);
    }

    @Override
    public List<StoredSchedule> list(String after, int limit) {
      return delegate.list(after, limit);
    }

    @Override
    public List<StoredSchedule> due(Instant now, int limit) {
      return delegate.due(now, limit);
    }

    @Override
    public Optional<Instant> nextDue() {
      return delegate.nextDue();
    }

    @Override
    public boolean replace(StoredSchedule next) {
      return delegate.replace(next);
    }

    @Override
    public boolean advance(StoredSchedule next, Submission run) {
      return delegate.advance(next, run);
    }

    @Override
    public boolean delete(String name) {
      return delegate.delete(name);
    }
  }

  private static List<StoredSchedule> reversed(List<StoredSchedule> schedules) {
    List<StoredSchedule> reversed = new ArrayList<>(schedules);
    Collections.reverse(reversed);
    return reversed;
  }

  static final class Overwrites extends Faulty {
    Overwrites() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean insert(StoredSchedule schedule) {
                  delegate.delete(schedule.name());
                  return delegate.insert(schedule);
                }
              });
    }
  }

  static final class FoldsCase extends Faulty {
    FoldsCase() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public Optional<StoredSchedule> find(String name) {
                  return super.find(name).or(() -> super.find(name.toLowerCase(Locale.ROOT)));
                }
              });
    }
  }

  static final class ListsBackwards extends Faulty {
    ListsBackwards() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public List<StoredSchedule> list(String after, int limit) {
                  return reversed(super.list(after, limit));
                }

                @Override
                public List<StoredSchedule> due(Instant now, int limit) {
                  return reversed(super.due(now, limit));
                }
              });
    }
  }

  static final class IsEarly extends Faulty {
    IsEarly() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public List<StoredSchedule> due(Instant now, int limit) {
                  return super.due(now.plusMillis(1), limit);
                }
              });
    }
  }

  static final class IgnoresVersions extends Faulty {
    IgnoresVersions() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean replace(StoredSchedule next) {
                  delegate.delete(next.name());
                  return delegate.insert(next);
                }
              });
    }
  }

  static final class DeletesNothing extends Faulty {
    DeletesNothing() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean delete(String name) {
                  return delegate.find(name).isPresent();
                }
              });
    }
  }

  static final class SendsNothing extends Faulty {
    SendsNothing() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean advance(StoredSchedule next, Submission run) {
                  return delegate.replace(next);
                }
              });
    }
  }

  static final class SendsThoughItLost extends Faulty {
    SendsThoughItLost() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean advance(StoredSchedule next, Submission run) {
                  return all.insert(run).isEmpty() && delegate.replace(next);
                }
              });
    }
  }

  static final class SendsAgain extends Faulty {
    SendsAgain() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean advance(StoredSchedule next, Submission run) {
                  if (!delegate.replace(next)) {
                    return false;
                  }
                  all.insert(run); // in memory this takes the place of the one before
                  return true;
                }
              });
    }
  }

  static final class NeverAdvances extends Faulty {
    NeverAdvances() {
      super(
          (store, all) ->
              new Forwarding(store) {
                @Override
                public boolean advance(StoredSchedule next, Submission run) {
                  return all.insert(run).isEmpty();
                }
              });
    }
  }

  static final class ForgetsWhenClosed extends ScheduleStoreContract {
    @Override
    protected NotificationStore createStore() {
      return Stores.inMemory();
    }

    @Override
    protected NotificationStore reopenStore() {
      return Stores.inMemory();
    }
  }

  static final class KeepsNone extends ScheduleStoreContract {
    @Override
    protected NotificationStore createStore() {
      return new Stores.Forwarding();
    }
  }
}
