package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import java.nio.charset.StandardCharsets;

/** What the tests of providers have in common. */
final class Accounts {
  static final String FROM = "Shop <no-reply@shop.example>";
  static final MessageSettings SETTINGS =
      new MessageSettings(
          ChannelId.of("email"), Mailbox.parse("from", FROM), null, null, StandardCharsets.UTF_8);

  private Accounts() {}
}
