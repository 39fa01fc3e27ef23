package dev.notifier.channel.sms;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signature of Twilio's callbacks: HMAC-SHA1, by the account's auth token, over the URL and the
 * sorted parameters of the form.
 *
 * @see <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio, validating
 *     requests</a>
 */
final class TwilioSignature {
  private static final Pattern URL =
      Pattern.compile("(?is)(https?)://((?:[^/?#@]*@)?(?:\\[[^\\]/?#]*]|[^:/?#]*))(?::\\d*)?(.*)");

  private final String authToken;

  TwilioSignature(String authToken) {
    this.authToken = authToken;
  }

  /** Tells whether Twilio signed this, whether or not it put the port into the URL. */
  boolean matches(String signature, String url, Map<String, List<String>> form) {
    String parameters = concatenated(form);
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      return false;
    }
    String start = parts.group(1) + "://" + parts.group(2);
    String usualPort = parts.group(1).equalsIgnoreCase("https") ? ":443" : ":80";
    boolean matches = false;
    for (String variant :
        List.of(url, start + parts.group(3), start + usualPort + parts.group(3))) {
      matches |= Secrets.same(signature, sign(variant + parameters)); // no early end: constant time
    }
    return matches;
  }

  private String sign(String text) {
    return Base64.getEncoder().encodeToString(Secrets.hmac("HmacSHA1", authToken, text));
  }

  /** Of a value that comes twice under one name, one counts. */
  private static String concatenated(Map<String, List<String>> form) {
    StringBuilder text = new StringBuilder();
    form.forEach(
        (name, values) -> new TreeSet<>(values).forEach(value -> text.append(name).append(value)));
    return text.toString();
  }
}
