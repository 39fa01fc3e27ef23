package dev.notifier.spi;

import dev.notifier.Address;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.HistoryQuery;
import dev.notifier.HostTransaction;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.StoreHealth;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Holds what is owed and what became of it. It is the one authority on a delivery's state: a lane
 * only holds hints, and {@link #claim} decides.
 *
 * <p>Thread-safe. Every method throws {@link dev.notifier.StoreException} if the store cannot
 * answer within a bounded time; then nothing was changed, or, after {@link #settle} and {@link
 * #suppress(List)}, the change may be repeated. No method calls back into the engine.
 *
 * <p>A store may be shared by many processes. Then it hands each delivery to one of them at a time,
 * and brings what waits in it to the engines by a {@link DeliveryFeed}.
 */
public interface NotificationStore extends AutoCloseable {
  // --- Life -------------------------------------------------------------------------------------

  /**
   * Tells how far ahead of their time deliveries lie in the engine's lanes. What is due later, or
   * finds no room there, this store keeps and brings by the feed. Empty, the default, for a store
   * that never brings anything: then all that is owed lies in the lanes.
   */
  default Optional<Duration> horizon() {
    return Optional.empty();
  }

  /**
   * Returns the clock by which this store's deliveries are due: a shared store corrects the clock
   * of its machine by a common one. Defaults to the given clock.
   */
  default InstantSource clock(InstantSource local) {
    return local;
  }

  /** Begins to bring deliveries. Called once, before the first insert. */
  default void start(DeliveryFeed feed) {}

  /** Brings nothing more. Called when the notifier begins to close, before the lanes drain. */
  default void stop() {}

  /** Returns how well this store works, at once and from memory. Defaults to up. */
  default StoreHealth health() {
    return StoreHealth.up();
  }

  // --- Deliveries -------------------------------------------------------------------------------

  /**
   * Takes a notification. When this returns empty, the notification is as safe as this store makes
   * it. The claim of its idempotency key, scoped by the recipient's key, and the insert are one
   * atomic step.
   *
   * <p>The key of a replay, which is a notification with a key and {@link
   * dev.notifier.Notification#replayOf()}, is scoped by what it replays, and known for at least as
   * long as that is; {@link #replays} tells who has it.
   *
   * @return the id of the earlier notification that has the same idempotency key, in which case
   *     nothing was inserted; empty if it was inserted
   */
  Optional<NotificationId> insert(Submission submission);

  /** Does what {@link #insert} does without blocking the caller, as far as the store can. */
  default CompletionStage<Optional<NotificationId>> insertAsync(Submission submission) {
    return CompletableFuture.completedFuture(insert(submission));
  }

  /**
   * Takes many notifications, all of them or none.
   *
   * @return for each, in order, what {@link #insert} returns
   */
  List<Optional<NotificationId>> insertAll(List<Submission> submissions);

  /**
   * Takes a notification as a part of the application's own transaction: it exists if, and only if,
   * that commits. The submission has no room; this store brings the deliveries after the commit.
   *
   * @throws dev.notifier.ConfigurationException if this store cannot take part in it; the default
   */
  default Optional<NotificationId> insert(Submission submission, HostTransaction transaction) {
    throw new ConfigurationException(
        "this store cannot take part in a transaction of the application's ("
            + transaction.getClass().getName()
            + "): use the JDBC store and JdbcTransaction.on(connection)");
  }

  /**
   * Takes a delivery for an attempt: at most one caller gets it.
   *
   * <p>Only the newest entry of a delivery can be claimed, or one further along the route than the
   * newest; then the delivery moves there. So an entry for the next channel may lie in a queue as
   * an alarm while this channel still retries.
   *
   * @return false if somebody else has it, it is settled, or the entry is outdated
   */
  boolean claim(QueuedDelivery delivery);

  /**
   * Tells whether a delivery that was claimed is still this process's to send; called right before
   * its channel is. A store may record first that an attempt which must not be repeated begins.
   * Defaults to true.
   */
  default boolean begin(DeliveryAttempt attempt) {
    return true;
  }

  /**
   * Records what became of a claimed delivery, and with it the attempt.
   *
   * @param attempt the attempt that was made; null if none was
   * @return the entry to queue again; empty if the delivery is finished, or this store no longer
   *     owns it, or the store itself brings it back when it is due
   */
  Optional<QueuedDelivery> settle(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Settlement settlement);

  /** Tells whether a delivery is not settled yet. */
  boolean owes(DeliveryId id);

  /** Cancels every delivery of a notification that waits. */
  Cancellation cancel(NotificationId id);

  /**
   * Moves a delivery that a channel has sent to DELIVERED or BOUNCED, as a provider reported. An
   * update that would move a final state back changes nothing. One about a message that is not
   * known, or not yet SENT, is kept for an hour at least, and applied when the message turns up.
   *
   * <p>An update moves only what this very channel has sent: a bounce of an email says nothing
   * about the SMS that the delivery fell back to. Where the update says so, the recipient's address
   * on the channel is suppressed, even if the delivery of a known notification does not move:
   * complaints come after it was DELIVERED.
   *
   * @return what is known of the notification, and which of its deliveries moved; empty if none did
   */
  Optional<AppliedUpdate> update(ChannelId channel, DeliveryUpdate update);

  /** Returns what is known of a notification. */
  Optional<NotificationReport> find(NotificationId id);

  /**
   * Returns the notifications that the query matches, newest first by id, at most a page of them
   * and in bounded time, however much there is: a page may be short, or empty, and have a cursor.
   * The cursor is the text of a {@link DeliveryId}: everything from there on was looked at.
   */
  Page<NotificationReport> search(HistoryQuery query);

  /**
   * Counts what became of the deliveries of a window, by channel, and what waits now, whenever it
   * was accepted; {@link AnalyticsCounter} puts it together. In bounded memory.
   *
   * @throws dev.notifier.ConfigurationException if this store cannot count; the default
   */
  default AnalyticsSummary summarize(AnalyticsWindow window) {
    throw new ConfigurationException("this store cannot count: " + getClass().getName());
  }

  /**
   * Counts what became of the deliveries of each step of a window, as {@link SeriesCounter} puts it
   * together. In bounded memory.
   *
   * @throws dev.notifier.ConfigurationException if this store cannot count; the default
   */
  default List<AnalyticsStep> summarize(AnalyticsWindow window, Duration step) {
    throw new ConfigurationException("this store cannot count: " + getClass().getName());
  }

  /** Returns the newest notifications of which a delivery failed, newest first. */
  List<NotificationReport> deadLetters(int limit);

  /**
   * Returns who replayed which of these notifications, by the one that was replayed: those that
   * have a replay by {@link #insert}.
   *
   * @param ids at most 1,000
   */
  Map<NotificationId, NotificationId> replays(Collection<NotificationId> ids);

  /**
   * Forgets some of what was settled, in bounded time and short transactions that hold up no send;
   * repeated with the answer's cursor, it comes to the end.
   */
  PurgeStep purge(PurgeRequest request);

  /**
   * Forgets a notification of which every delivery is settled.
   *
   * @return false if there is none, or a delivery of it is not settled; then nothing was changed
   */
  boolean forget(NotificationId id);

  /** Suppresses one target, as {@link #suppress(List)} does. */
  default void suppress(Suppression suppression) {
    suppress(List.of(suppression));
  }

  /**
   * Suppresses, all or none; a target that is suppressed already keeps its first suppression.
   *
   * @param suppressions at most 1,000; of two about one target the first counts
   * @return how many targets are suppressed now that were not before
   */
  int suppress(List<Suppression> suppressions);

  /**
   * Lifts the suppression of exactly this target.
   *
   * @return whether it was suppressed
   */
  boolean unsuppress(SuppressionTarget target);

  /** Returns the suppression of exactly this target, if there is one. */
  Optional<Suppression> suppression(SuppressionTarget target);

  /**
   * Returns a suppression that stands in the way of a message, if there is one: of any target that
   * is {@linkplain SuppressionTarget#covering covering}. Called before every attempt. What another
   * process has written may be seen late, by about a second.
   */
  Optional<Suppression> suppression(Recipient recipient, Address address);

  /**
   * Returns the suppressions that the query matches, newest first, at most a page of them and in
   * bounded time, however many there are: a page may be short, or empty, and have a cursor. Of
   * those with the same time the order is the store's, and the same for ever.
   *
   * @throws IllegalArgumentException if the cursor is none of this store's
   */
  Page<Suppression> suppressions(SuppressionQuery query);

  /**
   * Returns where preferences are kept: always the same object. Empty, the default, if this store
   * has no place for them; then the notifier keeps them in memory.
   */
  default Optional<PreferenceStore> preferences() {
    return Optional.empty();
  }

  /**
   * Returns where schedules are kept: always the same object. Empty, the default, if this store has
   * no place for them; then the notifier keeps them in memory.
   */
  default Optional<ScheduleStore> schedules() {
    return Optional.empty();
  }

  /**
   * Returns where this store keeps templates. Empty by default: then they are kept in memory, all
   * of them, until the notifier is closed.
   */
  default Optional<TemplateStore> templates() {
    return Optional.empty();
  }

  /** Returns where batches are kept: always the same object. */
  BatchStore batches();

  /** Releases what the store holds. Called once, after the last settlement. */
  @Override
  void close();
}
