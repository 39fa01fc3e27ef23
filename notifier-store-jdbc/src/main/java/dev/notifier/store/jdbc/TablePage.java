package dev.notifier.store.jdbc;

import dev.notifier.Page;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Picks a page of rows in the order of an index. What no index leads to is compared row by row;
 * when too many were looked at, the page ends early.
 */
final class TablePage {
  private static final int SMALLEST_STEP = 100;
  private static final int MAX_LOOKED_AT = 10_000;

  private TablePage() {}

  /** A row, and where to go on behind it. */
  record Row<T>(String cursor, T value) {}

  /** Reads the next rows. */
  interface Step<T> {
    List<Row<T>> after(Optional<String> cursor, int count) throws SQLException;
  }

  static <T> Page<T> of(Optional<String> cursor, int limit, Predicate<T> wanted, Step<T> step)
      throws SQLException {
    int size = Math.max(SMALLEST_STEP, limit + 1);
    List<T> page = new ArrayList<>();
    Optional<String> last = cursor;
    for (int lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += size) {
      List<Row<T>> rows = step.after(last, size);
      for (Row<T> row : rows) {
        if (wanted.test(row.value())) {
          if (page.size() == limit) {
            return new Page<>(page, last);
          }
          page.add(row.value());
        }
        last = Optional.of(row.cursor());
      }
      if (rows.size() < size) {
        return new Page<>(page, Optional.empty());
      }
    }
    return new Page<>(page, last);
  }

  /** Refuses a cursor that is none of this store's. */
  static IllegalArgumentException badCursor() {
    return new IllegalArgumentException(
        "cursor must be what Page.next() gave, but was another text");
  }
}
