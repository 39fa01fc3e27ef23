package dev.notifier.channel.webhook;

import dev.notifier.NotifierException;

/** A webhook that came in is not genuine, or too old: answer 400 or 401 and do nothing else. */
public final class InvalidWebhookException extends NotifierException {
  private static final long serialVersionUID = 1L;

  InvalidWebhookException(String message) {
    super(message);
  }
}
