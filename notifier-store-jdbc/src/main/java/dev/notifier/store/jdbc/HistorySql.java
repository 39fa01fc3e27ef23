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

  private final String queue;
  private final String history;
  private final String attempt;
  private final String body;
  private final String tag;
  private final String byId;
  private final boolean hasPartialIndexes;

  HistorySql(TablePrefix prefix, DatabaseKind kind) {
    queue = prefix.text() + "queue";
    history = prefix.text() + "history";
    attempt = prefix.text() + "attempt";
    body = prefix.text() + "body";
    tag = prefix.text() + "tag";
    hasPartialIndexes = kind == DatabaseKind.POSTGRESQL;
    // MariaDB would rather sort the whole table than read a primary key backwards.
    byId = kind == DatabaseKind.MARIADB ? " FORCE INDEX (PRIMARY)" : "";
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
        + condition
        + " UNION ALL SELECT "
        + OWED_COLUMNS
        + " FROM "
        + queue
        + " WHERE "
        + condition;
  }

  String attemptsIn(int keys) {
    return "SELECT id, number, "
        + AttemptCodec.COLUMNS
        + " FROM "
        + attempt
        + " WHERE "
        + in(keys)
        + " ORDER BY id, number";
  }

  String bodiesIn(int keys) {
    return "SELECT id, content FROM " + body + " WHERE " + in(keys);
  }

  private static String in(int keys) {
    return "id IN (" + String.join(", ", Collections.nCopies(keys, "?")) + ")";
  }

  /** The keys of the settled deliveries that have a provider's message id, and their channel. */
  String byProviderId() {
    return "SELECT id FROM " + history + " WHERE provider_id = ? AND lane = ?";
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
   * The next deliveries of a walk. The parameters, for each of its branches: the value that leads,
   * if it is a recipient or a correlation; from which key, below which key, how many; at the end
   * how many in all, if there are several branches.
   */
  String steps(Walk walk) {
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
            .map(status -> settledStep("status = " + status + " AND ", "status, id"))
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
        + led
        + "id > ? AND id < ? ORDER BY "
        + order
        + " LIMIT ?";
  }

  /** The settled deliveries with so many keys: key, state, when, envelope. */
  String settledIn(int keys) {
    return "SELECT id, status, settled_at, envelope FROM " + history + " WHERE " + in(keys);
  }

  /** Which deliveries with so many keys are owed. */
  String owedIn(int keys) {
    return "SELECT id FROM " + queue + " WHERE " + in(keys);
  }

  /** Which deliveries from one key to another are owed. */
  String owedBetween() {
    return "SELECT id FROM " + queue + " WHERE id BETWEEN ? AND ?";
  }

  /** Which deliveries from one key to another are settled. */
  String settledBetween() {
    return "SELECT id FROM " + history + " WHERE id BETWEEN ? AND ?";
  }

  /**
   * What is owed to a recipient: the index has the free rows only. The others are read one by one,
   * which are no more than the lanes of all nodes can hold.
   */
  private List<String> owedTo() {
    if (!hasPartialIndexes) {
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
        + tag
        + " WHERE tag = ? AND id >= ? AND id < ? ORDER BY tag DESC, id DESC LIMIT ?";
  }

  /** What is to be compared of the deliveries with so many keys, twice. */
  String stepsIn(int keys) {
    return "SELECT "
        + STEP_COLUMNS
        + " FROM "
        + history
        + " WHERE "
        + in(keys)
        + " UNION ALL SELECT "
        + OWED_STEP_COLUMNS
        + " FROM "
        + queue
        + " WHERE "
        + in(keys);
  }

  /** How many branches the statement has. */
  static int branches(Walk walk) {
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
