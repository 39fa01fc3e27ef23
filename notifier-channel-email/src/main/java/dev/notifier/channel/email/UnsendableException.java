package dev.notifier.channel.email;

import java.io.IOException;

/** The server has said beforehand that it cannot take this message. */
final class UnsendableException extends IOException {
  private static final long serialVersionUID = 1L;

  UnsendableException(String message) {
    super(message);
  }
}
