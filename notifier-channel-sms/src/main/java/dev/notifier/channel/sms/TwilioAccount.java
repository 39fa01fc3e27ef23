package dev.notifier.channel.sms;

import dev.notifier.ConfigurationException;
import dev.notifier.http.HttpSender;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An account with Twilio: made by {@link SmsChannel#twilio}. Not thread-safe. */
public final class TwilioAccount extends SmsAccount<TwilioAccount> {
  private final String sid;
  private final String authToken;
  private @Nullable String keySid;
  private @Nullable String keySecret;
  private @Nullable String messagingServiceSid;

  TwilioAccount(String accountSid, String authToken) {
    super("https://api.twilio.com");
    this.sid = checkedSid("account SID", "AC", accountSid);
    this.authToken = Secrets.checked("auth token", authToken);
  }

  private static String checkedSid(String what, String prefix, String sid) {
    if (!Pattern.matches(prefix + "[0-9a-fA-F]{32}", sid)) {
      throw new IllegalArgumentException(
          what
              + " must be "
              + prefix
              + " and 32 hexadecimal digits, but this one has "
              + sid.length()
              + " characters or other ones");
    }
    return sid;
  }

  /**
   * Sends with an API key instead of the auth token, which then only verifies callbacks.
   *
   * @param sid {@code SK} and 32 hexadecimal digits
   * @throws IllegalArgumentException if one of them cannot be right
   */
  public TwilioAccount apiKey(String sid, String secret) {
    this.keySid = checkedSid("API key SID", "SK", sid);
    this.keySecret = Secrets.checked("API key secret", secret);
    return this;
  }

  /**
   * Lets a messaging service choose the sender, unless {@link #from} names one of its senders.
   *
   * @param sid {@code MG} and 32 hexadecimal digits
   * @throws IllegalArgumentException if it is something else
   */
  public TwilioAccount messagingService(String sid) {
    this.messagingServiceSid = checkedSid("messaging service SID", "MG", sid);
    return this;
  }

  @Override
  TwilioAccount self() {
    return this;
  }

  @Override
  void checkComplete() {
    if (sender().isEmpty() && messagingServiceSid == null) {
      throw new ConfigurationException(
          "the Twilio account has no sender: call from(...) or messagingService(...), or set from or"
              + " messaging-service-sid");
    }
  }

  @Override
  SmsGateway gateway(HttpSender http, InstantSource clock) {
    return new TwilioGateway(this, http, clock);
  }

  String sid() {
    return sid;
  }

  String authToken() {
    return authToken;
  }

  String user() {
    return keySid == null ? sid : keySid;
  }

  String password() {
    return keySecret == null ? authToken : keySecret;
  }

  Optional<String> messagingServiceSid() {
    return Optional.ofNullable(messagingServiceSid);
  }
}
