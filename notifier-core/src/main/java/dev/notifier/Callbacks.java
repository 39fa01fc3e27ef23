package dev.notifier;

/**
 * Takes the delivery receipts that providers send to the host's own HTTP server.
 *
 * <p>The channel verifies each of them. They move a delivery from SENT to DELIVERED or BOUNCED;
 * they may come twice, out of order, or before the answer to the send itself, and end in the right
 * state all the same. Thread-safe.
 */
public interface Callbacks {
  /**
   * Takes a callback.
   *
   * @param channel the channel whose provider sent it
   * @return what to answer; a forged callback is an answer of 4xx, not an exception
   * @throws UnknownChannelException if there is no such channel
   */
  CallbackReply accept(String channel, CallbackRequest request);
}
