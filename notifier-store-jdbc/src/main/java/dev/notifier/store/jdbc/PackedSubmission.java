package dev.notifier.store.jdbc;

import dev.notifier.spi.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A submission with its rows.
 *
 * @param submission the submission
 * @param rows one per delivery, in order
 * @param key the key of the notification
 * @param dedupKey the hash of its idempotency key, if it has one
 * @param body what it says, if that is too long for its rows
 * @param tags the hashes of its tags
 * @param size how many bytes it takes, roughly
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PackedSubmission(
    Submission submission,
    List<QueueRow> rows,
    byte[] key,
    byte @Nullable [] dedupKey,
    byte @Nullable [] body,
    List<Long> tags,
    int size) {}
