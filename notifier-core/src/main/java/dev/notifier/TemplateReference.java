package dev.notifier;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Names a template, or one version of it.
 *
 * @param name the template
 * @param version the version; empty for the one that is active, and for templates from the class
 *     path or a directory, which have none
 */
public record TemplateReference(String name, OptionalInt version) {
  /**
   * Creates the reference.
   *
   * @throws InvalidNotificationException if no template can have this name, or the version is below
   *     1
   */
  public TemplateReference {
    Objects.requireNonNull(version, "version");
    if (!Template.isName(name)) {
      throw new InvalidNotificationException(Template.nameRule(name));
    }
    if (version.isPresent() && version.getAsInt() < 1) {
      throw new InvalidNotificationException(
          "template version must be 1 or more, but was " + version.getAsInt());
    }
  }

  /** Returns a reference to the active version. */
  public static TemplateReference active(String name) {
    return new TemplateReference(name, OptionalInt.empty());
  }

  /** Returns a reference to one version. */
  public static TemplateReference version(String name, int version) {
    return new TemplateReference(name, OptionalInt.of(version));
  }

  @Override
  public String toString() {
    return version.isPresent() ? name + ", version " + version.getAsInt() : name;
  }
}
