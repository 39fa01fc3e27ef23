package dev.notifier.internal.render;

import dev.notifier.TemplateVersion;
import java.util.Optional;

/** Finds layouts and partials by name. */
@FunctionalInterface
public interface Includes {
  /** Returns the version that is used now, from the source of the template that includes it. */
  Optional<TemplateVersion> find(String name);
}
