package dev.notifier.store.jdbc;

/** The names of the tables, with the prefix that the application chose. */
record Tables(
    String queue,
    String body,
    String history,
    String attempt,
    String node,
    String dedup,
    String suppression,
    String earlyUpdate,
    String cancelRequest,
    String template,
    String templateVersion,
    String schedule,
    String tag,
    String batch,
    String preference) {
  static Tables withPrefix(String prefix) {
    return new Tables(
        prefix + "queue",
        prefix + "body",
        prefix + "history",
        prefix + "attempt",
        prefix + "node",
        prefix + "dedup",
        prefix + "suppression",
        prefix + "early_update",
        prefix + "cancel_request",
        prefix + "template",
        prefix + "template_version",
        prefix + "schedule",
        prefix + "tag",
        prefix + "batch",
        prefix + "preference");
  }
}
