package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;

/**
 * An attempt as the attempt table takes it.
 *
 * @param key the delivery's key
 * @param number which attempt it was, over all channels of the leg
 * @param attempt the attempt
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record AttemptRow(byte[] key, int number, AttemptReport attempt) {}
