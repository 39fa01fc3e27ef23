package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.internal.store.InMemoryTemplateStore;
import dev.notifier.spi.TemplateStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Template stores that are broken on purpose, each in one way, and tests that must find it. */
class TemplateStoreContractTest {
  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(
            IgnoresRevisions.class,
            Set.of(
                "theFirstRevisionIsForATemplateThatIsNotThere",
                "aChangeNeedsTheRevisionBeforeIt",
                "aLaterRevisionIsNoTemplateByItself")),
        arguments(ListsBackwards.class, Set.of("listsAreOrderedByNameAndPaged")),
        arguments(CutsBeforeItFilters.class, Set.of("listsAreFilteredBeforeTheyAreCut")),
        arguments(
            DeletesAnyRevision.class, Set.of("deletingRemovesEverythingIfTheRevisionIsRight")),
        arguments(ShowsOldestFirst.class, Set.of("versionsComeNewestFirstInPages")));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenStoreFailsTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).containsAll(failing);
  }

  @Test
  void durabilityIsSkippedUnlessTheStoreCanBeReopened() {
    ContractRun run = ContractRun.of(InMemoryTemplateStoreContractTest.class);
    assertThat(run.failed()).isEmpty();
    assertThat(run.skipped()).containsExactly("templatesSurviveARestart");
  }

  /** A store that passes everything on, to be broken in one place. */
  private abstract static class Forwarding implements TemplateStore {
    final TemplateStore delegate = new InMemoryTemplateStore();

    @Override
    public Optional<TemplateSummary> find(String name) {
      return delegate.find(name);
    }

    @Override
    public Optional<TemplateVersion> version(String name, int version) {
      return delegate.version(name, version);
    }

    @Override
    public List<TemplateVersion> versions(String name, int before, int limit) {
      return delegate.versions(name, before, limit);
    }

    @Override
    public List<TemplateSummary> list(TemplateQuery query) {
      return delegate.list(query);
    }

    @Override
    public boolean replace(TemplateSummary next, Optional<TemplateVersion> added) {
      return delegate.replace(next, added);
    }

    @Override
    public boolean delete(String name, long revision) {
      return delegate.delete(name, revision);
    }
  }

  static class IgnoresRevisions extends TemplateStoreContract {
    @Override
    protected TemplateStore createStore() {
      return new Forwarding() {
        @Override
        public boolean replace(TemplateSummary next, Optional<TemplateVersion> added) {
          long current = find(next.name()).map(TemplateSummary::revision).orElse(0L);
          TemplateSummary fitted =
              new TemplateSummary(
                  next.name(),
                  current + 1,
                  next.latestVersion(),
                  next.activeVersion(),
                  next.channels(),
                  next.includes(),
                  next.createdAt(),
                  next.changedAt());
          return delegate.replace(fitted, added);
        }
      };
    }
  }

  static class ListsBackwards extends TemplateStoreContract {
    @Override
    protected TemplateStore createStore() {
      return new Forwarding() {
        @Override
        public List<TemplateSummary> list(TemplateQuery query) {
          List<TemplateSummary> page = new ArrayList<>(delegate.list(query));
          Collections.reverse(page);
          return page;
        }
      };
    }
  }

  static class CutsBeforeItFilters extends TemplateStoreContract {
    @Override
    protected TemplateStore createStore() {
      return new Forwarding() {
        @Override
        public List<TemplateSummary> list(TemplateQuery query) {
          return delegate.list(TemplateQuery.all().limit(query.limit())).stream()
              .filter(query::matches)
              .toList();
        }
      };
    }
  }

  static class DeletesAnyRevision extends TemplateStoreContract {
    @Override
    protected TemplateStore createStore() {
      return new Forwarding() {
        @Override
        public boolean delete(String name, long revision) {
          return delegate.delete(name, find(name).map(TemplateSummary::revision).orElse(0L));
        }
      };
    }
  }

  static class ShowsOldestFirst extends TemplateStoreContract {
    @Override
    protected TemplateStore createStore() {
      return new Forwarding() {
        @Override
        public List<TemplateVersion> versions(String name, int before, int limit) {
          List<TemplateVersion> versions = new ArrayList<>(delegate.versions(name, before, limit));
          Collections.reverse(versions);
          return versions;
        }
      };
    }
  }
}
