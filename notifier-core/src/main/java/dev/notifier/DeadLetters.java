package dev.notifier;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The notifications of which a delivery failed on its whole route. Thread-safe.
 *
 * <p>They stay where they are, and as they are, until history forgets them or they are purged. A
 * replay is a notification of its own; the dead letter is shown as replayed from then on.
 */
public interface DeadLetters {
  /**
   * Returns the newest dead letters, newest first.
   *
   * @param limit from 1 to 10,000
   */
  List<NotificationReport> newest(int limit);

  /**
   * Returns a page of the dead letters that fulfil the conditions, newest first by id: what fails
   * or is accepted meanwhile moves no page. The channel is the one on which the delivery failed
   * last.
   *
   * @param query the conditions; it names no state, or FAILED
   * @throws IllegalArgumentException if it names another state
   * @throws StoreException if the store does not answer
   */
  Page<DeadLetter> list(HistoryQuery query);

  /** Returns a dead letter; empty if there is no such notification, or it is none. */
  Optional<DeadLetter> find(NotificationId id);

  /**
   * Sends a dead letter again, at once, as a notification of its own with an id of its own. Only
   * the deliveries that failed go again, from the start of their legs; what was sent is not sent
   * twice. What its template made of it stays as it was; a time to send it at is left out, {@code
   * expiresAfter} counts from now, and the idempotency key of the original plays no part.
   *
   * <p>A dead letter is replayed once: the second call gives the receipt of the first replay, which
   * says that it is a duplicate, also when two processes call at once. If the replay fails as well,
   * it is a dead letter to replay. {@link Notifier#resend} sends again in any case.
   *
   * @throws ResendException if there is no such notification, it is no dead letter, a delivery of
   *     it still waits, or its content was not kept; nothing was sent
   * @throws NotifierException as {@link Notifier#send(Notification)} does
   */
  Receipt replay(NotificationId id);

  /** Replays every dead letter that fulfils the conditions and was not replayed before. */
  default ReplayReport replayAll(HistoryQuery query) {
    return replayAll(query, deadLetter -> true);
  }

  /**
   * Replays the dead letters that fulfil the conditions, were not replayed before, and are chosen;
   * newest first, from page to page, one after the other. One that is refused stops no other.
   *
   * <p>If a lane stays full, the store fails or the notifier is closed, that is thrown, and what
   * was replayed before stays so: call again to go on. An interrupt ends it early.
   *
   * @param query the conditions, as for {@link #list}
   * @param chosen says which of them to replay, by the reason for example
   * @throws IllegalArgumentException as {@link #list} does
   */
  ReplayReport replayAll(HistoryQuery query, Predicate<? super DeadLetter> chosen);

  /**
   * Forgets a dead letter: it cannot be found or replayed any more.
   *
   * @return whether it was there
   * @throws IllegalArgumentException if the notification is no dead letter, or still waits
   */
  boolean purge(NotificationId id);

  /**
   * Forgets the dead letters that were settled at least this long ago, as {@link History#purge}
   * does.
   *
   * @return how many
   * @throws IllegalArgumentException if the age is negative
   */
  long purgeOlderThan(Duration age);
}
