package dev.notifier.internal.template;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPreview;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Template;
import dev.notifier.TemplateConflictException;
import dev.notifier.TemplateException;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateQuery;
import dev.notifier.TemplateReference;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.Templates;
import dev.notifier.spi.TemplateStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides what a change of a template means, and lets the store compare and write. */
public final class StoredTemplates implements Templates {
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_TRIES = 20;

  private final TemplateStore store;
  private final TemplateLibrary library;
  private final Previewer previewer;
  private final InstantSource clock;

  /** Shows how a template would leave. */
  @FunctionalInterface
  public interface Previewer {
    /** Returns every part that a reader of this language would get. */
    List<ChannelPreview> preview(TemplateVersion version, Locale locale, Map<String, ?> data);
  }

  /** Creates the templates. */
  public StoredTemplates(
      TemplateStore store, TemplateLibrary library, Previewer previewer, InstantSource clock) {
    this.store = store;
    this.library = library;
    this.previewer = previewer;
    this.clock = clock;
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public TemplateVersion save(Template template) {
    Set<String> includes = check(template);
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      Optional<TemplateSummary> current = store.find(template.name());
      Optional<TemplateVersion> active = current.flatMap(this::activeVersion);
      if (active.isPresent() && active.get().template().equals(template)) {
        return active.get();
      }
      Optional<TemplateVersion> saved = add(template, includes, current, true);
      if (saved.isPresent()) {
        return saved.get();
      }
    }
    throw new TemplateConflictException(
        template.name(), store.find(template.name()).map(TemplateSummary::revision).orElse(0L));
  }

  private Optional<TemplateVersion> activeVersion(TemplateSummary summary) {
    OptionalInt active = summary.activeVersion();
    return active.isPresent() ? store.version(summary.name(), active.getAsInt()) : Optional.empty();
  }

  @Override
  public TemplateVersion save(Template template, long revision) {
    return add(template, revision, true);
  }

  @Override
  public TemplateVersion draft(Template template, long revision) {
    return add(template, revision, false);
  }

  private TemplateVersion add(Template template, long revision, boolean activate) {
    Set<String> includes = check(template);
    Optional<TemplateSummary> current = store.find(template.name());
    if (current.map(TemplateSummary::revision).orElse(0L) != revision) {
      throw new TemplateConflictException(template.name(), revision);
    }
    return add(template, includes, current, activate)
        .orElseThrow(() -> new TemplateConflictException(template.name(), revision));
  }

  /** Returns what its parts include, if nothing is wrong with them. */
  private Set<String> check(Template template) {
    CompiledTemplate unsaved = library.unsaved(template);
    List<TemplateProblem> problems = unsaved.problems();
    if (!problems.isEmpty()) {
      throw new TemplateException(problems);
    }
    return unsaved.includes();
  }

  /** Adds a version; empty if somebody else was faster. */
  private Optional<TemplateVersion> add(
      Template template,
      Set<String> includes,
      Optional<TemplateSummary> current,
      boolean activate) {
    Instant now = now();
    int number = current.map(TemplateSummary::latestVersion).orElse(0) + 1;
    TemplateVersion version = new TemplateVersion(template, number, now);
    OptionalInt active =
        activate
            ? OptionalInt.of(number)
            : current.map(TemplateSummary::activeVersion).orElse(OptionalInt.empty());
    boolean described = activate || active.isEmpty();
    TemplateSummary next =
        new TemplateSummary(
            template.name(),
            current.map(TemplateSummary::revision).orElse(0L) + 1,
            number,
            active,
            described ? channelsOf(template) : current.orElseThrow().channels(),
            described ? includes : current.orElseThrow().includes(),
            current.map(TemplateSummary::createdAt).orElse(now),
            now);
    boolean replaced = store.replace(next, Optional.of(version));
    library.changed(template.name());
    return replaced ? Optional.of(version) : Optional.empty();
  }

  /** Every database keeps milliseconds, and what is read back should be what was written. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Set<ChannelId> channelsOf(Template template) {
    return template.parts().stream().map(TemplatePart::channel).collect(Collectors.toSet());
  }

  @Override
  public TemplateSummary activate(String name, int version, long revision) {
    TemplateSummary current = current(name, revision);
    Template template = existing(TemplateReference.version(name, version)).template();
    Set<String> includes = check(template);
    return replace(current, OptionalInt.of(version), template, includes);
  }

  @Override
  public TemplateSummary deactivate(String name, long revision) {
    TemplateSummary current = current(name, revision);
    return replace(
        new TemplateSummary(
            name,
            revision + 1,
            current.latestVersion(),
            OptionalInt.empty(),
            current.channels(),
            current.includes(),
            current.createdAt(),
            now()));
  }

  private TemplateSummary replace(
      TemplateSummary current, OptionalInt active, Template template, Set<String> includes) {
    return replace(
        new TemplateSummary(
            current.name(),
            current.revision() + 1,
            current.latestVersion(),
            active,
            channelsOf(template),
            includes,
            current.createdAt(),
            now()));
  }

  private TemplateSummary replace(TemplateSummary next) {
    boolean replaced = store.replace(next, Optional.empty());
    library.changed(next.name());
    if (!replaced) {
      throw new TemplateConflictException(next.name(), next.revision() - 1);
    }
    return next;
  }

  private TemplateSummary current(String name, long revision) {
    TemplateSummary current =
        find(name)
            .orElseThrow(
                () ->
                    TemplateLibrary.problem(
                        TemplateReference.active(name),
                        "there is no stored template of this name"));
    if (current.revision() != revision) {
      throw new TemplateConflictException(name, revision);
    }
    return current;
  }

  @Override
  public void delete(String name, long revision) {
    TemplateSummary current = current(name, revision);
    if (current.activeVersion().isPresent()) {
      throw TemplateLibrary.problem(
          TemplateReference.active(name), "it is active: deactivate it before it is deleted");
    }
    checkNobodyIncludes(name);
    boolean deleted = store.delete(name, revision);
    library.changed(name);
    if (!deleted) {
      throw new TemplateConflictException(name, revision);
    }
  }

  private void checkNobodyIncludes(String name) {
    List<TemplateSummary> page = store.list(TemplateQuery.all().limit(MAX_LIMIT));
    while (!page.isEmpty()) {
      for (TemplateSummary other : page) {
        if (other.includes().contains(name) && !other.name().equals(name)) {
          throw TemplateLibrary.problem(
              TemplateReference.active(name),
              "template " + other.name() + " includes it: change that one first");
        }
      }
      String last = page.get(page.size() - 1).name();
      page = store.list(TemplateQuery.all().limit(MAX_LIMIT).after(last));
    }
  }

  // --- Reading ----------------------------------------------------------------------------------

  @Override
  public Optional<TemplateSummary> find(String name) {
    return Names.isName(name) ? store.find(name) : Optional.empty();
  }

  @Override
  public Optional<TemplateVersion> version(String name, int version) {
    return Names.isName(name) ? store.version(name, version) : Optional.empty();
  }

  private TemplateVersion existing(TemplateReference reference) {
    return store
        .version(reference.name(), reference.version().orElseThrow())
        .orElseThrow(() -> TemplateLibrary.problem(reference, "there is no such version"));
  }

  @Override
  public Optional<TemplateVersion> active(String name) {
    return Names.isName(name) ? library.active(name) : Optional.empty();
  }

  @Override
  public List<TemplateVersion> versions(String name, int before, int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
    return Names.isName(name) ? store.versions(name, before, limit) : List.of();
  }

  @Override
  public List<TemplateSummary> list(TemplateQuery query) {
    return store.list(query);
  }

  @Override
  public String diff(String name, int first, int second) {
    Template before = existing(TemplateReference.version(name, first)).template();
    Template after = existing(TemplateReference.version(name, second)).template();
    return TextDiff.of(before.toText(), after.toText());
  }

  @Override
  public List<TemplateProblem> validate(Template template) {
    return library.unsaved(template).problems();
  }

  // --- Previews ---------------------------------------------------------------------------------

  @Override
  public List<ChannelPreview> preview(String name, Locale locale, Map<String, ?> data) {
    return preview(TemplateReference.active(name), locale, data);
  }

  @Override
  public List<ChannelPreview> preview(
      String name, int version, Locale locale, Map<String, ?> data) {
    return preview(TemplateReference.version(name, version), locale, data);
  }

  private List<ChannelPreview> preview(
      TemplateReference reference, Locale locale, Map<String, ?> data) {
    try {
      return previewer.preview(library.find(reference).version(), locale, data);
    } catch (InvalidNotificationException e) {
      throw TemplateLibrary.problem(reference, String.valueOf(e.getMessage()));
    }
  }
}
