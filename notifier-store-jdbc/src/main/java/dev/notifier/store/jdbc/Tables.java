package dev.notifier.store.jdbc;

/**
 * The names of the tables, with the prefix that the application chose. H2 has one table for what is
 * owed and what is settled, and two more that stand in for indexes of some rows only; see {@link
 * H2Dialect}. So whoever reads the queue adds {@link #owed}, and who reads the history {@link
 * #settled}.
 *
 * @param owed a condition with AND behind it, or nothing
 * @param settled a condition with AND behind it, or nothing
 */
record Tables(
    String queue,
    String owed,
    String body,
    String history,
    String settled,
    String free,
    String lookup,
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
    String preference,
    String schemaHistory) {
  static Tables of(TablePrefix names, DatabaseKind kind) {
    String prefix = names.text();
    boolean inOne = kind == DatabaseKind.H2;
    return new Tables(
        prefix + (inOne ? "delivery" : "queue"),
        inOne ? "settled_at IS NULL AND " : "",
        prefix + "body",
        prefix + (inOne ? "delivery" : "history"),
        inOne ? "settled_at IS NOT NULL AND " : "",
        prefix + (inOne ? "free" : "queue"),
        prefix + (inOne ? "lookup" : "history"),
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
        prefix + "preference",
        prefix + "schema_history");
  }
}
