package dev.notifier.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A row of the queue that this node has just taken; {@code fence} is the new one, {@code place}
 * where it lies if the database has {@link Places}.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ClaimedRow(
    byte[] key,
    long place,
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
    return read(row, claims, Places.UNKNOWN);
  }

  /** As {@link #read(ResultSet, int)}, of a row that lies at a known place. */
  static ClaimedRow read(ResultSet row, int claims, long place) throws SQLException {
    return new ClaimedRow(
        row.getBytes(1),
        place,
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
