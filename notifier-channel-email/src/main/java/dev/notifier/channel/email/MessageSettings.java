package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all messages of a channel have in common, by whichever provider they leave.
 *
 * @param channel the channel, whose options a notification may carry
 * @param from whom messages are from, unless a notification says otherwise
 * @param replyTo where answers go unless a notification says otherwise, null for the sender
 * @param bounceTo the envelope's sender, to which bounces go, null for the address of {@code from}
 * @param charset in which texts are written where it has all their characters, or else in UTF-8
 * @param signers who sign each message that is written as MIME
 */
record MessageSettings(
    ChannelId channel,
    Mailbox from,
    @Nullable Mailbox replyTo,
    @Nullable EnvelopeAddress bounceTo,
    Charset charset,
    List<DkimSigner> signers) {
  /** Returns settings that say only who sends. */
  static MessageSettings of(ChannelId channel, Mailbox from) {
    return new MessageSettings(channel, from, null, null, StandardCharsets.UTF_8, List.of());
  }
}
