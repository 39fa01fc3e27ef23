package dev.notifier;

import java.util.Optional;

/**
 * What became of one item of a batch.
 *
 * @param index its place in the batch, from 0
 * @param id its id, or that of the notification that it repeats; empty if it was refused
 * @param duplicate whether it repeats an earlier notification and was not accepted again
 * @param reason why it was refused; empty if it was not
 */
public record BatchItem(
    long index, Optional<NotificationId> id, boolean duplicate, String reason) {}
