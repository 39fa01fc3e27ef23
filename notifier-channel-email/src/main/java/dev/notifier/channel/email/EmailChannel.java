package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;

/**
 * Sends email. This is where an application starts:
 *
 * <pre>{@code
 * Notifier.builder()
 *     .channel(
 *         EmailChannel.smtp("smtp.example.com", 587)
 *             .credentials(user, password)
 *             .from("Shop <no-reply@example.com>"))
 *     .build();
 * }</pre>
 *
 * <p>A notification that is SENT was accepted by the server; that is not proof of delivery. Its
 * {@code Message-ID} is the same over all attempts, so that a receiver can tell a repeat.
 */
public final class EmailChannel {
  private EmailChannel() {}

  /**
   * Returns a mail that came to the sender's address as a callback for {@link
   * dev.notifier.Notifier#callbacks}: a report of non-delivery (RFC 3464, or what older servers
   * write) or a complaint (RFC 5965). Any other mail changes nothing.
   *
   * <p>Mail can be forged, so that a report counts only if it names a delivery by its id, which
   * nobody can guess who did not get the message.
   *
   * @param mail as it was received, headers and all; of more than 1,048,576 bytes the rest is left
   *     out
   */
  public static CallbackRequest bounceMail(byte[] mail) {
    return BounceMails.request(mail);
  }

  /**
   * Starts a channel that sends through an SMTP server, by STARTTLS unless said otherwise.
   *
   * @param host the server's name, which its certificate must carry, or its address
   * @param port usually 587 for STARTTLS and 465 for {@link SmtpChannelBuilder#implicitTls()}
   * @throws IllegalArgumentException if the host is not one word, or the port not from 1 to 65535
   */
  public static SmtpChannelBuilder smtp(String host, int port) {
    return new SmtpChannelBuilder(host, port);
  }
}
