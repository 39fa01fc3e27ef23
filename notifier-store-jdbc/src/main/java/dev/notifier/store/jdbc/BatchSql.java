package dev.notifier.store.jdbc;

/**
 * The statements about batches. The notifications of a batch lie between two keys, among others, of
 * which the second half tells them apart: no index and no column is needed for them.
 */
final class BatchSql {
  private static final String OF_BATCH = "id BETWEEN ? AND ? AND SUBSTRING(id, 9, 8) = ?";
  private static final int OLD_ONES = 100;

  private final Tables tables;

  BatchSql(Tables tables) {
    this.tables = tables;
  }

  String insert() {
    return "INSERT INTO "
        + tables.batch()
        + " (id, first_id, last_id, owner, whole, cancelling, accepted, duplicates, refused,"
        + " started_at, ended_at, problem) VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, '')";
  }

  /** Counts more as accepted, unless the batch is cancelled. */
  String advance() {
    return "UPDATE "
        + tables.batch()
        + " SET last_id = ?, owner = ?, accepted = accepted + ?, refused = ?"
        + " WHERE id = ? AND cancelling = 0";
  }

  /** Says that some of what was counted are repeats. */
  String repeats() {
    return "UPDATE "
        + tables.batch()
        + " SET accepted = accepted - ?, duplicates = duplicates + ? WHERE id = ?";
  }

  String end() {
    return "UPDATE " + tables.batch() + " SET refused = ?, ended_at = ?, problem = ? WHERE id = ?";
  }

  /** Finds it if it was read to its end, by whoever. */
  String isRead() {
    return "SELECT 1 FROM " + tables.batch() + " WHERE id = ? AND ended_at IS NOT NULL";
  }

  String cancel() {
    return "UPDATE " + tables.batch() + " SET cancelling = 1 WHERE id = ? AND cancelling = 0";
  }

  String cancelled() {
    return "UPDATE " + tables.batch() + " SET cancelling = 2 WHERE id = ? AND cancelling = 1";
  }

  String find() {
    return "SELECT b.first_id, b.owner, b.whole, b.cancelling, b.accepted, b.duplicates, b.refused,"
        + " b.started_at, b.ended_at, b.problem, n.state, n.lease_until FROM "
        + tables.batch()
        + " b LEFT JOIN "
        + tables.node()
        + " n ON n.id = b.owner WHERE b.id = ?";
  }

  String bounds() {
    return "SELECT first_id, last_id FROM " + tables.batch() + " WHERE id = ?";
  }

  String newest() {
    return "SELECT id FROM " + tables.batch() + " ORDER BY started_at DESC, first_id DESC LIMIT ?";
  }

  String toBeCancelled() {
    return "SELECT id FROM " + tables.batch() + " WHERE cancelling = 1 ORDER BY cancelling";
  }

  /** In one statement, since a delivery that moves must be counted once. Bounds, twice. */
  String counts() {
    return "SELECT status, COUNT(*), MAX(settled_at) FROM "
        + tables.history()
        + " WHERE "
        + tables.settled()
        + OF_BATCH
        + " GROUP BY status UNION ALL SELECT -1, COUNT(*), 0 FROM "
        + tables.queue()
        + " WHERE "
        + tables.owed()
        + OF_BATCH;
  }

  String owes() {
    return "SELECT 1 FROM " + tables.queue() + " WHERE " + tables.owed() + OF_BATCH + " LIMIT 1";
  }

  /**
   * What is free and was not begun in a way that must not be repeated. The owner is no way to these
   * rows: there may be a million of other batches that are free as well.
   */
  String waiting() {
    return "SELECT id, fence, lane, step, step_since, attempts, made, due, accepted_at, envelope"
        + " FROM "
        + tables.queue()
        + " WHERE "
        + OF_BATCH
        + " AND owner + 0 = 0 AND mark = 0 ORDER BY id LIMIT ?";
  }

  String old() {
    return "SELECT id FROM "
        + tables.batch()
        + " WHERE started_at < ? ORDER BY started_at LIMIT "
        + OLD_ONES;
  }

  /** The id; then bounds, twice. */
  String deleteIfNothingIsLeft() {
    return "DELETE FROM "
        + tables.batch()
        + " WHERE id = ? AND (ended_at IS NOT NULL OR owner NOT IN (SELECT id FROM "
        + tables.node()
        + " WHERE state = 1)) AND NOT EXISTS (SELECT 1 FROM "
        + tables.queue()
        + " q WHERE "
        + OF_BATCH.replace("id", "q.id")
        + ") AND NOT EXISTS (SELECT 1 FROM "
        + tables.history()
        + " h WHERE "
        + OF_BATCH.replace("id", "h.id")
        + ")";
  }
}
