package dev.notifier;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Optional;

/**
 * The addresses and recipients to which nothing may be sent, however urgent it is.
 *
 * <p>A delivery skips a suppressed address: it takes the next channel of its route, and is
 * SUPPRESSED when there is none. Entries come here by hand, or when a channel learns that a
 * recipient is gone or has opted out. Thread-safe.
 *
 * <p>A change counts for every attempt that begins after it: here at once, and within about a
 * second on other processes that share the store.
 *
 * <p>Every method throws {@link StoreException} if the store cannot answer.
 */
public interface Suppressions {
  /** Suppresses an address, as {@link #add(SuppressionTarget, String)} does. */
  default boolean add(Address address, String reason) {
    return add(SuppressionTarget.of(address), reason);
  }

  /** Suppresses by hand, as {@link #add(SuppressionTarget, String, Suppression.Source)} does. */
  default boolean add(SuppressionTarget target, String reason) {
    return add(target, reason, Suppression.Source.MANUAL);
  }

  /**
   * Suppresses an address or a recipient; what is suppressed already keeps its first reason.
   *
   * @param reason why, in words for an operator; not blank
   * @return false if it was suppressed already
   * @throws UnknownChannelException if the target names a channel that is not there
   * @throws IllegalArgumentException if the reason is blank
   */
  boolean add(SuppressionTarget target, String reason, Suppression.Source source);

  /** Allows an address again, as {@link #remove(SuppressionTarget)} does. */
  default boolean remove(Address address) {
    return remove(SuppressionTarget.of(address));
  }

  /**
   * Lifts a suppression. A wider or narrower one stays: an address that is suppressed on its
   * channel and on all must be allowed twice.
   *
   * @return whether it was suppressed
   */
  boolean remove(SuppressionTarget target);

  /** Returns the suppression of an address on its channel, if there is one. */
  default Optional<Suppression> find(Address address) {
    return find(SuppressionTarget.of(address));
  }

  /** Returns the suppression of exactly this target, if there is one. */
  Optional<Suppression> find(SuppressionTarget target);

  /**
   * Returns the newest suppressions.
   *
   * @param limit from 1 to 10,000
   */
  List<Suppression> newest(int limit);

  /**
   * Returns a page of suppressions, the newest first. What is added or lifted meanwhile moves no
   * page: none comes twice, and none that stays is missed.
   *
   * @throws IllegalArgumentException if the cursor is not what a page gave
   */
  Page<Suppression> list(SuppressionQuery query);

  /**
   * Suppresses what a list names, in lines of comma-separated values:
   *
   * <pre>{@code
   * target,reason,source,since
   * email:ada@example.com
   * sms:+4915112345678,opted out
   * #user-42,"moved, no new address",MANUAL,2026-05-01T12:00:00Z
   * }</pre>
   *
   * <p>Only the target must be there. The reason defaults to {@code imported}, the source to
   * IMPORT, the time to now. A field with a comma or a quotation mark stands in quotation marks,
   * within which two of them are one (RFC 4180); no field spans lines. The first line may name the
   * columns. Empty lines are skipped.
   *
   * <p>The list is read line by line, and stored 500 lines at a time, each time all or none. A line
   * that breaks a rule is skipped and told, the others count. A repeat of an import does no harm.
   *
   * @param lines the list; it is not closed
   * @return what came of it
   * @throws IOException if it cannot be read; of the lines before, the last 500 may not be
   *     suppressed
   * @throws StoreException if the store fails; the message says which lines are suppressed
   */
  SuppressionImport importLines(Reader lines) throws IOException;

  /**
   * Writes all suppressions, the newest first, in the lines that {@link #importLines} reads. It
   * holds addresses in full.
   *
   * @param lines takes the text; it is not closed
   * @return how many suppressions were written
   * @throws IOException if it cannot be written
   */
  long exportLines(Appendable lines) throws IOException;
}
