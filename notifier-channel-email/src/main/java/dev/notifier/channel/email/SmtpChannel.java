package dev.notifier.channel.email;

import dev.notifier.Address;
import dev.notifier.CallbackRequest;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.channel.email.SmtpServer.Outcome;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Composes each message and hands it to the carrier, which keeps its connections.
 *
 * <p>Thread-safe. With {@link SmtpTransport} an interrupt closes the connection: before the final
 * dot the attempt is then a transient failure, after it an ambiguous one.
 */
final class SmtpChannel implements Channel {
  /** More than any honest server needs: all its time-outs, and 14 MB over a slow line. */
  private static final Duration LONGEST_CONVERSATION = Duration.ofMinutes(30);

  private static final ChannelId EMAIL = ChannelId.of("email");
  private static final int USUAL_SIZE = 4096;
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private final MessageSettings settings;
  private final InstantSource clock;
  private final MailCarrier carrier;

  SmtpChannel(MessageSettings settings, InstantSource clock, MailCarrier carrier) {
    this.settings = settings;
    this.clock = clock;
    this.carrier = carrier;
  }

  SmtpChannel(SmtpSettings settings) {
    this(settings, InstantSource.system(), System::nanoTime, LONGEST_CONVERSATION);
  }

  /** Creates a channel with other clocks and another limit, for tests. */
  SmtpChannel(
      SmtpSettings settings,
      InstantSource clock,
      LongSupplier nanos,
      Duration longestConversation) {
    this(settings.message(), clock, new SmtpTransport(settings, nanos, longestConversation));
  }

  // --- Sending ----------------------------------------------------------------------------------

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
    SmtpMail mail;
    try {
      MimeMail composed = mailOf(attempt);
      carrier.check(composed.message());
      mail = written(composed);
    } catch (InvalidNotificationException e) { // an interceptor may have changed the content
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
    Outcome outcome = carrier.send(mail);
    return outcome.result() instanceof Accepted
        ? accepted(mail, outcome)
        : masked(outcome.result(), attempt, mail);
  }

  private MimeMail mailOf(DeliveryAttempt attempt) {
    return new MimeMail(EmailMessage.of(attempt, settings), clock.instant());
  }

  /** In memory, so that what cannot be composed is found out before a server hears of it. */
  private static SmtpMail written(MimeMail mail) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(USUAL_SIZE);
    mail.writeTo(content);
    return new SmtpMail(
        mail.message().envelopeFrom(),
        mail.message().recipients(),
        mail.message().messageId(),
        /* eightBit= */ false,
        content.toByteArray());
  }

  private static DeliveryResult accepted(SmtpMail mail, Outcome outcome) {
    if (outcome.refused().isEmpty()) {
      return outcome.result();
    }
    String refused =
        outcome.refused().entrySet().stream()
            .map(
                one ->
                    masked(mail.recipients().get(one.getKey()))
                        + " ("
                        + (one.getValue().code() + " " + one.getValue().status()).strip()
                        + ")")
            .sorted()
            .collect(Collectors.joining(", "));
    return DeliveryResult.accepted(
        mail.messageId(), "accepted by the provider, but not for " + refused);
  }

  private static String masked(EnvelopeAddress address) {
    return new Address(EMAIL, address.text()).masked();
  }

  /** Servers like to quote the address, as it was sent to them or in small letters. */
  private static DeliveryResult masked(
      DeliveryResult result, DeliveryAttempt attempt, SmtpMail mail) {
    String reason = maskedIn(result.reason(), attempt, mail);
    if (result instanceof Permanent failure) {
      return new Permanent(reason, failure.suppressRecipient(), failure.configurationFault());
    }
    if (result instanceof Transient failure) {
      return new Transient(reason, failure.retryAfter());
    }
    return result instanceof Ambiguous ? new Ambiguous(reason) : result;
  }

  /** The longest first, for one address may be the end of another. */
  private static String maskedIn(String reason, DeliveryAttempt attempt, SmtpMail mail) {
    Map<String, String> masks = new TreeMap<>(LONGEST_FIRST);
    mail.recipients().forEach(recipient -> masks.put(recipient.text(), masked(recipient)));
    masks.put(mail.recipients().get(0).text(), attempt.address().masked());
    masks.put(attempt.address().value(), attempt.address().masked());
    String text = reason;
    for (Map.Entry<String, String> mask : masks.entrySet()) {
      text =
          Pattern.compile(
                  Pattern.quote(mask.getKey()), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
              .matcher(text)
              .replaceAll(Matcher.quoteReplacement(mask.getValue()));
    }
    return text;
  }

  // --- Around it --------------------------------------------------------------------------------

  @Override
  public void check(DeliveryAttempt attempt) {
    carrier.check(mailOf(attempt).message());
  }

  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    return carrier.policy(defaults);
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    if (!BounceMails.isOne(request)) {
      throw InvalidCallbackException.malformed("SMTP has no callbacks but mails that bounce");
    }
    return BounceMails.receive(request);
  }

  @Override
  public Verification verify() {
    return carrier.verify();
  }

  @Override
  public void close() {
    carrier.close();
  }

  /** Returns the id and the servers, never the credentials. */
  @Override
  public String toString() {
    return "SmtpChannel[" + settings.channel() + " by " + carrier + "]";
  }
}
