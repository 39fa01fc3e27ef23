package dev.notifier.internal.engine;

import dev.notifier.Address;
import dev.notifier.Suppression;
import dev.notifier.Suppressions;
import dev.notifier.spi.NotificationStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The store's suppressions, as an application sees them. */
record StoredSuppressions(NotificationStore store, InstantSource clock) implements Suppressions {
  private static final int MAX_LIMIT = 10_000;

  static int checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
    return limit;
  }

  @Override
  public void add(Address address, String reason) {
    store.suppress(new Suppression(address, reason, clock.instant()));
  }

  @Override
  public boolean remove(Address address) {
    return store.unsuppress(address);
  }

  @Override
  public Optional<Suppression> find(Address address) {
    return store.suppression(address);
  }

  @Override
  public List<Suppression> newest(int limit) {
    return store.suppressions(checkLimit(limit));
  }
}
