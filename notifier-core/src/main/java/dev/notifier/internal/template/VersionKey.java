package dev.notifier.internal.template;

import java.util.Objects;

/**
 * Names one unchanging text of a template.
 *
 * @param name the template
 * @param version its version; 0 where the source has none
 * @param stamp what tells it from another text of the same name and version
 */
record VersionKey(String name, int version, Object stamp) {
  VersionKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(stamp, "stamp");
  }
}
