package dev.notifier.http;

import dev.notifier.DeliveryResult;
import java.util.function.Function;

/** What came of one request: a reply, or none. */
public sealed interface HttpOutcome permits HttpReply, NoReply {
  /**
   * Returns the result of the attempt that the request was made for.
   *
   * @param judge what to make of a reply; not asked when there was none
   */
  DeliveryResult toResult(Function<HttpReply, DeliveryResult> judge);
}
