package dev.notifier.channel.email;

/**
 * One header of a message.
 *
 * @param name the name, of visible ASCII characters without a colon
 * @param value the text that a reader should see, on one line and not encoded
 */
record HeaderField(String name, String value) {}
