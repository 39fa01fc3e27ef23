package dev.notifier.channel.email;

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
