package dev.notifier.internal.template;

import dev.notifier.TemplateVersion;
import java.util.Optional;

/** Where templates come from. Thread-safe. */
interface TemplateSource {
  /** Tells whether this source has the template, active or not: then no later source is asked. */
  boolean has(String name);

  /** Returns which text is used now. Called for every notification, so it must be quick. */
  Optional<VersionKey> active(String name);

  /** Returns which text a version is; empty if there is none. */
  Optional<VersionKey> version(String name, int version);

  /** Reads a text; empty if it is gone. */
  Optional<TemplateVersion> load(VersionKey key);
}
