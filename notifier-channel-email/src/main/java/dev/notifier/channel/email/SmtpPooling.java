package dev.notifier.channel.email;

import java.time.Duration;

/**
 * How long connections are kept.
 *
 * @param connections the most that are open to one server at a time, 0 for as many as the lane's
 *     concurrency
 * @param messages the most that go over one connection
 * @param age after which a connection takes no other message
 * @param idleTimeout after which an idle connection is closed
 * @param checkAfterIdle after which an idle connection is asked whether it still works
 * @param retryServerAfter how long a server that failed is passed over while another one works
 */
record SmtpPooling(
    int connections,
    int messages,
    Duration age,
    Duration idleTimeout,
    Duration checkAfterIdle,
    Duration retryServerAfter) {}
