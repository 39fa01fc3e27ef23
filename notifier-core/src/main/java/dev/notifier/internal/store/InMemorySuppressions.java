package dev.notifier.internal.store;

import dev.notifier.Address;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is suppressed, at most a million targets, of which the oldest gives way. Thread-safe; what
 * is guarded is guarded by this.
 */
final class InMemorySuppressions {
  private static final int MOST = 1_000_000;
  private static final int MAX_LOOKED_AT = 10_000;

  private final Map<SuppressionTarget, Place> places = new HashMap<>(); // Guarded.
  private final NavigableMap<Place, Suppression> byAge = new TreeMap<>(); // Guarded.
  private long nextNumber; // Guarded.
  private volatile boolean isEmpty = true; // Written under this; may be late to say yes.

  /** Where a suppression stands in the list: by time, then by number. */
  private record Place(long since, long number) implements Comparable<Place> {
    static final Place LAST = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

    static Place parse(String cursor) {
      int mark = cursor.indexOf('_');
      try {
        return new Place(
            Long.parseLong(cursor, 0, Math.max(mark, 0), 10),
            Long.parseLong(cursor, mark + 1, cursor.length(), 10));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "cursor must be what Page.next() gave, but was another text", e);
      }
    }

    String cursor() {
      return since + "_" + number;
    }

    @Override
    public int compareTo(Place other) {
      int byTime = Long.compare(since, other.since);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  synchronized int addAll(List<Suppression> added) {
    int count = 0;
    for (Suppression suppression : added) {
      Place place = new Place(suppression.since().toEpochMilli(), nextNumber++);
      if (places.putIfAbsent(suppression.target(), place) == null) {
        byAge.put(place, suppression);
        count++;
      }
    }
    while (byAge.size() > MOST) {
      places.remove(byAge.pollFirstEntry().getValue().target());
    }
    isEmpty = byAge.isEmpty();
    return count;
  }

  synchronized boolean remove(SuppressionTarget target) {
    Place place = places.remove(target);
    if (place == null) {
      return false;
    }
    byAge.remove(place);
    isEmpty = byAge.isEmpty();
    return true;
  }

  synchronized Optional<Suppression> find(SuppressionTarget target) {
    return Optional.ofNullable(places.get(target)).map(byAge::get);
  }

  /** Every delivery asks, and most lists are empty: no lock then. */
  Optional<Suppression> covering(Recipient recipient, Address address) {
    return isEmpty ? Optional.empty() : first(SuppressionTarget.covering(recipient, address));
  }

  private synchronized Optional<Suppression> first(List<SuppressionTarget> targets) {
    for (SuppressionTarget target : targets) {
      Optional<Suppression> found = find(target);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  synchronized Page<Suppression> list(SuppressionQuery query) {
    Place from = query.cursor().map(Place::parse).orElse(Place.LAST);
    List<Suppression> page = new ArrayList<>();
    Place last = null;
    int lookedAt = 0;
    for (Map.Entry<Place, Suppression> entry :
        byAge.headMap(from, false).descendingMap().entrySet()) {
      boolean matches = query.matches(entry.getValue());
      if (lookedAt++ == MAX_LOOKED_AT || (matches && page.size() == query.limit())) {
        return new Page<>(page, cursor(last));
      }
      if (matches) {
        page.add(entry.getValue());
      }
      last = entry.getKey();
    }
    return new Page<>(page, Optional.empty());
  }

  private static Optional<String> cursor(@Nullable Place last) {
    return Optional.ofNullable(last).map(Place::cursor);
  }
}
