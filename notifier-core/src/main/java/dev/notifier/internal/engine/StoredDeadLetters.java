package dev.notifier.internal.engine;

import dev.notifier.DeadLetter;
import dev.notifier.DeadLetters;
import dev.notifier.DeliveryStatus;
import dev.notifier.History;
import dev.notifier.HistoryQuery;
import dev.notifier.InvalidNotificationException;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.NotifierException;
import dev.notifier.Page;
import dev.notifier.Receipt;
import dev.notifier.ReplayReport;
import dev.notifier.ResendException;
import dev.notifier.UnknownChannelException;
import dev.notifier.spi.NotificationStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The store's dead letters, as an application sees them. */
record StoredDeadLetters(NotificationStore store, Resending resending, History history)
    implements DeadLetters {
  private static final Set<DeliveryStatus> FAILED = Set.of(DeliveryStatus.FAILED);

  @Override
  public List<NotificationReport> newest(int limit) {
    return store.deadLetters(StoredSuppressions.checkLimit(limit));
  }

  @Override
  public Page<DeadLetter> list(HistoryQuery query) {
    return page(ofFailures(query));
  }

  private static HistoryQuery ofFailures(HistoryQuery query) {
    if (!query.statuses().isEmpty() && !query.statuses().equals(FAILED)) {
      throw new IllegalArgumentException(
          "dead letters are FAILED: leave the status of the query out, which was "
              + query.statuses());
    }
    return query.withStatus(DeliveryStatus.FAILED);
  }

  private Page<DeadLetter> page(HistoryQuery failures) {
    Page<NotificationReport> found = store.search(failures);
    return new Page<>(deadLetters(found.items()), found.next());
  }

  private List<DeadLetter> deadLetters(List<NotificationReport> reports) {
    if (reports.isEmpty()) {
      return List.of();
    }
    Map<NotificationId, NotificationId> replays =
        store.replays(reports.stream().map(NotificationReport::id).toList());
    return reports.stream()
        .map(report -> new DeadLetter(report, Optional.ofNullable(replays.get(report.id()))))
        .toList();
  }

  @Override
  public Optional<DeadLetter> find(NotificationId id) {
    return store
        .find(Objects.requireNonNull(id, "id"))
        .filter(StoredDeadLetters::hasFailed)
        .stream()
        .flatMap(report -> deadLetters(List.of(report)).stream())
        .findFirst();
  }

  private static boolean hasFailed(NotificationReport report) {
    return report.deliveries().stream()
        .anyMatch(delivery -> delivery.status() == DeliveryStatus.FAILED);
  }

  // --- Sending again ----------------------------------------------------------------------------

  @Override
  public Receipt replay(NotificationId id) {
    return resending.replay(Objects.requireNonNull(id, "id"));
  }

  @Override
  public ReplayReport replayAll(HistoryQuery query, Predicate<? super DeadLetter> chosen) {
    Objects.requireNonNull(chosen, "chosen");
    Replays replays = new Replays();
    HistoryQuery rest = ofFailures(query);
    while (true) {
      Page<DeadLetter> page = page(rest);
      for (DeadLetter deadLetter : page.items()) {
        if (Thread.currentThread().isInterrupted()) {
          return replays.report();
        }
        if (chosen.test(deadLetter)) {
          replays.replay(deadLetter);
        }
      }
      if (page.next().isEmpty()) {
        return replays.report();
      }
      rest = rest.after(page.next().get());
    }
  }

  /** What replaying one after the other has come to. */
  private final class Replays {
    private static final int MAX_REFUSALS = 100;

    private final List<ReplayReport.Refusal> refusals = new ArrayList<>();
    private long replayed;
    private long replayedBefore;
    private long refused;

    void replay(DeadLetter deadLetter) {
      if (deadLetter.replayedAs().isPresent()) {
        replayedBefore++;
        return;
      }
      try {
        if (resending.replay(deadLetter.report()).isDuplicate()) {
          replayedBefore++; // somebody else was quicker
        } else {
          replayed++;
        }
      } catch (ResendException | InvalidNotificationException | UnknownChannelException e) {
        refuse(deadLetter.id(), e);
      }
    }

    private void refuse(NotificationId id, NotifierException why) {
      refused++;
      if (refusals.size() < MAX_REFUSALS) {
        refusals.add(new ReplayReport.Refusal(id, String.valueOf(why.getMessage())));
      }
    }

    ReplayReport report() {
      return new ReplayReport(replayed, replayedBefore, refused, refusals);
    }
  }

  // --- Forgetting -------------------------------------------------------------------------------

  @Override
  public boolean purge(NotificationId id) {
    Optional<NotificationReport> report = store.find(Objects.requireNonNull(id, "id"));
    if (report.isEmpty()) {
      return false;
    }
    DeliveryStatus status = report.get().status();
    if (status != DeliveryStatus.FAILED) {
      throw new IllegalArgumentException(
          "notification " + id + " is " + status + ", and only a dead letter is purged by its id");
    }
    return store.forget(id);
  }

  @Override
  public long purgeOlderThan(Duration age) {
    return history.purge(age, DeliveryStatus.FAILED);
  }
}
