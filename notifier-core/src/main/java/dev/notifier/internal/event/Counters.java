package dev.notifier.internal.event;

import dev.notifier.ChannelStats.Event;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what happens on one channel. Thread-safe. */
public final class Counters {
  private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class);
  private volatile @Nullable Instant lastAccepted;

  /** Creates the counters at zero. */
  public Counters() {
    for (Event event : Event.values()) {
      counts.put(event, new LongAdder());
    }
  }

  /** Counts one. */
  public void count(Event event) {
    LongAdder adder = counts.get(event);
    if (adder != null) { // always: there is one for each event
      adder.increment();
    }
  }

  /** Counts an acceptance by the provider. */
  public void countSent(Instant now) {
    Instant last = lastAccepted;
    if (last == null || last.toEpochMilli() != now.toEpochMilli()) {
      lastAccepted = now; // written by every worker: more often, they would wait for each other
    }
    count(Event.SENT);
  }

  /** Returns when a provider last accepted a message. */
  public Optional<Instant> lastAccepted() {
    return Optional.ofNullable(lastAccepted);
  }

  /** Returns all counts. */
  public Map<Event, Long> snapshot() {
    Map<Event, Long> snapshot = new EnumMap<>(Event.class);
    counts.forEach((event, adder) -> snapshot.put(event, adder.sum()));
    return snapshot;
  }
}
