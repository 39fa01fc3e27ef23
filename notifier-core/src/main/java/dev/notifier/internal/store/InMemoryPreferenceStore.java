package dev.notifier.internal.store;

import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import dev.notifier.StoreException;
import dev.notifier.spi.PreferenceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps preferences in memory, at most a million. They are gone when the process ends. Thread-safe;
 * what is guarded is guarded by this.
 */
public final class InMemoryPreferenceStore implements PreferenceStore {
  private static final int MOST = 1_000_000;
  private static final int MAX_LOOKED_AT = 10_000;

  /** What a preference of a recipient is about. */
  private record Subject(String category, Optional<ChannelId> channel) {}

  private final Map<String, Map<Subject, Long>> numbers = new HashMap<>(); // Guarded.
  private final NavigableMap<Long, Preference> byNumber = new TreeMap<>(); // Guarded.
  private long nextNumber; // Guarded.
  private volatile boolean isEmpty = true; // Written under this; may be late to say yes.

  /** Creates an empty store. */
  public InMemoryPreferenceStore() {}

  @Override
  public synchronized void put(Preference preference) {
    Subject subject = new Subject(preference.category(), preference.channel());
    Long number = numbersOf(preference.recipient()).get(subject);
    if (number == null) {
      number = addNumber(preference.recipient(), subject);
    }
    byNumber.put(number, preference);
    isEmpty = false;
  }

  private Map<Subject, Long> numbersOf(Recipient recipient) {
    return numbers.getOrDefault(recipient.key(), Map.of());
  }

  /** To forget an opt-out would be worse than to refuse one that is said now. */
  private Long addNumber(Recipient recipient, Subject subject) {
    if (byNumber.size() >= MOST) {
      throw new StoreException(
          "there are " + MOST + " preferences, the most that memory takes: use a store on disk",
          null);
    }
    Long number = nextNumber++;
    numbers.computeIfAbsent(recipient.key(), key -> new HashMap<>()).put(subject, number);
    return number;
  }

  @Override
  public synchronized Optional<Preference> find(
      Recipient recipient, String category, Optional<ChannelId> channel) {
    return Optional.ofNullable(numbersOf(recipient).get(new Subject(category, channel)))
        .map(byNumber::get);
  }

  @Override
  public List<Preference> covering(Recipient recipient, String category, ChannelId channel) {
    return isEmpty ? List.of() : lookUp(recipient, category, channel);
  }

  private synchronized List<Preference> lookUp(
      Recipient recipient, String category, ChannelId channel) {
    List<Preference> found = new ArrayList<>();
    for (String one : List.of(category, Preference.EVERY_CATEGORY)) {
      find(recipient, one, Optional.of(channel)).ifPresent(found::add);
      find(recipient, one, Optional.empty()).ifPresent(found::add);
    }
    return found;
  }

  @Override
  public synchronized Page<Preference> list(PreferenceQuery query) {
    long from = query.cursor().map(InMemoryPreferenceStore::position).orElse(-1L);
    List<Preference> page = new ArrayList<>();
    long last = from;
    int lookedAt = 0;
    for (Map.Entry<Long, Preference> entry : candidates(query).tailMap(from, false).entrySet()) {
      boolean matches = query.matches(entry.getValue());
      if (lookedAt++ == MAX_LOOKED_AT || (matches && page.size() == query.limit())) {
        return new Page<>(page, Optional.of(String.valueOf(last)));
      }
      if (matches) {
        page.add(entry.getValue());
      }
      last = entry.getKey();
    }
    return new Page<>(page, Optional.empty());
  }

  private NavigableMap<Long, Preference> candidates(PreferenceQuery query) {
    if (query.recipient().isEmpty()) {
      return byNumber;
    }
    NavigableMap<Long, Preference> own = new TreeMap<>();
    numbersOf(query.recipient().get())
        .values()
        .forEach(
            number -> Optional.ofNullable(byNumber.get(number)).ifPresent(p -> own.put(number, p)));
    return own;
  }

  private static long position(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "cursor must be what Page.next() gave, but was another text", e);
    }
  }

  @Override
  public synchronized boolean remove(
      Recipient recipient, String category, Optional<ChannelId> channel) {
    Map<Subject, Long> own = numbersOf(recipient);
    Subject subject = new Subject(category, channel);
    if (!own.containsKey(subject)) {
      return false;
    }
    byNumber.remove(own.remove(subject));
    if (own.isEmpty()) {
      numbers.remove(recipient.key());
    }
    isEmpty = byNumber.isEmpty();
    return true;
  }

  @Override
  public synchronized int erase(Recipient recipient) {
    Map<Subject, Long> own = numbersOf(recipient);
    own.values().forEach(byNumber::remove);
    numbers.remove(recipient.key());
    isEmpty = byNumber.isEmpty();
    return own.size();
  }
}
