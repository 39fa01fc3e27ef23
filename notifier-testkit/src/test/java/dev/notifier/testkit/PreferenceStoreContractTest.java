package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract finds what it is there to find: stores with one fault each. */
class PreferenceStoreContractTest {
  @ParameterizedTest
  @MethodSource
  void brokenStoreFailsTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).containsAll(failing);
  }

  static Stream<Arguments> brokenStoreFailsTheTestsThatSaySo() {
    return Stream.of(
        arguments(KeepsTheFirstWord.class, Set.of("laterWordCounts")),
        arguments(SeesTheExactOnly.class, Set.of("allThatCover")),
        arguments(ForgetsNothing.class, Set.of("forgottenIsGone", "erasedIsGone")),
        arguments(ListsEverything.class, Set.of("listIsNarrowed")),
        arguments(KnowsNoCursor.class, Set.of("foreignCursorIsRefused")),
        arguments(ForgetsWhenClosed.class, Set.of("preferencesStand")));
  }

  @Test
  void durabilityOfStoreInMemoryIsSkipped() {
    assertThat(ContractRun.of(InMemoryPreferenceStoreContractTest.class).skipped())
        .containsExactly("preferencesStand");
    assertThat(ContractRun.of(InMemoryPreferenceStoreContractTest.class).failed()).isEmpty();
  }

  @Test
  void aStoreWithoutPreferencesIsTold() {
    assertThat(ContractRun.of(KeepsNone.class).failed()).contains("keptWhole");
  }

  /** The contract over a preference store with one fault. */
  abstract static class Faulty extends PreferenceStoreContract {
    private final UnaryOperator<PreferenceStore> fault;

    Faulty(UnaryOperator<PreferenceStore> fault) {
      this.fault = fault;
    }

    @Override
    protected NotificationStore createStore() {
      return new Stores.Forwarding() {
        private final PreferenceStore broken = fault.apply(delegate.preferences().orElseThrow());

        @Override
        public Optional<PreferenceStore> preferences() {
          return Optional.of(broken);
        }
      };
    }
  }

  /** A preference store that passes everything on, to be broken in one place. */
  private static class Forwarding implements PreferenceStore {
    final PreferenceStore delegate;

    Forwarding(PreferenceStore delegate) {
      this.delegate = delegate;
    }

    @Override
    public void put(Preference preference) {
      delegate.put(preference);
    }

    @Override
    public Optional<Preference> find(
        Recipient recipient, String category, Optional<ChannelId> channel) {
      return delegate.find(recipient, category, channel);
    }

    @Override
    public List<Preference> covering(Recipient recipient, String category, ChannelId channel) {
      return delegate.covering(recipient, category, channel);
    }

    @Override
    public Page<Preference> list(PreferenceQuery query) {
      return delegate.list(query);
    }

    @Override
    public boolean remove(Recipient recipient, String category, Optional<ChannelId> channel) {
      return delegate.remove(recipient, category, channel);
    }

    @Override
    public int erase(Recipient recipient) {
      return delegate.erase(recipient);
    }
  }

  static final class KeepsTheFirstWord extends Faulty {
    KeepsTheFirstWord() {
      super(
          store ->
              new Forwarding(store) {
                @Override
                public void put(Preference preference) {
                  if (find(preference.recipient(), preference.category(), preference.channel())
                      .isEmpty()) {
                    super.put(preference);
                  }
                }
              });
    }
  }

  static final class SeesTheExactOnly extends Faulty {
    SeesTheExactOnly() {
      super(
          store ->
              new Forwarding(store) {
                @Override
                public List<Preference> covering(
                    Recipient recipient, String category, ChannelId channel) {
                  return find(recipient, category, Optional.of(channel)).stream().toList();
                }
              });
    }
  }

  static final class ForgetsNothing extends Faulty {
    ForgetsNothing() {
      super(
          store ->
              new Forwarding(store) {
                @Override
                public boolean remove(
                    Recipient recipient, String category, Optional<ChannelId> channel) {
                  return true;
                }

                @Override
                public int erase(Recipient recipient) {
                  return 3;
                }
              });
    }
  }

  static final class ListsEverything extends Faulty {
    ListsEverything() {
      super(
          store ->
              new Forwarding(store) {
                @Override
                public Page<Preference> list(PreferenceQuery query) {
                  PreferenceQuery all = PreferenceQuery.all().limit(query.limit());
                  return super.list(query.cursor().map(all::after).orElse(all));
                }
              });
    }
  }

  static final class KnowsNoCursor extends Faulty {
    KnowsNoCursor() {
      super(
          store ->
              new Forwarding(store) {
                @Override
                public Page<Preference> list(PreferenceQuery query) {
                  return super.list(PreferenceQuery.all().limit(1000));
                }
              });
    }
  }

  static final class ForgetsWhenClosed extends PreferenceStoreContract {
    @Override
    protected NotificationStore createStore() {
      return Stores.inMemory();
    }

    @Override
    protected NotificationStore reopenStore() {
      return Stores.inMemory();
    }
  }

  static final class KeepsNone extends PreferenceStoreContract {
    @Override
    protected NotificationStore createStore() {
      return new Stores.Forwarding();
    }
  }
}
