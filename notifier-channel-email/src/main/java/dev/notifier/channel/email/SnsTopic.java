package dev.notifier.channel.email;

import dev.notifier.spi.InvalidCallbackException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * One topic of Amazon SNS, and the only host that may speak for it.
 *
 * <p>Whoever sends a message names the URLs of its certificate and of its confirmation. Trusting
 * more than this one host, in the topic's own region, lets anybody sign with a certificate of his
 * own, or send our requests to where he likes.
 *
 * @param arn {@code arn:aws:sns:region:account:name}
 * @param host the host of its region
 */
record SnsTopic(String arn, String host) {
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]{0,20}:sns:([a-z]{2,4}(?:-[a-z]{2,20}){1,3}-[0-9]{1,2}):[0-9]{12}"
              + ":[A-Za-z0-9_.-]{1,256}");
  private static final Pattern CERTIFICATE =
      Pattern.compile("/SimpleNotificationService-[A-Za-z0-9]{1,128}\\.pem");

  /**
   * Reads a topic's name.
   *
   * @throws IllegalArgumentException if it is none
   */
  static SnsTopic parse(String arn) {
    Matcher parts = ARN.matcher(arn);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "an SNS topic must be named like arn:aws:sns:eu-west-1:123456789012:mail-events, but was "
              + HeaderText.quoted(arn));
    }
    return new SnsTopic(arn, "sns." + parts.group(1) + "." + AwsRegion.domain(parts.group(1)));
  }

  /** Returns where a certificate is, if that is where Amazon keeps those of this topic. */
  HttpUrl certificateUrl(String text) {
    HttpUrl url = ownUrl("SigningCertURL", text);
    if (url.query() != null || !CERTIFICATE.matcher(url.encodedPath()).matches()) {
      throw InvalidCallbackException.forged(
          "the SigningCertURL names no certificate of Amazon SNS");
    }
    return url;
  }

  /** Returns where to confirm a subscription, if that is with this topic's own host. */
  HttpUrl subscribeUrl(String text) {
    HttpUrl url = ownUrl("SubscribeURL", text);
    if (!"ConfirmSubscription".equals(url.queryParameter("Action"))
        || !arn.equals(url.queryParameter("TopicArn"))) {
      throw InvalidCallbackException.forged("the SubscribeURL confirms no subscription to " + arn);
    }
    return url;
  }

  private HttpUrl ownUrl(String what, String text) {
    HttpUrl url = HttpUrl.parse(text);
    boolean own =
        url != null
            && url.isHttps()
            && url.host().equals(host)
            && url.port() == HttpUrl.defaultPort("https")
            && url.username().isEmpty()
            && url.password().isEmpty()
            && url.fragment() == null;
    if (!own) {
      throw InvalidCallbackException.forged("the " + what + " is not one of https://" + host);
    }
    return url;
  }
}
