package dev.notifier.channel.sms;

import dev.notifier.ConfigurationException;
import dev.notifier.http.HttpSender;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An account with Vonage: made by {@link SmsChannel#vonage}. Not thread-safe. */
public final class VonageAccount extends SmsAccount<VonageAccount> {
  private final String apiKey;
  private final String apiSecret;
  private VonageSignature signatureMethod = VonageSignature.HMAC_SHA256;
  private @Nullable String signatureSecret;

  VonageAccount(String apiKey, String apiSecret) {
    super("https://rest.nexmo.com");
    this.apiKey = Secrets.checked("API key", apiKey);
    this.apiSecret = Secrets.checked("API secret", apiSecret);
  }

  /**
   * Sets how delivery receipts are signed. Without it they are all refused, since anybody could
   * have sent them.
   *
   * @param method the signature method in the settings of the Vonage dashboard
   * @param secret the signature secret there, which is not the API secret
   * @throws IllegalArgumentException if the secret is blank or has white space at an end
   */
  public VonageAccount signature(VonageSignature method, String secret) {
    this.signatureMethod = Objects.requireNonNull(method, "method");
    this.signatureSecret = Secrets.checked("signature secret", secret);
    return this;
  }

  @Override
  VonageAccount self() {
    return this;
  }

  @Override
  void checkComplete() {
    if (sender().isEmpty()) {
      throw new ConfigurationException(
          "the Vonage account has no sender: call from(...), or set from");
    }
  }

  @Override
  SmsGateway gateway(HttpSender http, InstantSource clock) {
    return new VonageGateway(this, http, clock);
  }

  Sender usualSender() {
    return sender().orElseThrow();
  }

  String apiKey() {
    return apiKey;
  }

  String apiSecret() {
    return apiSecret;
  }

  VonageSignature signatureMethod() {
    return signatureMethod;
  }

  Optional<String> signatureSecret() {
    return Optional.ofNullable(signatureSecret);
  }
}
