package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/** SendGrid's event webhook, with a key of its own. */
final class FakeEvents {
  private final KeyPair keys;

  FakeEvents() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String publicKey() {
    return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
  }

  CallbackRequest signed(String body, Instant time) {
    return signed(body, Long.toString(time.getEpochSecond()));
  }

  CallbackRequest signed(String body, String timestamp) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update((timestamp + body).getBytes(StandardCharsets.UTF_8));
      return CallbackRequest.of("POST", "https://shop.example/mail/events")
          .header("Content-Type", "application/json")
          .header(
              "X-Twilio-Email-Event-Webhook-Signature",
              Base64.getEncoder().encodeToString(signature.sign()))
          .header("X-Twilio-Email-Event-Webhook-Timestamp", timestamp)
          .body(body.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
