package dev.notifier.internal.template;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateReference;
import dev.notifier.TemplateVersion;
import dev.notifier.spi.TemplateStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds templates: in the store, else on the class path, else in a directory. What a template
 * includes comes from the source that the template itself comes from. Thread-safe.
 */
public final class TemplateLibrary {
  /** Of text; a compiled template takes about ten times as many bytes. */
  private static final long MAX_CACHED_CHARACTERS = 4_000_000;

  /** What a compiled template takes however short it is, counted in characters of text. */
  private static final int BASE_WEIGHT = 400;

  /** The same name and version may come from two sources. */
  private record CacheKey(TemplateSource source, VersionKey key) {}

  private final StoreSource store;
  private final List<TemplateSource> sources = new ArrayList<>();
  private final Cache<CacheKey, CompiledTemplate> compiled =
      Caffeine.newBuilder()
          .maximumWeight(MAX_CACHED_CHARACTERS)
          .weigher(TemplateLibrary::weight)
          .executor(Runnable::run)
          .build();

  /**
   * Creates the library.
   *
   * @param classPath the folder of resources; null for none
   * @param directory the directory of files; null for none
   */
  public TemplateLibrary(
      TemplateStore store,
      @Nullable String classPath,
      @Nullable Path directory,
      InstantSource clock) {
    this.store = new StoreSource(store, clock);
    sources.add(this.store);
    if (classPath != null) {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      ClassLoader own = Objects.requireNonNull(TemplateLibrary.class.getClassLoader());
      sources.add(TextSource.classPath(classPath, context != null ? context : own));
    }
    if (directory != null) {
      sources.add(TextSource.directory(directory));
    }
  }

  private static int weight(CacheKey key, CompiledTemplate template) {
    int weight = BASE_WEIGHT;
    for (TemplatePart part : template.template().parts()) {
      weight += BASE_WEIGHT + part.text().length();
    }
    return weight;
  }

  /** Forgets what it knows of a stored template, since this node has just changed it. */
  void changed(String name) {
    store.changed(name);
    compiled.asMap().keySet().removeIf(each -> each.key().name().equals(name));
  }

  /**
   * Returns a template, ready to be rendered.
   *
   * @throws TemplateException if there is none
   */
  CompiledTemplate find(TemplateReference reference) {
    for (TemplateSource source : sources) {
      if (source.has(reference.name())) {
        return key(source, reference)
            .flatMap(key -> compiled(source, key))
            .orElseThrow(() -> missing(reference));
      }
    }
    throw problem(reference, "there is no template of this name");
  }

  private static Optional<VersionKey> key(TemplateSource source, TemplateReference reference) {
    return reference.version().isPresent()
        ? source.version(reference.name(), reference.version().getAsInt())
        : source.active(reference.name());
  }

  private static TemplateException missing(TemplateReference reference) {
    return problem(
        reference,
        reference.version().isPresent()
            ? "there is no such version"
            : "it is not active: activate a version first");
  }

  static TemplateException problem(TemplateReference reference, String message) {
    return new TemplateException(TemplateProblem.of(reference, message));
  }

  /** Returns what a notification gets that names this template. */
  Optional<TemplateVersion> active(String name) {
    return sources.stream()
        .filter(source -> source.has(name))
        .findFirst()
        .flatMap(source -> source.active(name).flatMap(key -> compiled(source, key)))
        .map(CompiledTemplate::version);
  }

  /** Not by the cache's own loading, which would hold a lock while the source answers. */
  private Optional<CompiledTemplate> compiled(TemplateSource source, VersionKey key) {
    CacheKey cacheKey = new CacheKey(source, key);
    CompiledTemplate known = compiled.getIfPresent(cacheKey);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<CompiledTemplate> made =
        source.load(key).map(version -> new CompiledTemplate(version, libraryOf(source)));
    made.ifPresent(template -> compiled.put(cacheKey, template));
    return made;
  }

  private CompiledTemplate.Library libraryOf(TemplateSource source) {
    return CompiledTemplate.library(
        source::active, key -> compiled(source, key).map(CompiledTemplate::version));
  }

  /** Returns a template as if it were in the store, with nothing compiled yet. */
  CompiledTemplate unsaved(Template template) {
    return new CompiledTemplate(new TemplateVersion(template, 0, Instant.EPOCH), libraryOf(store));
  }
}
