package dev.notifier.channel.email;

/** A connection that can be kept for the next message. Used by one thread at a time. */
interface KeptConnection {
  /** Tells whether another message may go over it, as far as this side knows. */
  boolean isUsable();

  /** Asks whether the server still listens. */
  boolean isAlive();

  /** Returns how many messages were tried over it. */
  int messages();

  /** Ends it, with a goodbye if anybody may still listen. */
  void close();
}
