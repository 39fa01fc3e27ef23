package dev.notifier.internal.engine;

import dev.notifier.Page;
import dev.notifier.Suppression;
import dev.notifier.SuppressionImport;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.Suppressions;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.spi.NotificationStore;
import java.io.IOException;
import java.io.Reader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The store's suppressions, as an application sees them. */
record StoredSuppressions(NotificationStore store, Channels channels, InstantSource clock)
    implements Suppressions {
  private static final int MAX_LIMIT = 10_000;
  private static final int PAGE = 1000;

  static int checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
    return limit;
  }

  @Override
  public boolean add(SuppressionTarget target, String reason, Suppression.Source source) {
    checkChannel(target);
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          "the reason to suppress " + target + " must say why, but was blank");
    }
    return store.suppress(List.of(new Suppression(target, reason, source, clock.instant()))) == 1;
  }

  private void checkChannel(SuppressionTarget target) {
    target.channel().ifPresent(channels::get);
  }

  @Override
  public boolean remove(SuppressionTarget target) {
    return store.unsuppress(target);
  }

  @Override
  public Optional<Suppression> find(SuppressionTarget target) {
    return store.suppression(target);
  }

  @Override
  public List<Suppression> newest(int limit) {
    List<Suppression> newest = new ArrayList<>();
    SuppressionQuery query = SuppressionQuery.all().limit(Math.min(checkLimit(limit), PAGE));
    Page<Suppression> page = list(query);
    newest.addAll(page.items());
    while (newest.size() < limit && page.next().isPresent()) {
      page = list(query.after(page.next().get()));
      newest.addAll(page.items());
    }
    return List.copyOf(newest.subList(0, Math.min(newest.size(), limit)));
  }

  @Override
  public Page<Suppression> list(SuppressionQuery query) {
    return store.suppressions(query);
  }

  @Override
  public SuppressionImport importLines(Reader lines) throws IOException {
    return new SuppressionReader(lines, this::checkChannel, clock, store::suppress).read();
  }

  @Override
  public long exportLines(Appendable lines) throws IOException {
    lines.append(SuppressionLine.HEADER).append('\n');
    SuppressionQuery query = SuppressionQuery.all().limit(PAGE);
    long count = 0;
    Optional<String> cursor = Optional.empty();
    do {
      Page<Suppression> page = list(cursor.map(query::after).orElse(query));
      for (Suppression suppression : page.items()) {
        lines.append(SuppressionLine.of(suppression)).append('\n');
      }
      count += page.items().size();
      cursor = page.next();
    } while (cursor.isPresent());
    return count;
  }
}
