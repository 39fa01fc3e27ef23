package dev.notifier.http;

import dev.notifier.DeliveryResult;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;

/**
 * The request failed before the status line of a reply had come.
 *
 * @param requestSent whether a part of the request may have reached the server. False means that
 *     the server cannot have acted on it: the name was not found, or no connection came about.
 * @param reason what went wrong, redacted, fit for an operator
 * @param cause the failure itself; its message is not redacted
 */
public record NoReply(boolean requestSent, String reason, IOException cause)
    implements HttpOutcome {
  /** Creates the outcome. */
  public NoReply {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(cause, "cause");
  }

  /** Returns an ambiguous result if the request may have arrived, else a transient failure. */
  public DeliveryResult result() {
    return requestSent ? DeliveryResult.ambiguous(reason) : DeliveryResult.transientFailure(reason);
  }

  @Override
  public DeliveryResult toResult(Function<HttpReply, DeliveryResult> judge) {
    return result();
  }

  /** Returns the redacted reason, and not the cause. */
  @Override
  public String toString() {
    return "NoReply[requestSent=" + requestSent + ", " + reason + "]";
  }
}
