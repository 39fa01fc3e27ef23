package dev.notifier.store.jdbc;

import dev.notifier.Priority;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Free rows of a lane and class, in the order of their claim.
 *
 * @param dueFrom those that are due no earlier, in epoch milliseconds
 * @param dueUntil those that are due no later, in epoch milliseconds
 * @param limit the first so many
 */
record FreeRange(String lane, Priority priority, long dueFrom, long dueUntil, int limit) {
  /** Earlier than any. */
  static final long START = Long.MIN_VALUE;

  /** A condition for it; the parameters are lane, priority, first and last time. */
  static final String CONDITION = "lane = ? AND priority = ? AND due BETWEEN ? AND ?";

  /** Binds the parameters of the condition, and then the limit; returns what comes next. */
  int bind(PreparedStatement statement) throws SQLException {
    statement.setString(1, lane);
    statement.setShort(2, Codes.of(priority));
    statement.setLong(3, dueFrom);
    statement.setLong(4, dueUntil);
    statement.setInt(5, limit);
    return 6;
  }

  /** Returns whether it begins with the first that is free, and not with a later one. */
  boolean isWhole() {
    return dueFrom == START;
  }

  FreeRange from(long due) {
    return new FreeRange(lane, priority, due, dueUntil, limit);
  }

  FreeRange first() {
    return new FreeRange(lane, priority, dueFrom, dueUntil, 1);
  }
}
