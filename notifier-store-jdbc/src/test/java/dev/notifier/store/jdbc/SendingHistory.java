package dev.notifier.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a provider and the senders saw, whichever process they were in, and whether that is what was
 * promised. Times are the wall clock's milliseconds. Thread-safe.
 */
final class SendingHistory {
  /** How long an outcome may be unwritten when its node is struck: a flush on a busy machine. */
  static final long FLUSH_MILLIS = 3000;

  /** A message that the provider took; it was being sent from {@code begun} to {@code ended}. */
  private record Sent(String node, long begun, long ended) {}

  private final Map<String, List<Sent>> sent = new TreeMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> rolledBack = new HashSet<>();
  private final Set<String> atMostOnce = new HashSet<>();
  private final Map<String, Set<String>> byKey = new HashMap<>();

  private record Strike(long from, long until) {}

  private final Map<String, List<Strike>> strikes = new HashMap<>();

  // --- What happens -----------------------------------------------------------------------------

  /** The provider took a message. */
  synchronized void sent(String id, String node, long begun, long ended) {
    sent.computeIfAbsent(id, each -> new ArrayList<>()).add(new Sent(node, begun, ended));
  }

  /** A call of {@code send} came back with this id, or the transaction it was in was committed. */
  synchronized void acknowledged(String id) {
    acknowledged.add(id);
  }

  /** As above, with an idempotency key. */
  synchronized void acknowledged(String id, String key) {
    acknowledged.add(id);
    byKey.computeIfAbsent(key, each -> new HashSet<>()).add(id);
  }

  /** A transaction that it was in was rolled back, or ended with its process. */
  synchronized void rolledBack(String id) {
    rolledBack.add(id);
  }

  /** It must not be sent twice, whatever happens. */
  synchronized void atMostOnce(String id) {
    atMostOnce.add(id);
  }

  /** A node was killed, stopped or cut off. */
  synchronized void struck(String node, long at) {
    struck(node, at, at);
  }

  /**
   * A node had no database for this long: what it sent while it still trusted its lease is
   * unwritten.
   */
  synchronized void struck(String node, long from, long until) {
    strikes.computeIfAbsent(node, each -> new ArrayList<>()).add(new Strike(from, until));
  }

  // --- What must hold ---------------------------------------------------------------------------

  /** Returns the acknowledged messages that the provider never got. */
  synchronized List<String> unsent() {
    return acknowledged.stream().filter(id -> !sent.containsKey(id)).sorted().toList();
  }

  synchronized int acknowledgedCount() {
    return acknowledged.size();
  }

  synchronized int sentCount() {
    return sent.size();
  }

  synchronized int strikeCount() {
    return strikes.values().stream().mapToInt(Collection::size).sum();
  }

  /** Returns how often the provider got what it had already. */
  synchronized int duplicates() {
    return sent.values().stream().mapToInt(all -> all.size() - 1).sum();
  }

  /**
   * Returns every broken promise, in words.
   *
   * @param deadLettered tells whether a message ended as a dead letter
   * @param atOnce how many messages a node may have in flight and unwritten
   */
  synchronized List<String> violations(Predicate<String> deadLettered, int atOnce) {
    List<String> found = new ArrayList<>();
    for (String id : unsent()) {
      if (!deadLettered.test(id)) {
        found.add(id + " was acknowledged, and is lost");
      }
    }
    rolledBack.stream()
        .filter(sent::containsKey)
        .forEach(id -> found.add(id + " was rolled back, and sent"));
    byKey.forEach(
        (key, ids) -> {
          if (ids.size() > 1) {
            found.add("key " + key + " has more than one message: " + ids);
          }
        });
    sent.forEach((id, all) -> checkRepeats(id, all, found));
    if (duplicates() > strikeCount() * atOnce) {
      found.add(duplicates() + " duplicates after " + strikeCount() + " strikes");
    }
    return found;
  }

  /** All but one must have been in flight, or not written yet, when their node was struck. */
  private void checkRepeats(String id, List<Sent> all, List<String> found) {
    long explained = all.stream().filter(this::wasStruck).count();
    if (all.size() > 1 && atMostOnce.contains(id)) {
      found.add(id + " was sent more than once, although it must not: " + all);
    } else if (all.size() - 1 > explained) {
      found.add(id + " was sent more than once, and nothing explains it: " + all);
    }
  }

  private boolean wasStruck(Sent each) {
    return strikes.getOrDefault(each.node(), List.of()).stream()
        .anyMatch(
            strike ->
                each.begun() <= strike.until() && strike.from() <= each.ended() + FLUSH_MILLIS);
  }

  @Override
  public synchronized String toString() {
    return acknowledged.size()
        + " acknowledged, "
        + sent.size()
        + " sent, "
        + duplicates()
        + " of them again, "
        + rolledBack.size()
        + " rolled back, "
        + strikeCount()
        + " strikes";
  }
}
