package dev.notifier.internal.store;

import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.spi.TemplateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps templates in memory: every version of every template, until it is deleted. It is gone when
 * the process ends.
 */
public final class InMemoryTemplateStore implements TemplateStore {
  private record Stored(TemplateSummary summary, List<TemplateVersion> versions) {}

  private final SortedMap<String, Stored> templates = new TreeMap<>(); // Guarded by this.

  /** Creates an empty store. */
  public InMemoryTemplateStore() {}

  @Override
  public synchronized Optional<TemplateSummary> find(String name) {
    return Optional.ofNullable(templates.get(name)).map(Stored::summary);
  }

  @Override
  public synchronized Optional<TemplateVersion> version(String name, int version) {
    return Optional.ofNullable(templates.get(name)).stream()
        .flatMap(stored -> stored.versions().stream())
        .filter(each -> each.version() == version)
        .findFirst();
  }

  @Override
  public synchronized List<TemplateVersion> versions(String name, int before, int limit) {
    List<TemplateVersion> found = new ArrayList<>();
    Stored stored = templates.get(name);
    if (stored != null) {
      for (int i = stored.versions().size() - 1; i >= 0 && found.size() < limit; i--) {
        TemplateVersion version = stored.versions().get(i);
        if (version.version() < before) {
          found.add(version);
        }
      }
    }
    return found;
  }

  @Override
  public synchronized List<TemplateSummary> list(TemplateQuery query) {
    SortedMap<String, Stored> from =
        query.after().isPresent() ? templates.tailMap(query.after().get()) : templates;
    return from.values().stream()
        .map(Stored::summary)
        .filter(query::matches)
        .limit(query.limit())
        .toList();
  }

  @Override
  public synchronized boolean replace(TemplateSummary next, Optional<TemplateVersion> added) {
    Stored stored = templates.get(next.name());
    long revision = stored == null ? 0 : stored.summary().revision();
    if (revision != next.revision() - 1) {
      return false;
    }
    List<TemplateVersion> versions =
        stored == null ? new ArrayList<>() : new ArrayList<>(stored.versions());
    added.ifPresent(versions::add);
    templates.put(next.name(), new Stored(next, versions));
    return true;
  }

  @Override
  public synchronized boolean delete(String name, long revision) {
    Stored stored = templates.get(name);
    if (stored == null || stored.summary().revision() != revision) {
      return false;
    }
    templates.remove(name);
    return true;
  }
}
