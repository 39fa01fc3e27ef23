package dev.notifier.channel.email;

import java.util.Objects;

/** What the channel logs in with. */
record SmtpCredentials(String user, String password) {
  SmtpCredentials {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    if (user.isEmpty() || password.isEmpty()) {
      throw new IllegalArgumentException(
          "credentials must have a user and a password; leave them out for a server without login");
    }
    // AUTH PLAIN separates its parts by NUL: RFC 4616.
    if (user.indexOf('\0') >= 0 || password.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("credentials must not hold the character U+0000");
    }
  }

  /** Returns nothing of them. */
  @Override
  public String toString() {
    return "SmtpCredentials[…]";
  }
}
