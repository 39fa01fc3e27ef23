package dev.notifier.channel.email;

/** How a connection is protected. */
enum SmtpSecurity {
  /** Starts in plain text and turns to TLS before anything is said; never goes on without. */
  STARTTLS(587),
  /** TLS from the first byte. */
  TLS(465),
  /** No protection. */
  PLAINTEXT(25),
  /** No protection, not even of the password. */
  PLAINTEXT_WITH_CREDENTIALS(25);

  private final int usualPort;

  SmtpSecurity(int usualPort) {
    this.usualPort = usualPort;
  }

  int usualPort() {
    return usualPort;
  }
}
