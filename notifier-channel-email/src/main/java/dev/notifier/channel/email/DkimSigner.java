package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Signs messages in the name of a domain, so that receivers can tell them from forged ones. The
 * public half of the key has to stand in the DNS at {@code selector._domainkey.domain}.
 *
 * <p>RSA (rsa-sha256) and Ed25519 (ed25519-sha256). Headers and body are canonicalised as {@code
 * relaxed}; the length of the body is not limited ({@code l=}). A header that an attacker could add
 * a second of, such as {@code From}, is signed once more than it is there. The same message, with
 * the same date, has the same signature. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6376">RFC 6376</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8463">RFC 8463</a>, Ed25519
 */
public final class DkimSigner {
  private static final Pattern DNS_NAME =
      Pattern.compile("(?=.{1,253}$)[a-zA-Z0-9_-]{1,63}(?:\\.[a-zA-Z0-9_-]{1,63})*");

  private static final Pattern HEADER_NAME = Pattern.compile("[\\x21-\\x39\\x3c-\\x7e]{1,76}");

  /** RFC 6376, 5.4.1, and what RFC 8058 and readers rely on; each as often as it is there. */
  private static final List<String> SIGNED_IF_PRESENT =
      List.of(
          "From",
          "Reply-To",
          "To",
          "Cc",
          "Subject",
          "Date",
          "Message-ID",
          "In-Reply-To",
          "References",
          "List-Id",
          "List-Unsubscribe",
          "List-Unsubscribe-Post",
          "Auto-Submitted",
          "MIME-Version",
          "Content-Type",
          "Content-Transfer-Encoding");

  /** Of which none may be added on the way: RFC 6376, 8.15. */
  private static final Set<String> SIGNED_ONCE_MORE =
      Set.of("from", "reply-to", "to", "cc", "subject", "date", "content-type");

  private static final int LINE = 76;

  private final String domain;
  private final String selector;
  private final PrivateKey key;
  private final List<String> names;

  private DkimSigner(String domain, String selector, PrivateKey key, List<String> names) {
    this.domain = domain;
    this.selector = selector;
    this.key = key;
    this.names = names;
  }

  /** What writes a body, the same bytes each time. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  // --- Making one -------------------------------------------------------------------------------

  /**
   * Returns a signer with the key in this text.
   *
   * @param domain the domain to sign for, in ASCII; the one of {@code From}, or a parent of it, for
   *     DMARC
   * @param selector which of the domain's keys it is
   * @param pem a private key as {@code openssl genpkey} or {@code opendkim-genkey} writes it: PKCS
   *     #8 ({@code BEGIN PRIVATE KEY}) with RSA or Ed25519, or PKCS #1 ({@code BEGIN RSA PRIVATE
   *     KEY}); not encrypted; RSA with 1,024 bits at least (2,048 are advised: RFC 8301)
   * @throws ConfigurationException if the names or the key are not as they must be; the message
   *     holds nothing of the key
   */
  public static DkimSigner pem(String domain, String selector, String pem) {
    return new DkimSigner(
        checkDnsName("domain", domain),
        checkDnsName("selector", selector),
        PemKey.read(pem),
        SIGNED_IF_PRESENT);
  }

  /**
   * Returns a signer with the key in a file, which is read now; see {@link #pem}.
   *
   * @throws ConfigurationException if the file cannot be read, or as {@link #pem} does
   */
  public static DkimSigner file(String domain, String selector, Path pem) {
    try {
      return pem(domain, selector, Files.readString(pem, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new ConfigurationException(
          "the DKIM key file " + pem + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static String checkDnsName(String what, String name) {
    if (!DNS_NAME.matcher(name).matches()) {
      throw new ConfigurationException(
          "the DKIM "
              + what
              + " must be a name in the DNS, in ASCII, but was "
              + HeaderText.quoted(name));
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns this signer, which signs these headers too where a message has them. Signed without
   * being named: From, Reply-To, To, Cc, Subject, Date, Message-ID, In-Reply-To, References,
   * List-Id, List-Unsubscribe, List-Unsubscribe-Post, Auto-Submitted, MIME-Version, Content-Type
   * and Content-Transfer-Encoding.
   *
   * @throws ConfigurationException if one is no name of a header, or belongs to those that change
   *     on the way ({@code Received}, {@code Return-Path}, {@code DKIM-Signature})
   */
  public DkimSigner alsoSigning(String... headers) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(names);
    List<String> more = new ArrayList<>(names);
    for (String header : headers) {
      boolean changes =
          Set.of("received", "return-path", "dkim-signature")
              .contains(header.toLowerCase(Locale.ROOT));
      if (changes || !HEADER_NAME.matcher(header).matches()) {
        throw new ConfigurationException(
            "DKIM cannot sign a header with the name " + HeaderText.quoted(header));
      }
      if (known.add(header)) {
        more.add(header);
      }
    }
    return new DkimSigner(domain, selector, key, List.copyOf(more));
  }

  // --- Signing ----------------------------------------------------------------------------------

  /**
   * Returns the header {@code DKIM-Signature}, folded, without the line break at its end.
   *
   * @throws IOException if the body could not be written
   */
  String signatureOf(HeaderLines headers, Body body, Instant time) throws IOException {
    DkimBodyHash hash = new DkimBodyHash();
    body.writeTo(hash);
    List<String> names = new ArrayList<>();
    StringBuilder signed = new StringBuilder(2048);
    for (String name : this.names) {
      addHeaders(name, headers.lines(), names, signed);
    }
    String header = unsigned(names, hash.result(), time);
    signed.append(relaxed(header));
    String signature = sign(signed.toString().getBytes(StandardCharsets.UTF_8));
    return header + signature.replaceAll("(.{" + (LINE - 1) + "})(?=.)", "$1\r\n ");
  }

  /** The last of several comes first: RFC 6376, 5.4.2. */
  private static void addHeaders(
      String name, List<String> lines, List<String> names, StringBuilder signed) {
    String start = name + ':';
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).regionMatches(true, 0, start, 0, start.length())) {
        names.add(name);
        signed.append(relaxed(lines.get(i))).append("\r\n");
      }
    }
    if (SIGNED_ONCE_MORE.contains(name.toLowerCase(Locale.ROOT))) {
      names.add(name); // adds nothing to what is signed, for as long as nobody adds one
    }
  }

  private String unsigned(List<String> names, String bodyHash, Instant time) {
    StringBuilder header = new StringBuilder("DKIM-Signature: v=1; a=");
    header.append(key.getAlgorithm().equals("RSA") ? "rsa-sha256" : "ed25519-sha256");
    header.append("; c=relaxed/relaxed; d=").append(domain);
    header.append(";\r\n s=").append(selector).append("; t=").append(time.getEpochSecond());
    header.append(";\r\n h=");
    int start = header.length() - 3;
    for (int i = 0; i < names.size(); i++) {
      String next = names.get(i) + (i < names.size() - 1 ? ":" : ";");
      if (header.length() - start + next.length() > LINE) {
        header.append("\r\n ");
        start = header.length() - 1;
      }
      header.append(next);
    }
    return header.append("\r\n bh=").append(bodyHash).append(";\r\n b=").toString();
  }

  /** RFC 6376, 3.4.2; the lines are ours, so that no space stands before a colon. */
  private static String relaxed(String line) {
    int colon = line.indexOf(':');
    StringBuilder relaxed = new StringBuilder(line.length());
    relaxed.append(line.substring(0, colon).toLowerCase(Locale.ROOT)).append(':');
    boolean space = false;
    boolean begun = false;
    for (int i = colon + 1; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        space = begun;
      } else {
        relaxed.append(space ? " " : "").append(c);
        space = false;
        begun = true;
      }
    }
    return relaxed.toString();
  }

  private String sign(byte[] bytes) {
    try {
      Signature signature =
          Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "Ed25519");
      signature.initSign(key);
      // RFC 8463, 3: Ed25519 signs the hash, as if it were the message.
      signature.update(key.getAlgorithm().equals("RSA") ? bytes : DkimBodyHash.sha256(bytes));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that could be read can sign", e);
    }
  }

  /** Returns the domain and the selector, never the key. */
  @Override
  public String toString() {
    return "DkimSigner[" + selector + "._domainkey." + domain + "]";
  }
}
