package dev.notifier.store.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The statements that look. Each reads queue and history at once, since a delivery that moves from
 * one to the other must not be missed between two statements. All of them follow an index.
 */
final class HistorySql {
  /** The columns of a delivery in either table; see {@link StoredDelivery}. */
  private static final String SETTLED_COLUMNS =
      "id, 1 AS settled, lane, accepted_at, status, reason, settled_at AS due, started_at, latency,"
          + " provider_id, envelope, content";

  /** SCHEDULED as long as it waits for the time at which it is to be sent first; else QUEUED. */
  private static final String OWED_STATUS =
      "CASE WHEN step = 0 AND made = 0 AND due = step_since AND due > accepted_at THEN 0 ELSE 1 END";

  private static final String OWED_COLUMNS =
      "id, 0, lane, accepted_at, " + OWED_STATUS + ", '', due, NULL, NULL, NULL, envelope, content";

  private static final String STEP_COLUMNS = "id, lane, accepted_at, status";
  private static final String OWED_STEP_COLUMNS =
      "id, lane, accepted_at, " + OWED_STATUS + " AS status";

  /** Of a table that has both. */
  private static final String EITHER_STEP_COLUMNS =
      "id, lane, accepted_at, COALESCE(status, " + OWED_STATUS + ") AS status";

  private final Tables tables;
  private final DatabaseKind kind;
  private final String queue;
  private final String history;
  private final String byId;

  HistorySql(TablePrefix prefix, DatabaseKind kind) {
    this.kind = kind;
    tables = Tables.of(prefix, kind);
    queue = tables.queue();
    history = tables.history();
    // MariaDB would rather sort the whole table than read a primary key backwards.
    byId = kind == DatabaseKind.MARIADB ? " FORCE INDEX (PRIMARY)" : "";
  }

  /**
   * Tells whether recipients are found by {@link Places}, and whatever else but a key by {@link
   * #foundKeys}, for want of an index.
   */
  boolean usesLookups() {
    return kind == DatabaseKind.H2;
  }

  /** The deliveries from one key to another, twice: for the history and the queue. */
  String deliveriesBetween() {
    return deliveries("id BETWEEN ? AND ?");
  }

  /** The deliveries with so many keys, twice. */
  String deliveriesIn(int keys) {
    return deliveries(in(keys));
  }

  private String deliveries(String condition) {
    return "SELECT "
        + SETTLED_COLUMNS
        + " FROM "
        + history
        + " WHERE "
        + tables.settled()
        + condition
        + " UNION ALL SELECT "
        + OWED_COLUMNS
        + " FROM "
        + queue
        + " WHERE "
        + tables.owed()
        + condition;
  }

  String attemptsIn(int keys) {
    return "SELECT id, number, "
        + AttemptCodec.COLUMNS
        + " FROM "
        + tables.attempt()
        + " WHERE "
        + in(keys)
        + " ORDER BY id, number";
  }

  String bodiesIn(int keys) {
    return "SELECT id, content FROM " + tables.body() + " WHERE " + in(keys);
  }

  private static String in(int keys) {
    return "id IN (" + String.join(", ", Collections.nCopies(keys, "?")) + ")";
  }

  /**
   * The keys of the settled deliveries that have a provider's message id, and their channel; with
   * look-ups the hash of both.
   */
  String byProviderId() {
    String sql = "SELECT id FROM " + history + " WHERE provider_id = ? AND lane = ?";
    return usesLookups()
        ? sql + " AND id IN (SELECT id FROM " + tables.lookup() + " WHERE hash = ?)"
        : sql;
  }

  /** What leads a search to its rows: the index that it follows, newest first. */
  enum Lead {
    RECIPIENT("recipient"),
    CORRELATION("correlation"),
    TAG("tag"),
    STATUS("status"),
    ID("");

    private final String column;

    Lead(String column) {
      this.column = column;
    }
  }

  /**
   * Where a search goes.
   *
   * @param statuses the states to follow one by one, where these lead
   */
  record Walk(Lead lead, List<Integer> statuses, boolean inHistory, boolean inQueue) {
    Walk {
      statuses = List.copyOf(statuses);
    }
  }

  /**
   * The next deliveries of a walk; in one table they are all compared, as many as may be. The
   * parameters, for each of its branches: the value that leads, if it is a recipient or a
   * correlation; from which key, below which key, how many; at the end how many in all, if there
   * are several branches.
   */
  String steps(Walk walk) {
    if (usesLookups()) {
      return branch(EITHER_STEP_COLUMNS, queue, "", "");
    }
    List<String> branches = new ArrayList<>();
    if (walk.inHistory() && walk.lead() == Lead.STATUS) {
      // As literals: with a parameter no plan could know that the partial index has it.
      walk.statuses()
          .forEach(
              status ->
                  branches.add(branch(STEP_COLUMNS, history, "status", "status = " + status)));
    } else if (walk.inHistory()) {
      branches.add(branch(STEP_COLUMNS, history, walk.lead().column, led(walk.lead())));
    }
    if (walk.inQueue() && walk.lead() == Lead.RECIPIENT) {
      branches.addAll(owedTo());
    } else if (walk.inQueue()) {
      branches.add(branch(OWED_STEP_COLUMNS, queue, walk.lead().column, led(walk.lead())));
    }
    return branches.size() == 1
        ? branches.get(0)
        : "(" + String.join(") UNION ALL (", branches) + ") ORDER BY 1 DESC LIMIT ?";
  }

  /**
   * The next settled deliveries, oldest first: key, state and when. The parameters, for each of the
   * states that lead, or once: after which key, below which key, how many; at the end how many in
   * all, if several states lead.
   *
   * @param statuses the states to follow one by one; none to follow the keys, whatever the state
   */
  String settledSteps(List<Integer> statuses) {
    if (statuses.isEmpty()) {
      return settledStep("", "id");
    }
    List<String> branches =
        statuses.stream()
            .map(
                status ->
                    usesLookups()
                        ? settledStepFound(status)
                        : settledStep("status = " + status + " AND ", "status, id"))
            .toList();
    return branches.size() == 1
        ? branches.get(0)
        : "(" + String.join(") UNION ALL (", branches) + ") ORDER BY 1 LIMIT ?";
  }

  private String settledStep(String led, String order) {
    return "SELECT id, status, settled_at FROM "
        + history
        + (led.isEmpty() ? byId : "")
        + " WHERE "
        + tables.settled()
        + led
        + "id > ? AND id < ? ORDER BY "
        + order
        + " LIMIT ?";
  }

  private String settledStepFound(int status) {
    return "SELECT d.id, d.status, d.settled_at FROM "
        + tables.lookup()
        + " l JOIN "
        + history
        + " d ON d.id = l.id AND d.status = l.hash WHERE l.hash = "
        + status
        + " AND l.id > ? AND l.id < ? ORDER BY l.hash, l.id LIMIT ?";
  }

  /** The settled deliveries with so many keys: key, state, when, envelope. */
  String settledIn(int keys) {
    return "SELECT id, status, settled_at, envelope FROM "
        + history
        + " WHERE "
        + tables.settled()
        + in(keys);
  }

  /** Which deliveries with so many keys are owed. */
  String owedIn(int keys) {
    return "SELECT id FROM " + queue + " WHERE " + tables.owed() + in(keys);
  }

  /** Which deliveries from one key to another are owed. */
  String owedBetween() {
    return "SELECT id FROM " + queue + " WHERE " + tables.owed() + "id BETWEEN ? AND ?";
  }

  /** Which deliveries from one key to another are settled. */
  String settledBetween() {
    return "SELECT id FROM " + history + " WHERE " + tables.settled() + "id BETWEEN ? AND ?";
  }

  /**
   * What is owed to a recipient: the index has the free rows only. The others are read one by one,
   * which are no more than the lanes of all nodes can hold.
   */
  private List<String> owedTo() {
    if (kind == DatabaseKind.MARIADB) {
      return List.of(
          branch(OWED_STEP_COLUMNS, queue, "free_recipient", "free_recipient = ?"),
          branch(
              OWED_STEP_COLUMNS,
              queue,
              "free_recipient",
              "free_recipient IS NULL AND recipient = ?"));
    }
    // OFFSET 0: on its own, PostgreSQL may rather walk along the primary key of all rows.
    String owned = "(SELECT * FROM " + queue + " WHERE owner <> 0 OFFSET 0) q";
    return List.of(
        branch(OWED_STEP_COLUMNS, queue, "recipient", "owner = 0 AND recipient = ?"),
        branch(OWED_STEP_COLUMNS, owned, "recipient", "recipient = ?"));
  }

  /** The next keys of a tag: its hash, from which key, below which key, how many. */
  String taggedKeys() {
    return "SELECT id FROM "
        + tables.tag()
        + " WHERE tag = ? AND id >= ? AND id < ? ORDER BY tag DESC, id DESC LIMIT ?";
  }

  /** The next keys of what is looked up: its hash, from which key, below which key, how many. */
  String foundKeys() {
    return "SELECT id FROM "
        + tables.lookup()
        + " WHERE hash = ? AND id >= ? AND id < ? ORDER BY hash DESC, id DESC LIMIT ?";
  }

  /** What is to be compared of the deliveries with so many keys, twice. */
  String stepsIn(int keys) {
    return "SELECT "
        + STEP_COLUMNS
        + " FROM "
        + history
        + " WHERE "
        + tables.settled()
        + in(keys)
        + " UNION ALL SELECT "
        + OWED_STEP_COLUMNS
        + " FROM "
        + queue
        + " WHERE "
        + tables.owed()
        + in(keys);
  }

  /** How many branches the statement has. */
  int branches(Walk walk) {
    if (usesLookups()) {
      return 1;
    }
    int settled = walk.lead() == Lead.STATUS ? walk.statuses().size() : 1;
    int owed = walk.lead() == Lead.RECIPIENT ? 2 : 1;
    return (walk.inHistory() ? settled : 0) + (walk.inQueue() ? owed : 0);
  }

  private static String led(Lead lead) {
    return lead == Lead.ID ? "" : lead.column + " = ?";
  }

  private String branch(String columns, String table, String lead, String condition) {
    return "SELECT "
        + columns
        + " FROM "
        + table
        + (lead.isEmpty() ? byId : "")
        + " WHERE "
        + (condition.isEmpty() ? "" : condition + " AND ")
        + "id >= ? AND id < ? ORDER BY "
        + (lead.isEmpty() ? "" : lead + " DESC, ") // a constant here, but H2 looks for its index
        + "id DESC LIMIT ?";
  }
}
