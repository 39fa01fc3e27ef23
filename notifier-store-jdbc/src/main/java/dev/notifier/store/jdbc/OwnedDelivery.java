package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.spi.QueuedDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that this node holds: its state as it is here, which the database learns a little
 * later. Guarded by itself.
 */
final class OwnedDelivery {
  private final byte[] key;
  private final long place;
  private final long node;
  private final int fence;
  private final boolean knowsAllAttempts;
  private final boolean hasBody;

  private QueuedDelivery newest;
  private DeliveryStatus status;
  private String reason = "";
  private long settledAt;
  private int made;
  private boolean marked;
  private boolean keep = true;
  private boolean waitsForWriter;
  private boolean isBeingWritten;
  private boolean isGone;
  private List<AttemptReport> attempts = List.of();
  private int written; // how many of the attempts are in the database

  private OwnedDelivery(
      byte[] key,
      long place,
      long node,
      int fence,
      int made,
      boolean hasBody,
      QueuedDelivery newest) {
    this.key = key;
    this.place = place;
    this.node = node;
    this.fence = fence;
    this.made = made;
    this.hasBody = hasBody;
    this.knowsAllAttempts = made == 0;
    this.newest = newest;
    this.status =
        made == 0 && newest.due().isAfter(newest.acceptedAt())
            ? DeliveryStatus.SCHEDULED
            : DeliveryStatus.QUEUED;
  }

  /** Returns a delivery that was inserted under this node's name. */
  static OwnedDelivery inserted(QueueRow row, long node) {
    return new OwnedDelivery(
        row.key(), row.place(), node, 1, 0, row.content() == null, row.delivery());
  }

  /** Returns a delivery that this node took from the free ones. */
  static OwnedDelivery claimed(ClaimedRow row, long node, QueuedDelivery delivery) {
    return new OwnedDelivery(
        row.key(), row.place(), node, row.fence(), row.made(), row.content() == null, delivery);
  }

  byte[] key() {
    return key;
  }

  /** Returns the incarnation of this node that holds it. */
  long node() {
    return node;
  }

  int fence() {
    return fence;
  }

  /** Tells whether what it says lies in the body table. */
  boolean hasBody() {
    return hasBody;
  }

  // --- What the engine does ---------------------------------------------------------------------

  synchronized boolean claim(QueuedDelivery entry) {
    boolean current = entry == newest || entry.position() > newest.position();
    if (!keep || !current || !status.canBecome(DeliveryStatus.SENDING)) {
      return false;
    }
    newest = entry;
    status = DeliveryStatus.SENDING;
    return true;
  }

  /**
   * Tells whether a worker is sending this very entry of it: not one that this node held before,
   * lost, and took again.
   */
  synchronized boolean isSending(Notification notification) {
    return status == DeliveryStatus.SENDING && newest.notification() == notification;
  }

  synchronized void setMarked() {
    marked = true;
  }

  /** Tells whether something of it is on its way into the database, which may take a mark away. */
  synchronized boolean isUnwritten() {
    return waitsForWriter || isBeingWritten;
  }

  /** What a settlement came to here. */
  record Settled(Optional<QueuedDelivery> next, boolean mustBeWritten) {}

  /**
   * Settles it.
   *
   * @param keeps whether this node goes on holding an entry
   * @throws IllegalStateException if it was not claimed
   */
  synchronized Settled settle(
      QueuedDelivery claimed,
      @Nullable AttemptReport attempt,
      Settlement settlement,
      long now,
      Predicate<QueuedDelivery> keeps) {
    DeliveryStatus next =
        settlement instanceof Finished finished ? finished.status() : DeliveryStatus.QUEUED;
    if (claimed.notification() != newest.notification()) {
      return new Settled(Optional.empty(), false); // held before, lost, and taken again meanwhile
    }
    if (claimed != newest || !status.canBecome(next)) {
      throw new IllegalStateException(
          "delivery " + claimed.id() + " is " + status + " and cannot go to " + next);
    }
    status = next;
    reason = settlement.reason();
    if (attempt != null) {
      record(attempt);
    }
    if (settlement instanceof Requeued again) {
      return requeued(claimed, again, keeps);
    }
    settledAt = now;
    return new Settled(Optional.empty(), true);
  }

  private void record(AttemptReport attempt) {
    made++;
    if (attempts.isEmpty()) {
      attempts = List.of(attempt); // one attempt is all that most deliveries ever need
    } else {
      attempts = new ArrayList<>(attempts);
      attempts.add(attempt);
    }
  }

  private Settled requeued(
      QueuedDelivery claimed, Requeued again, Predicate<QueuedDelivery> keeps) {
    newest = claimed.requeued(again);
    keep = keeps.test(newest);
    // A deferral that stays here is forgotten if this node dies: then it is only tried earlier.
    boolean mustBeWritten = again.cause() != Cause.DEFERRAL || !keep || marked;
    marked = false;
    return new Settled(keep ? Optional.of(newest) : Optional.empty(), mustBeWritten);
  }

  /** Cancels it if it waits; then it must be written. Returns the entry that waited. */
  synchronized Optional<QueuedDelivery> cancel(long now) {
    if (!keep || !status.canBecome(DeliveryStatus.CANCELLED)) {
      return Optional.empty();
    }
    status = DeliveryStatus.CANCELLED;
    reason = FinalRow.CANCELLED;
    settledAt = now;
    return Optional.of(newest);
  }

  // --- What the writer does ---------------------------------------------------------------------

  /** Tells whether it must be put into the writer's queue, where it is once at most. */
  synchronized boolean joinsWriterQueue() {
    boolean joins = !waitsForWriter;
    waitsForWriter = true;
    return joins;
  }

  /** What is to be written of it: one of the two. */
  record Change(@Nullable FinalRow end, @Nullable WaitingRow again, int attempts) {}

  /** Returns what is to be written of it now; what happens from now on is another change. */
  synchronized Change takeChange() {
    waitsForWriter = false;
    isBeingWritten = true;
    if (!status.isSettled()) {
      return new Change(null, waitingRow(), attempts.size());
    }
    boolean first = made == 1 && status == DeliveryStatus.SENT && knowsAllAttempts;
    AttemptReport only =
        first && saysNothingMore(attempts.get(0).result()) ? attempts.get(0) : null;
    return new Change(finalRow(only), null, attempts.size());
  }

  /** The row of the delivery has no place for a reason that outlives the next status. */
  private static boolean saysNothingMore(DeliveryResult result) {
    return result instanceof Accepted accepted
        && accepted.equals(new Accepted(accepted.providerMessageId()));
  }

  private FinalRow finalRow(@Nullable AttemptReport only) {
    return new FinalRow(
        key,
        place,
        fence,
        status,
        ColumnText.reason(reason),
        settledAt,
        newest.channel().value(),
        newest.position(),
        only != null ? 1 : attemptsOnThisChannel(),
        made,
        only,
        only != null ? List.of() : unwritten());
  }

  private int attemptsOnThisChannel() {
    int last = attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).number();
    boolean here =
        !attempts.isEmpty() && attempts.get(attempts.size() - 1).channel().equals(newest.channel());
    return here ? Math.max(last, newest.attempts()) : newest.attempts();
  }

  private WaitingRow waitingRow() {
    return new WaitingRow(
        key,
        fence,
        newest.due().toEpochMilli(),
        newest.channel().value(),
        newest.position(),
        newest.positionSince().toEpochMilli(),
        newest.attempts(),
        made,
        keep,
        unwritten());
  }

  private List<AttemptRow> unwritten() {
    List<AttemptRow> rows = new ArrayList<>();
    int before = made - attempts.size(); // made by another process
    for (int i = written; i < attempts.size(); i++) {
      rows.add(new AttemptRow(key, before + i + 1, attempts.get(i)));
    }
    return rows;
  }

  /**
   * Says that a change is in the database.
   *
   * @return whether this node holds the delivery no longer
   */
  synchronized boolean wrote(Change change) {
    isBeingWritten = false;
    written = Math.max(written, change.attempts());
    isGone |= change.end() != null || (change.again() != null && !change.again().keep());
    return isGone;
  }

  /** Tells whether its last change is in the database, so that no other may follow. */
  synchronized boolean isGone() {
    return isGone;
  }

  // --- What others see --------------------------------------------------------------------------

  synchronized boolean owes() {
    return !status.isSettled();
  }

  /** Tells whether {@link #report} tells everything; another process may have made attempts. */
  boolean knowsAllAttempts() {
    return knowsAllAttempts;
  }

  synchronized QueuedDelivery newest() {
    return newest;
  }

  /** Tells whether it is the only delivery of its notification. */
  boolean isAlone() {
    return newest().notification().route().legs().size() == 1;
  }

  /** Returns where it stands while it is not settled, and why; nothing otherwise. */
  synchronized Optional<HistoryReader.Held> held() {
    return status.isSettled()
        ? Optional.empty()
        : Optional.of(new HistoryReader.Held(status, reason));
  }

  /** Returns what is known of it here: everything, if {@link #knowsAllAttempts}. */
  synchronized DeliveryReport report() {
    boolean waits = status == DeliveryStatus.QUEUED || status == DeliveryStatus.SCHEDULED;
    return new DeliveryReport(
        newest.id(),
        newest.channel(),
        status,
        reason,
        waits ? Optional.of(newest.due()) : Optional.empty(),
        attempts);
  }
}
