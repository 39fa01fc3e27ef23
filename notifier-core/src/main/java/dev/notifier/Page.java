package dev.notifier;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of what a search finds. It may hold fewer items than asked for, even none, although more
 * follow, since a store looks through a bounded part of its history at a time: go on as long as
 * there is a cursor.
 *
 * @param items what was found
 * @param next the cursor that gives the following page; empty at the end
 * @param <T> what was searched
 */
public record Page<T>(List<T> items, Optional<String> next) {
  /** Creates the page with a copy of the list. */
  public Page {
    items = List.copyOf(items);
    Objects.requireNonNull(next, "next");
  }
}
