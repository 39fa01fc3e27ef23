package dev.notifier;

import java.time.Instant;
import java.util.Objects;

/**
 * A template as it was saved; versions never change.
 *
 * @param template what was saved
 * @param version its number, from 1; 0 for a template from the class path or a directory
 * @param createdAt when it was saved
 */
public record TemplateVersion(Template template, int version, Instant createdAt) {
  /** Creates the version. */
  public TemplateVersion {
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  /** Returns its name, and its number if it has one. */
  public TemplateReference reference() {
    return version == 0
        ? TemplateReference.active(template.name())
        : TemplateReference.version(template.name(), version);
  }
}
