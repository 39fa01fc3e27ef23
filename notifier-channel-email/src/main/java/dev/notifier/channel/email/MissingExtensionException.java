package dev.notifier.channel.email;

import java.io.IOException;

/** The server does not offer something without which the message must not or cannot be sent. */
final class MissingExtensionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String extension;

  MissingExtensionException(String extension) {
    super("the server does not offer " + extension);
    this.extension = extension;
  }

  String extension() {
    return extension;
  }
}
