package dev.notifier;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Delivers notifications: the one object that an application holds.
 *
 * <p>Thread-safe; make one and keep it. Its threads are daemons, so that a JVM can exit although
 * nobody called {@link #close}; call it all the same, or what waits in memory is lost.
 *
 * <p>Delivery is at least once: when a provider's answer is lost, the message is sent again unless
 * the notification says otherwise ({@link OnAmbiguity}).
 */
public interface Notifier extends AutoCloseable {
  /**
   * Returns a notifier with no configuration. It has no channel but {@code log}, which writes that
   * a message would have been sent, and never reports it as sent.
   */
  static Notifier create() {
    return builder().build();
  }

  /** Starts the configuration of a notifier. */
  static NotifierBuilder builder() {
    return new NotifierBuilder();
  }

  /**
   * Accepts a notification. When this returns, it is in the store; delivery happens later, on other
   * threads.
   *
   * @throws InvalidNotificationException if a channel of the route refuses the address or the
   *     message
   * @throws TemplateException if its template is not there, or does not fit its data
   * @throws UnknownChannelException if the route names a channel that is not there
   * @throws LaneFullException if the lane of a channel is full, and stays full as long as its
   *     overflow policy waits
   * @throws StoreException if the store cannot take it
   * @throws NotifierClosedException if the notifier is closed
   */
  Receipt send(Notification notification);

  /**
   * Accepts a notification without blocking.
   *
   * @return a stage that completes when the notification is in the store, or exceptionally with
   *     what {@link #send} would throw. A full lane is not waited for.
   */
  CompletionStage<Receipt> sendAsync(Notification notification);

  /**
   * Accepts a notification as a part of the application's own transaction: it exists, and is sent,
   * if and only if that transaction commits. The receipt's id is known at once; its outcome only
   * after the commit. Listeners are not told of its acceptance.
   *
   * @throws ConfigurationException if the store cannot take part in such a transaction
   * @throws InvalidNotificationException as {@link #send(Notification)} does, and the rest as well;
   *     the transaction can go on after that
   */
  Receipt send(Notification notification, HostTransaction transaction);

  /**
   * Accepts many notifications.
   *
   * <p>An atomic batch is accepted as a whole when this returns, or not at all. Any other is read
   * on a thread of its own, at the pace at which the lanes have room: it leaves half of every lane
   * to others, and refuses single items without an exception. At most 16 are read at once.
   *
   * @throws InvalidNotificationException if the batch is empty, or an item of an atomic one is not
   *     valid; the message names the item
   * @throws LaneFullException if an atomic batch finds no room in a store that keeps all in memory
   * @throws StoreException if the store cannot take an atomic batch
   * @throws NotifierClosedException if the notifier is closed
   * @throws IllegalStateException if 16 batches are being read
   */
  BatchRun sendAll(Batch batch);

  /**
   * Cancels a notification.
   *
   * @return true only if no delivery of it was sent, is being sent, or will be. Deliveries of a
   *     fan-out that still wait are cancelled even if another was sent already.
   */
  boolean cancel(NotificationId id);

  /**
   * Sends a notification again that is settled, be it SENT, as a notification of its own with an id
   * of its own: at once, on its whole route, without its idempotency key. {@link
   * Notification#replayOf()} links it to the first one. Each call sends once more; {@link
   * DeadLetters#replay} sends only what failed, and only once.
   *
   * <p>What its template made of it stays as it was; a time to send it at is left out, and {@code
   * expiresAfter} counts from now. A dead letter counts as replayed after that.
   *
   * @throws ResendException if there is no such notification, a delivery of it still waits, or its
   *     content was not kept; nothing was sent
   * @throws NotifierException as {@link #send(Notification)} does
   */
  Receipt resend(NotificationId id);

  /** Returns what is known of a notification: state, deliveries, every attempt. */
  Optional<NotificationReport> find(NotificationId id);

  /**
   * Looks for notifications, newest first, those that wait and those that are settled alike. The
   * order is that of their ids, so that what is accepted meanwhile moves no page. A page may be
   * short, or empty, and have a successor: what does not match is passed by in bounded steps.
   *
   * @throws StoreException if the store does not answer
   */
  Page<NotificationReport> search(HistoryQuery query);

  /** Returns the batches, also those of other processes that share the store. */
  Batches batches();

  /** Returns the addresses and recipients to which nothing may be sent. */
  Suppressions suppressions();

  /** Returns what recipients want to hear of, by category and channel. */
  Preferences preferences();

  /** Returns the notifications that failed on their whole route. */
  DeadLetters deadLetters();

  /** Returns what was settled, to be purged and exported. */
  History history();

  /** Returns the stored templates. */
  Templates templates();

  /**
   * Returns how a notification would leave by each channel of its route; sends nothing.
   *
   * @throws TemplateException if its template is not there, or does not fit its data
   * @throws UnknownChannelException if the route names a channel that is not there
   */
  List<ChannelPreview> preview(Notification notification);

  /**
   * Finds out whether the settings of each channel work, by connecting to its provider; sends
   * nothing. Channels are asked one after the other, on the calling thread, each in bounded time.
   */
  Map<ChannelId, Verification> verify();

  /** Returns what is sent again and again. */
  Schedules schedules();

  /** Returns what takes the delivery receipts of providers. */
  Callbacks callbacks();

  /** Returns what counts what became of notifications, out of the store. */
  Analytics analytics();

  /** Returns what this notifier has done since it was built, and how full its lanes are. */
  NotifierStats stats();

  /** Returns how well each channel works. */
  NotifierHealth health();

  /**
   * Stops accepting, lets the deliveries that can be settled in time be settled, then stops every
   * thread and closes the channels and the store. Attempts still under way when the time is up are
   * interrupted. A second call does nothing and returns the same report.
   *
   * @return what was left
   */
  ShutdownReport close(Duration timeout);

  /** Closes with a time limit of 30 seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(30));
  }
}
