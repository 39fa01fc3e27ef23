package dev.notifier.examples;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;

/** A channel of one's own: it delivers to the terminal. */
final class ConsoleChannel implements Channel {
  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    System.out.println("  [pager] " + attempt.content().text().orElse(""));
    return DeliveryResult.accepted();
  }
}
