package dev.notifier.channel.sms;

import java.nio.charset.StandardCharsets;

/**
 * How an account signs its delivery receipts: the signature method in the settings of the Vonage
 * dashboard.
 *
 * @see <a href="https://developer.vonage.com/en/getting-started/concepts/signing-messages">Vonage,
 *     signing messages</a>
 */
public enum VonageSignature {
  /** MD5 over the parameters and the secret. Weak: choose another in the dashboard. */
  MD5_HASH {
    @Override
    byte[] sign(String text, String secret) {
      return Secrets.hash("MD5", (text + secret).getBytes(StandardCharsets.UTF_8));
    }
  },
  /** HMAC with MD5. */
  HMAC_MD5 {
    @Override
    byte[] sign(String text, String secret) {
      return Secrets.hmac("HmacMD5", secret, text);
    }
  },
  /** HMAC with SHA-1. */
  HMAC_SHA1 {
    @Override
    byte[] sign(String text, String secret) {
      return Secrets.hmac("HmacSHA1", secret, text);
    }
  },
  /** HMAC with SHA-256. */
  HMAC_SHA256 {
    @Override
    byte[] sign(String text, String secret) {
      return Secrets.hmac("HmacSHA256", secret, text);
    }
  },
  /** HMAC with SHA-512. */
  HMAC_SHA512 {
    @Override
    byte[] sign(String text, String secret) {
      return Secrets.hmac("HmacSHA512", secret, text);
    }
  };

  abstract byte[] sign(String text, String secret);
}
