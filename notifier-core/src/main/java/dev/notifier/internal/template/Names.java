package dev.notifier.internal.template;

import dev.notifier.InvalidNotificationException;
import dev.notifier.TemplateReference;

/** What may be asked of a source. */
final class Names {
  private Names() {}

  /** Tells whether a template can have this name; whatever else never reaches a source. */
  static boolean isName(String name) {
    try {
      return TemplateReference.active(name).name().equals(name);
    } catch (InvalidNotificationException e) {
      return false;
    }
  }
}
