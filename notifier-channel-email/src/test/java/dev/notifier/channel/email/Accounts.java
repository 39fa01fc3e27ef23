package dev.notifier.channel.email;

import dev.notifier.ChannelId;

/** What the tests of providers have in common. */
final class Accounts {
  static final String FROM = "Shop <no-reply@shop.example>";
  static final MessageSettings SETTINGS =
      MessageSettings.of(ChannelId.of("email"), Mailbox.parse("from", FROM));

  private Accounts() {}
}
