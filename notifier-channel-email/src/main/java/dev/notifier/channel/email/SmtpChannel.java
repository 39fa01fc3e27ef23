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
import dev.notifier.Verification.Verdict;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Composes each message and hands it to the transport, which keeps its connections.
 *
 * <p>Thread-safe. An interrupt closes the connection: before the final dot the attempt is then a
 * transient failure, after it an ambiguous one.
 */
final class SmtpChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(SmtpChannel.class);

  /** More than any honest server needs: all its time-outs, and 14 MB over a slow line. */
  private static final Duration LONGEST_CONVERSATION = Duration.ofMinutes(30);

  private static final ChannelId EMAIL = ChannelId.of("email");
  private static final int USUAL_SIZE = 4096;
  private static final Comparator<String> LONGEST_FIRST =
      Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder());

  private final SmtpSettings settings;
  private final InstantSource clock;
  private final SmtpTransport transport;

  SmtpChannel(SmtpSettings settings) {
    this(settings, InstantSource.system(), System::nanoTime, LONGEST_CONVERSATION);
  }

  /** Creates a channel with other clocks and another limit, for tests. */
  SmtpChannel(
      SmtpSettings settings,
      InstantSource clock,
      LongSupplier nanos,
      Duration longestConversation) {
    this.settings = settings;
    this.clock = clock;
    this.transport = new SmtpTransport(settings, nanos, longestConversation);
    if (settings.usesPlaintext()) {
      log.warn(
          "channel '{}' sends to {} without encryption, as it was told",
          settings.id,
          settings.serverNames());
    }
  }

  // --- Sending ----------------------------------------------------------------------------------

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
    SmtpMail mail;
    try {
      mail = composed(mailOf(attempt));
    } catch (InvalidNotificationException e) { // an interceptor may have changed the content
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
    Outcome outcome = transport.send(mail);
    return outcome.result() instanceof Accepted
        ? accepted(mail, outcome)
        : masked(outcome.result(), attempt, mail);
  }

  private MimeMail mailOf(DeliveryAttempt attempt) {
    return new MimeMail(EmailMessage.of(attempt, settings.message()), clock.instant());
  }

  /** In memory, so that what cannot be composed is found out before a server hears of it. */
  private SmtpMail composed(MimeMail mail) throws IOException {
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
    mailOf(attempt);
  }

  /** Works no more messages at a time than there may be connections. */
  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    int connections = settings.pooling.connections();
    return connections == 0 ? defaults : defaults.toBuilder().concurrency(connections).build();
  }

  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    if (!BounceMails.isOne(request)) {
      throw InvalidCallbackException.malformed("SMTP has no callbacks but mails that bounce");
    }
    return BounceMails.receive(request);
  }

  /**
   * Connects and logs in to every server. Works if one does and none refuses the settings, for then
   * messages get out.
   */
  @Override
  public Verification verify() {
    List<Verification> findings = transport.servers().stream().map(this::verify).toList();
    String details =
        findings.stream().map(Verification::detail).collect(Collectors.joining("; also "));
    return new Verification(verdictOf(findings), details);
  }

  private static Verdict verdictOf(List<Verification> findings) {
    List<Verdict> verdicts = findings.stream().map(Verification::verdict).toList();
    if (verdicts.contains(Verdict.REFUSED)) {
      return Verdict.REFUSED;
    }
    return verdicts.contains(Verdict.WORKS) ? Verdict.WORKS : Verdict.UNREACHABLE;
  }

  private Verification verify(SmtpServer server) {
    SmtpConnection connection = server.newConnection();
    try {
      connection.open();
      String login = settings.credentials == null ? "" : " and takes the credentials";
      return Verification.works(server.address() + " answers" + login);
    } catch (IOException e) {
      DeliveryResult result =
          SmtpReplyClassifier.classify(connection.stage(), connection.reply(), e);
      String advice = SmtpDiagnosis.of(settings, connection.stage(), connection.reply(), e);
      String detail =
          server.address()
              + ": "
              + (advice.isEmpty() ? result.reason() : advice + " (" + result.reason() + ")");
      return result instanceof Permanent
          ? Verification.refused(detail)
          : Verification.unreachable(detail);
    } finally {
      connection.close();
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Returns the id and the servers, never the credentials. */
  @Override
  public String toString() {
    return "SmtpChannel[" + settings.id + " by " + settings.serverNames() + "]";
  }
}
