package dev.notifier.internal.engine;

import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in where no channel is configured: it writes that a message would have been sent, and says
 * that it was not.
 *
 * <p>What the message says is written only if the logger {@code dev.notifier.log.content} is set to
 * DEBUG.
 */
final class LogChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger("dev.notifier.log");
  private static final Logger contentLog = LoggerFactory.getLogger("dev.notifier.log.content");

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    log.info(
        "not sent, since no channel is configured: {}, {}", attempt.address(), attempt.content());
    Content content = attempt.content();
    contentLog.debug(
        "subject: {}, text: {}, html: {}", content.subject(), content.text(), content.html());
    return DeliveryResult.permanentFailure(
        "written to the log only, since no channel is configured: add one, such as"
            + " notifier-channel-email, and its settings");
  }
}
