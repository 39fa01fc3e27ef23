package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each message over a connection of its own.
 *
 * <p>Thread-safe. An interrupt closes the connection: before the final dot the attempt is then a
 * transient failure, after it an ambiguous one.
 */
final class SmtpChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(SmtpChannel.class);

  /** More than any honest server needs: all its time-outs, and 14 MB over a slow line. */
  private static final Duration LONGEST_CONVERSATION = Duration.ofMinutes(30);

  private final SmtpSettings settings;
  private final InstantSource clock;
  private final SmtpSockets sockets;
  private final Session asciiSession;
  private final Session utf8Session;

  SmtpChannel(SmtpSettings settings) {
    this(settings, InstantSource.system(), LONGEST_CONVERSATION);
  }

  /** Creates a channel with another clock and another limit, for tests. */
  SmtpChannel(SmtpSettings settings, InstantSource clock, Duration longestConversation) {
    this.settings = settings;
    this.clock = clock;
    this.sockets = new SmtpSockets(settings, longestConversation);
    this.asciiSession = Session.getInstance(properties(settings, false));
    this.utf8Session = Session.getInstance(properties(settings, true));
    if (settings.usesPlaintext()) {
      log.warn(
          "channel '{}' sends to {}:{} without encryption, as it was told",
          settings.id,
          settings.host,
          settings.port);
    }
  }

  private static Properties properties(SmtpSettings settings, boolean utf8) {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.from", settings.from.address().text());
    properties.setProperty("mail.smtp.auth", String.valueOf(settings.credentials != null));
    properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    properties.setProperty("mail.smtp.quitwait", "false"); // the message is accepted by then
    properties.setProperty("mail.mime.allowutf8", String.valueOf(utf8));
    String startTls = String.valueOf(settings.security == SmtpSecurity.STARTTLS);
    properties.setProperty("mail.smtp.starttls.enable", startTls);
    properties.setProperty("mail.smtp.starttls.required", startTls);
    properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3");
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    if (settings.sslContext != null) {
      properties.put("mail.smtp.ssl.socketFactory", settings.sslContext.getSocketFactory());
    }
    return properties;
  }

  // --- Sending ----------------------------------------------------------------------------------

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    MimeMail mail;
    try {
      mail = mailOf(attempt);
    } catch (InvalidNotificationException e) { // an interceptor may have changed the content
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
    return masked(exchange(mail), attempt, mail);
  }

  private MimeMail mailOf(DeliveryAttempt attempt) {
    return new MimeMail(EmailMessage.of(attempt, settings.message()), clock.instant());
  }

  private DeliveryResult exchange(MimeMail mail) {
    SmtpExchange exchange = newExchange(mail.message().needsUtf8());
    try {
      exchange.open();
      exchange.send(mail);
      return DeliveryResult.accepted(mail.message().messageId());
    } catch (IOException | MessagingException e) {
      return SmtpReplyClassifier.classify(exchange.stage(), exchange.reply(), e);
    } finally {
      exchange.end();
    }
  }

  private SmtpExchange newExchange(boolean needsUtf8) {
    return new SmtpExchange(needsUtf8 ? utf8Session : asciiSession, settings, sockets, needsUtf8);
  }

  /** Servers like to quote the address, as it was sent to them or in small letters. */
  private static DeliveryResult masked(
      DeliveryResult result, DeliveryAttempt attempt, MimeMail mail) {
    Pattern address =
        Pattern.compile(
            Stream.concat(
                    mail.message().recipients().stream().map(EnvelopeAddress::text),
                    Stream.of(attempt.address().value()))
                .map(Pattern::quote)
                .collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    String reason =
        address
            .matcher(result.reason())
            .replaceAll(Matcher.quoteReplacement(attempt.address().masked()));
    if (result instanceof Permanent failure) {
      // Of several recipients it is not known which one was refused.
      boolean suppress = failure.suppressRecipient() && !mail.message().hasCopies();
      return new Permanent(reason, suppress, failure.configurationFault());
    }
    if (result instanceof Transient failure) {
      return new Transient(reason, failure.retryAfter());
    }
    return result instanceof Ambiguous ? new Ambiguous(reason) : result;
  }

  // --- Around it --------------------------------------------------------------------------------

  @Override
  public void check(DeliveryAttempt attempt) {
    mailOf(attempt);
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
    SmtpExchange exchange = newExchange(false);
    try {
      exchange.open();
      return Verification.works(
          settings.host
              + ":"
              + settings.port
              + " answers"
              + (settings.credentials == null ? "" : " and takes the credentials"));
    } catch (IOException | MessagingException e) {
      DeliveryResult result = SmtpReplyClassifier.classify(exchange.stage(), exchange.reply(), e);
      return result instanceof Permanent
          ? Verification.refused(result.reason())
          : Verification.unreachable(result.reason());
    } finally {
      exchange.end();
    }
  }

  @Override
  public void close() {
    sockets.close();
  }

  /** Returns the id, the host and the port, never the credentials. */
  @Override
  public String toString() {
    return "SmtpChannel[" + settings.id + " by " + settings.host + ":" + settings.port + "]";
  }
}
