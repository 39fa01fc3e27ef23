package dev.notifier;

/**
 * What the host's server should answer to a provider's callback.
 *
 * @param httpStatus 200 if the callback was understood, whether or not it changed anything; 4xx if
 *     it is forged or malformed; 503 if it should be sent again later
 * @param detail what happened, for the host's log; not meant for the provider
 */
public record CallbackReply(int httpStatus, String detail) {}
