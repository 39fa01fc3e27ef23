package dev.notifier.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row of the queue that this node has just taken; {@code fence} is the new one. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ClaimedRow(
    byte[] key,
    long due,
    int fence,
    int step,
    long stepSince,
    int attempts,
    int made,
    boolean marked,
    long acceptedAt,
    byte[] envelope,
    byte @Nullable [] content) {
  static final String COLUMNS =
      "id, due, fence, step, step_since, attempts, made, mark, accepted_at, envelope, content";

  /** The same columns where a statement names the table {@code q}. */
  static final String COLUMNS_OF_Q = "q." + COLUMNS.replace(", ", ", q.");

  /**
   * Reads a row of these columns.
   *
   * @param claims how many claims came after the row was read: the fence grows with each
   */
  static ClaimedRow read(ResultSet row, int claims) throws SQLException {
    return new ClaimedRow(
        row.getBytes(1),
        row.getLong(2),
        row.getInt(3) + claims,
        row.getInt(4),
        row.getLong(5),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8) != 0,
        row.getLong(9),
        row.getBytes(10),
        row.getBytes(11));
  }
}
