package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.spi.ChannelFactory;
import jakarta.mail.Session;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

  /**
   * Starts a channel that sends through a session of the application's own, for what {@link #smtp}
   * does not do: sessions of an application server, proxies, SASL by NTLM, DIGEST-MD5 or GSSAPI.
   *
   * @param session what its properties say counts; it is not changed
   */
  public static SessionChannelBuilder session(Session session) {
    return new SessionChannelBuilder(session);
  }

  /**
   * Starts a channel that sends by the API of Twilio SendGrid.
   *
   * @param apiKey a key with the permission "Mail Send"
   * @throws IllegalArgumentException if it is not one word
   */
  public static SendGridAccount sendGrid(String apiKey) {
    return new SendGridAccount(apiKey);
  }

  /**
   * Starts a channel that sends by the API of Amazon SES, with a key that does not expire.
   *
   * @param region where the sender is verified, such as {@code eu-west-1}
   * @param accessKeyId the id of a key with the permission {@code ses:SendRawEmail}
   * @param secretAccessKey the key
   * @throws IllegalArgumentException if one of them is not one word, or it is no region
   */
  public static SesAccount ses(String region, String accessKeyId, String secretAccessKey) {
    AwsCredentials credentials = AwsCredentials.of(accessKeyId, secretAccessKey);
    return new SesAccount(region, () -> credentials);
  }

  /**
   * Starts a channel that sends by the API of Amazon SES, with what the host's own credentials
   * provider says, for roles whose keys expire.
   *
   * @param region where the sender is verified, such as {@code eu-west-1}
   * @param credentials asked before every message, from several threads; should remember what it
   *     knows. An exception of it is a transient failure
   * @throws IllegalArgumentException if it is no region
   */
  public static SesAccount ses(String region, Supplier<AwsCredentials> credentials) {
    return new SesAccount(region, credentials);
  }

  /**
   * Sends by the first provider; by the next one if the one before it certainly did not take a
   * message, because it could not be reached, was busy or is set up wrongly, or because it has no
   * way to carry something in it.
   *
   * <p>After a lost answer the message is left to the channel's retries. What is refused for the
   * message's or the recipient's own sake is final. A provider stands at the end of the line for a
   * minute after a lost answer, a fault of its settings or three passing failures in a row; then
   * one message tries it again.
   *
   * @param first the channel of one provider, as the other methods of this class make it
   * @param more others of the same id
   * @throws IllegalArgumentException if their ids differ
   */
  public static ChannelFactory failOver(ChannelFactory first, ChannelFactory... more) {
    return line(false, first, more);
  }

  /**
   * Sends by each provider in turn, and fails over as {@link #failOver} does.
   *
   * @param first the channel of one provider, as the other methods of this class make it
   * @param more others of the same id
   * @throws IllegalArgumentException if their ids differ
   */
  public static ChannelFactory roundRobin(ChannelFactory first, ChannelFactory... more) {
    return line(true, first, more);
  }

  private static ChannelFactory line(
      boolean roundRobin, ChannelFactory first, ChannelFactory... more) {
    List<ChannelFactory> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return new EmailLineFactory(all, roundRobin, InstantSource.system());
  }

  /**
   * Returns a mail that came to the sender's address as a callback for {@link
   * dev.notifier.Notifier#callbacks}: a report of non-delivery (RFC 3464) or a complaint (RFC
   * 5965). Any other mail changes nothing.
   *
   * <p>Mail can be forged, so that a report counts only if it names a delivery by its id, which
   * nobody can guess who did not get the message or a copy of it.
   *
   * @param mail as it was received, headers and all; of more than 1,048,576 bytes the rest is left
   *     out
   */
  public static CallbackRequest bounceMail(byte[] mail) {
    return BounceMails.request(mail);
  }
}
