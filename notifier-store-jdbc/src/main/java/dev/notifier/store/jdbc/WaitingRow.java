package dev.notifier.store.jdbc;

import java.util.List;

/**
 * A delivery that goes on waiting: what changes in its row.
 *
 * @param key its key
 * @param fence the fence under which this node holds it
 * @param due when it is due, in epoch milliseconds
 * @param lane the channel whose turn it is
 * @param step that channel's position in the leg
 * @param stepSince since when it has been its turn
 * @param attempts how many attempts were made on that channel
 * @param made how many attempts were made in all
 * @param keep whether this node keeps it; if not it becomes free
 * @param unwritten the attempts that are to be written with it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record WaitingRow(
    byte[] key,
    int fence,
    long due,
    String lane,
    int step,
    long stepSince,
    int attempts,
    int made,
    boolean keep,
    List<AttemptRow> unwritten) {}
