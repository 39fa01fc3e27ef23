package dev.notifier.internal.engine;

import dev.notifier.BatchReport;
import dev.notifier.Batches;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.QueuedDelivery;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The batches as the store has them. Thread-safe. */
final class StoredBatches implements Batches {
  private final BatchStore store;
  private final Consumer<QueuedDelivery> onCancelled;

  StoredBatches(BatchStore store, Consumer<QueuedDelivery> onCancelled) {
    this.store = store;
    this.onCancelled = onCancelled;
  }

  @Override
  public Optional<BatchReport> find(String id) {
    return store.find(BatchReport.groupOf(id));
  }

  @Override
  public List<String> newest(int limit) {
    return store.newest(StoredSuppressions.checkLimit(limit)).stream()
        .map(HexFormat.of()::toHexDigits)
        .toList();
  }

  @Override
  public boolean cancel(String id) {
    return cancel(BatchReport.groupOf(id));
  }

  boolean cancel(long group) {
    boolean isKnown = store.cancel(group);
    for (List<QueuedDelivery> some = store.cancelSome(group);
        !some.isEmpty();
        some = store.cancelSome(group)) {
      some.forEach(onCancelled);
    }
    return isKnown;
  }
}
