package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.NoReply;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what Amazon SNS posts: verifies it, confirms subscriptions to the topics that were allowed,
 * and hands on what was published to them. Thread-safe.
 *
 * <p>A signature proves only that somebody published with Amazon SNS, which anybody can; therefore
 * the topics are listed.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html">AWS,
 *     verifying the signatures of messages</a>
 */
final class SnsInbox {
  private static final Logger log = LoggerFactory.getLogger(SnsInbox.class);

  private static final String TYPE = "x-amz-sns-message-type";
  private static final String RAW = "x-amz-sns-rawdelivery";

  /** SNS delivers for an hour at most; the rest is for clocks. */
  private static final Duration OLDEST = Duration.ofMinutes(65);

  private static final Duration NEWEST = Duration.ofMinutes(5);

  private final Map<String, SnsTopic> topics;
  private final Function<Request, HttpOutcome> http;
  private final SnsCertificates certificates;
  private final InstantSource clock;

  SnsInbox(Collection<SnsTopic> topics, Function<Request, HttpOutcome> http, InstantSource clock) {
    this.topics = topics.stream().collect(Collectors.toUnmodifiableMap(SnsTopic::arn, t -> t));
    this.http = http;
    this.certificates = new SnsCertificates(http, clock);
    this.clock = clock;
  }

  /**
   * Takes a request.
   *
   * @return what was published, if it is about that
   * @throws InvalidCallbackException if it is not a genuine message of an allowed topic
   */
  Optional<String> receive(CallbackRequest request) {
    String type =
        request
            .header(TYPE)
            .orElseThrow(() -> InvalidCallbackException.malformed("no " + TYPE + " header"));
    if (request.header(RAW).isPresent()) {
      throw InvalidCallbackException.forged(
          "raw messages of SNS are not signed: turn raw message delivery off");
    }
    SnsMessage message = SnsMessage.parse(request.body());
    if (!type.equals(message.type())) {
      throw InvalidCallbackException.forged(
          "the " + TYPE + " header and the Type of the SNS message differ");
    }
    SnsTopic topic = topicOf(message);
    verify(message, topic);
    return switch (type) {
      case SnsMessage.NOTIFICATION -> Optional.of(message.message());
      case SnsMessage.SUBSCRIPTION -> confirm(message, topic);
      default -> {
        log.warn("the subscription to {} has ended: no more events will come", topic.arn());
        yield Optional.empty();
      }
    };
  }

  private SnsTopic topicOf(SnsMessage message) {
    SnsTopic topic = topics.get(message.topicArn());
    if (topic == null) {
      throw InvalidCallbackException.forged(
          "the topic "
              + HeaderText.quoted(message.topicArn())
              + " is not allowed: call eventTopic(...) with those that are");
    }
    return topic;
  }

  private void verify(SnsMessage message, SnsTopic topic) {
    HttpUrl certificate = topic.certificateUrl(message.signingCertUrl());
    checkAge(message);
    if (!isSigned(message, certificates.keyAt(certificate))) {
      throw InvalidCallbackException.forged("the signature of the SNS message is wrong");
    }
  }

  private void checkAge(SnsMessage message) {
    Duration age = Duration.between(message.timestamp(), clock.instant());
    if (age.compareTo(OLDEST) > 0 || age.compareTo(NEWEST.negated()) < 0) {
      throw InvalidCallbackException.forged(
          "the SNS message is "
              + age.toSeconds()
              + " seconds old by this clock; at most "
              + OLDEST.toSeconds()
              + " are allowed");
    }
  }

  private static boolean isSigned(SnsMessage message, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(message.signatureAlgorithm());
      signature.initVerify(key);
      signature.update(message.signedText().getBytes(StandardCharsets.UTF_8));
      return signature.verify(message.signature());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private Optional<String> confirm(SnsMessage message, SnsTopic topic) {
    HttpUrl url = topic.subscribeUrl(message.subscribeUrl());
    HttpOutcome outcome = http.apply(new Request.Builder().url(url).build());
    if (!(outcome instanceof HttpReply reply) || reply.status() != 200) {
      throw InvalidCallbackException.unverifiable(
          "the subscription to " + topic.arn() + " was not confirmed: " + wordsOf(outcome));
    }
    log.info("confirmed the subscription to {}", topic.arn());
    return Optional.empty();
  }

  private static String wordsOf(HttpOutcome outcome) {
    return outcome instanceof HttpReply reply
        ? "HTTP " + reply.status()
        : ((NoReply) outcome).reason();
  }
}
