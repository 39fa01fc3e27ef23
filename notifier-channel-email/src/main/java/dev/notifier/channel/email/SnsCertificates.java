package dev.notifier.channel.email;

import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.spi.InvalidCallbackException;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The certificates with which Amazon SNS signs, fetched once each. Thread-safe.
 *
 * <p>A forger can make up names of certificates on Amazon's host. So few are kept, and few are
 * asked for in a minute.
 */
final class SnsCertificates {
  private static final int MOST_KEPT = 16;
  private static final int MOST_FETCHES = 10;
  private static final Duration FETCHES_PER = Duration.ofMinutes(1);

  private final Function<Request, HttpOutcome> http;
  private final InstantSource clock;

  /** Guarded by this; the one that came last goes last. */
  private final Map<HttpUrl, X509Certificate> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HttpUrl, X509Certificate> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private Instant countedSince = Instant.MIN; // guarded by this
  private int fetches; // guarded by this

  SnsCertificates(Function<Request, HttpOutcome> http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  /**
   * Returns the key of a certificate that is valid now.
   *
   * @param url checked by {@link SnsTopic#certificateUrl}
   * @throws InvalidCallbackException if there is no such certificate, or it cannot be had now
   */
  PublicKey keyAt(HttpUrl url) {
    X509Certificate certificate = kept(url);
    if (certificate == null) {
      certificate = fetch(url);
      keep(url, certificate);
    }
    try {
      certificate.checkValidity(Date.from(clock.instant()));
      return certificate.getPublicKey();
    } catch (CertificateException e) {
      throw InvalidCallbackException.forged("the certificate of the SNS message is not valid now");
    }
  }

  private synchronized @Nullable X509Certificate kept(HttpUrl url) {
    return kept.get(url);
  }

  private synchronized void keep(HttpUrl url, X509Certificate certificate) {
    kept.put(url, certificate);
  }

  private X509Certificate fetch(HttpUrl url) {
    countFetch();
    HttpOutcome outcome = http.apply(new Request.Builder().url(url).build());
    if (!(outcome instanceof HttpReply reply) || reply.status() >= 500 || reply.status() == 429) {
      throw InvalidCallbackException.unverifiable(
          "the certificate of the SNS message cannot be fetched now: " + outcome);
    }
    if (reply.status() != 200 || !reply.isComplete()) {
      throw InvalidCallbackException.forged(
          "there is no such certificate: " + url.host() + " answered HTTP " + reply.status());
    }
    return parse(reply.body());
  }

  private synchronized void countFetch() {
    Instant now = clock.instant();
    if (Duration.between(countedSince, now).compareTo(FETCHES_PER) >= 0) {
      countedSince = now;
      fetches = 0;
    }
    fetches++;
    if (fetches > MOST_FETCHES) {
      throw InvalidCallbackException.unverifiable(
          "more than " + MOST_FETCHES + " unknown certificates of SNS were named within a minute");
    }
  }

  private static X509Certificate parse(byte[] pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem));
    } catch (CertificateException e) {
      throw InvalidCallbackException.forged("the certificate of the SNS message cannot be read");
    }
  }
}
