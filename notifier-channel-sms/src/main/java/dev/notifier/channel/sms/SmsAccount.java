package dev.notifier.channel.sms;

import dev.notifier.InvalidNotificationException;
import dev.notifier.http.HttpSender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One account with a provider: a channel of its own, or one of several in {@link
 * SmsChannel#failover}. Not thread-safe.
 *
 * @param <F> the type that the calls return
 */
public abstract sealed class SmsAccount<F extends SmsAccount<F>> extends SmsChannelFactory<F>
    permits TwilioAccount, VonageAccount {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final HttpSender.Builder http = HttpSender.builder();
  private HttpUrl base;
  private @Nullable String defaultRegion;
  private @Nullable Sender sender;
  private @Nullable String callbackUrl;

  SmsAccount(String baseUrl) {
    this.base = HttpUrl.get(baseUrl);
  }

  abstract SmsGateway gateway(HttpSender http, InstantSource clock);

  /** Fails if a part is missing. */
  abstract void checkComplete();

  /**
   * Sets the sender: a phone number, a short code of 3 to 8 digits, or a name of at most 11
   * letters, digits, spaces and {@code &_+-}. Many countries refuse or replace names.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public F from(String sender) {
    try {
      this.sender = Sender.of(sender, defaultRegion);
    } catch (InvalidNotificationException e) {
      throw new IllegalArgumentException(
          e.getMessage()
              + (defaultRegion == null ? "; a national number needs defaultRegion(...) first" : ""),
          e);
    }
    return self();
  }

  /**
   * Sets the country of a sender's number that is written without its code. None by default.
   *
   * @param region two letters of ISO 3166-1, such as {@code DE}
   * @throws IllegalArgumentException if there is no such region
   */
  public F defaultRegion(String region) {
    PhoneNumbers.checkRegion(region);
    this.defaultRegion = region;
    return self();
  }

  /**
   * Sets where the provider reports what became of a message: the public URL by which it reaches
   * the host's own server, which hands the request to {@link dev.notifier.Notifier#callbacks}. By
   * default the settings of the account decide.
   *
   * <p>Twilio signs this URL. Set it, too, where a proxy makes the host's server see another one.
   *
   * @throws IllegalArgumentException if it is no http or https URL, or its host has an underscore
   */
  public F statusCallback(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || parsed.host().contains("_") || url.contains("#")) {
      throw new IllegalArgumentException(
          "statusCallback must be an http or https URL whose host has no underscore, and without"
              + " fragment, but the one given, of "
              + url.length()
              + " characters, is not");
    }
    this.callbackUrl = url;
    return self();
  }

  /**
   * Sets where the provider's API is, such as that of another region. Defaults to the provider's
   * own address.
   *
   * @throws IllegalArgumentException if it is neither https nor on this machine: the credentials go
   *     there
   */
  public F baseUrl(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || !(parsed.isHttps() || LOOPBACK.contains(parsed.host()))) {
      throw new IllegalArgumentException(
          "baseUrl must be an https URL, or an http URL on localhost, since credentials go there,"
              + " but the one given, of "
              + url.length()
              + " characters, is not");
    }
    this.base = parsed;
    return self();
  }

  /**
   * Sets how long connecting may take. Defaults to 5 seconds.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F connectTimeout(Duration timeout) {
    http.connectTimeout(timeout);
    return self();
  }

  /**
   * Sets how long the provider may be silent while it owes an answer. Defaults to 20 seconds.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F readTimeout(Duration timeout) {
    http.readTimeout(timeout);
    return self();
  }

  /**
   * Sets how long a call may take in all. Defaults to 30 seconds.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F callTimeout(Duration timeout) {
    http.callTimeout(timeout);
    return self();
  }

  HttpUrl base() {
    return base;
  }

  Optional<Sender> sender() {
    return Optional.ofNullable(sender);
  }

  Optional<String> callbackUrl() {
    return Optional.ofNullable(callbackUrl);
  }

  @Override
  boolean inTurn() {
    return false;
  }

  @Override
  List<SmsGateway> gateways(InstantSource clock) {
    return List.of(gateway(clock));
  }

  SmsGateway gateway(InstantSource clock) {
    checkComplete();
    return gateway(http.clock(clock).build(), clock);
  }
}
