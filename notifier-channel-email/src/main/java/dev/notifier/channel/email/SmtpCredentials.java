package dev.notifier.channel.email;

import java.util.Objects;

/** What the channel logs in with. */
sealed interface SmtpCredentials {
  /** Returns the name of the account. */
  String user();

  /** A password, for AUTH PLAIN or LOGIN. */
  record Password(String user, String password) implements SmtpCredentials {
    public Password {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
      if (user.isEmpty() || password.isEmpty()) {
        throw new IllegalArgumentException(
            "credentials must have a user and a password; leave them out for a server without"
                + " login");
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

  /** Access tokens, for AUTH XOAUTH2. */
  record Token(String user, AccessTokens tokens) implements SmtpCredentials {
    public Token {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(tokens, "tokens");
      // XOAUTH2 separates its parts by U+0001.
      if (user.isEmpty() || user.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "user must not be empty and must not hold a control character");
      }
    }

    /** Returns nothing of them. */
    @Override
    public String toString() {
      return "SmtpCredentials[…]";
    }
  }
}
