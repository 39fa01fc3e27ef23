package dev.notifier;

import java.util.Objects;

/**
 * What to export of the history. Immutable.
 *
 * @param query which notifications, and how many are in memory at a time: its page size
 * @param hasFullAddresses whether addresses are written in full; masked by default
 * @param hasContents whether it tells what the notifications say: texts, data, and names and sizes
 *     of attachments, never their bytes; not by default
 */
public record HistoryExport(HistoryQuery query, boolean hasFullAddresses, boolean hasContents) {
  /** Creates the export. */
  public HistoryExport {
    Objects.requireNonNull(query, "query");
  }

  /** Returns an export of what the query finds, with masked addresses and without contents. */
  public static HistoryExport of(HistoryQuery query) {
    return new HistoryExport(query, false, false);
  }

  /** Returns this export with addresses in full. */
  public HistoryExport withFullAddresses() {
    return new HistoryExport(query, true, hasContents);
  }

  /** Returns this export with what the notifications say. */
  public HistoryExport withContents() {
    return new HistoryExport(query, hasFullAddresses, true);
  }
}
