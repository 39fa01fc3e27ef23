package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.spi.ChannelFactory;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all that makes email channels has in common. Only {@link #from} has no default. Not
 * thread-safe; the channels that it makes are.
 *
 * @param <F> the type that the calls return
 */
public abstract sealed class EmailChannelBuilder<F extends EmailChannelBuilder<F>>
    implements ChannelFactory permits MimeChannelBuilder, HttpEmailAccount {
  ChannelId id = ChannelId.of("email");
  private @Nullable Mailbox from;
  private @Nullable Mailbox replyTo;

  EmailChannelBuilder() {}

  abstract F self();

  /**
   * Sets the id by which notifications name the channel. Defaults to {@code email}.
   *
   * @throws dev.notifier.InvalidNotificationException if it is no channel id
   */
  public F id(String id) {
    this.id = ChannelId.of(id);
    return self();
  }

  /**
   * Sets whom the messages are from: an address, or a name and an address such as {@code Shop
   * <no-reply@example.com>}. By SMTP the address is also the envelope's, so that bounces go there;
   * SendGrid and SES must have verified it or its domain.
   *
   * @throws IllegalArgumentException if it is not an address with an ASCII part before the
   *     {@code @}, or holds a line break or another control character
   */
  public F from(String mailbox) {
    this.from = Mailbox.parse("from", mailbox);
    return self();
  }

  /**
   * Sets where answers go, in the same form as {@link #from}. None by default, which is the sender.
   *
   * @throws IllegalArgumentException as {@link #from} does
   */
  public F replyTo(String mailbox) {
    this.replyTo = Mailbox.parse("replyTo", mailbox);
    return self();
  }

  @Override
  public ChannelId id() {
    return id;
  }

  /** Returns what all messages have in common, once it is known who sends. */
  MessageSettings settings(
      @Nullable EnvelopeAddress bounceTo, Charset charset, List<DkimSigner> signers) {
    if (from == null) {
      throw new ConfigurationException(
          "channel '"
              + id
              + "' has no sender: call from(\"Shop <no-reply@example.com>\") or set notifier."
              + id
              + ".from");
    }
    return new MessageSettings(id, from, replyTo, bounceTo, charset, List.copyOf(signers));
  }
}
