package dev.notifier.internal.template;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.spi.TemplateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The templates of a store. Which version is active is asked again after five seconds. */
final class StoreSource implements TemplateSource {
  /** So long another node may go on with what this one has changed. */
  static final Duration MAX_STALENESS = Duration.ofSeconds(5);

  private static final int MAX_NAMES = 10_000;

  /** What is remembered of a template: two templates of one name were not created together. */
  private record Pointer(OptionalInt active, Object stamp) {}

  private final TemplateStore store;
  private final Cache<String, Optional<Pointer>> pointers;

  StoreSource(TemplateStore store, InstantSource clock) {
    this.store = store;
    this.pointers =
        Caffeine.newBuilder()
            .maximumSize(MAX_NAMES)
            .expireAfterWrite(MAX_STALENESS)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  /** Forgets what it knows of a template, since this node has just changed it. */
  void changed(String name) {
    pointers.invalidate(name);
  }

  @Override
  public boolean has(String name) {
    return pointer(name).isPresent();
  }

  @Override
  public Optional<VersionKey> active(String name) {
    return pointer(name)
        .filter(pointer -> pointer.active().isPresent())
        .map(pointer -> new VersionKey(name, pointer.active().getAsInt(), pointer.stamp()));
  }

  @Override
  public Optional<VersionKey> version(String name, int version) {
    return pointer(name).map(pointer -> new VersionKey(name, version, pointer.stamp()));
  }

  /** Not by the cache's own loading, which would hold a lock while the store answers. */
  private Optional<Pointer> pointer(String name) {
    Optional<Pointer> known = pointers.getIfPresent(name);
    if (known != null) {
      return known;
    }
    Optional<Pointer> found = store.find(name).map(StoreSource::pointerOf);
    pointers.put(name, found);
    return found;
  }

  private static Pointer pointerOf(TemplateSummary summary) {
    return new Pointer(summary.activeVersion(), summary.createdAt());
  }

  @Override
  public Optional<TemplateVersion> load(VersionKey key) {
    return store.version(key.name(), key.version());
  }
}
