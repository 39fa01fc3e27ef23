package dev.notifier.channel.email;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Reads the file that says whose certificates are trusted. */
final class TrustStore {
  private static final byte[] PEM = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);

  private TrustStore() {}

  /**
   * Returns a context that trusts what the file holds, and nobody else.
   *
   * @param password of a PKCS #12 or JKS file; null for PEM and for a file without
   * @throws IllegalArgumentException if the file cannot be read, or holds no certificate
   */
  static SSLContext read(Path file, @Nullable String password) {
    try {
      KeyStore store = isPem(file) ? pem(file) : keyStore(file, password);
      if (store.size() == 0) {
        throw new IllegalArgumentException(
            "trust store " + file + " holds no certificate, or needs its password to show it");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "trust store " + file + " is no PEM, PKCS #12 or JKS file that can be read: " + e, e);
    }
  }

  private static boolean isPem(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(PEM.length), PEM);
    }
  }

  private static KeyStore pem(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("certificate-" + store.size(), one);
      }
    }
    return store;
  }

  private static KeyStore keyStore(Path file, @Nullable String password)
      throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(file.toFile(), password == null ? null : password.toCharArray());
  }
}
