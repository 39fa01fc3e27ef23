package dev.notifier.channel.email;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of channels that hand whole messages to a mail server have in common. Only
 * {@link #from} has no default. Not thread-safe; the channels that they make are.
 *
 * @param <F> the type that the calls return
 */
public abstract sealed class MimeChannelBuilder<F extends MimeChannelBuilder<F>>
    extends EmailChannelBuilder<F> permits SmtpChannelBuilder, SessionChannelBuilder {
  @Nullable EnvelopeAddress bounceTo;
  private Charset charset = StandardCharsets.UTF_8;
  private final List<DkimSigner> signers = new ArrayList<>();

  MimeChannelBuilder() {}

  /**
   * Sets the envelope's sender, to which bounces go. Defaults to the address of {@link #from}.
   *
   * @throws IllegalArgumentException if it is not an address with an ASCII part before the
   *     {@code @}
   */
  public F bounceTo(String address) {
    this.bounceTo = Mailbox.parse("bounceTo", address).address();
    return self();
  }

  /**
   * Sets in which charset subjects, names and texts are written if it has all their characters;
   * what it cannot express is written in UTF-8. Defaults to UTF-8.
   *
   * @throws IllegalArgumentException if it is not for mail, because ASCII is not a part of it
   */
  public F charset(Charset charset) {
    byte[] sample = "\r\nAz09=?".getBytes(StandardCharsets.US_ASCII);
    boolean fit = charset.canEncode() && Arrays.equals("\r\nAz09=?".getBytes(charset), sample);
    if (!fit) {
      throw new IllegalArgumentException(
          "charset must be one that ASCII is a part of, such as UTF-8 or ISO-8859-1, but was "
              + charset);
    }
    this.charset = charset;
    return self();
  }

  /**
   * Signs every message by DKIM. Called twice, it has two signatures, such as one by RSA for all
   * receivers and one by Ed25519 for those that know it. None by default, since many servers sign.
   */
  public F dkim(DkimSigner signer) {
    signers.add(Objects.requireNonNull(signer, "signer"));
    return self();
  }

  /** Returns what all messages have in common, once it is known who sends. */
  MessageSettings message() {
    return settings(bounceTo, charset, signers);
  }
}
