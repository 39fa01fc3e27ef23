package dev.notifier.channel.email;

import static dev.notifier.channel.email.SecondParser.settings;
import static dev.notifier.channel.email.SecondParser.written;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.ConfigurationException;
import dev.notifier.Notification;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures, verified by Apache James jDKIM (RSA) and by {@link PlainDkimVerifier} (both). */
class DkimSignerTest {
  private static final KeyPair RSA = pair("RSA");
  private static final KeyPair ED25519 = pair("Ed25519");

  @TempDir private Path folder;

  private static KeyPair pair(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** A key for whoever needs one. */
  static String ed25519Pem() {
    return pem(ED25519.getPrivate());
  }

  private static DkimSigner signer(KeyPair pair) {
    return DkimSigner.pem("shop.example", "s2024", pem(pair.getPrivate()));
  }

  static Stream<Notification.Builder> messages() {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) ' ');
    return Stream.of(
        toAda().subject("Hello").text("Hello Ada"),
        toAda().subject("spaces   inside and  beside ").text("a  b \t \n\n\n c \n\n\n"),
        toAda().subject("empty lines").text("\n\n\n"),
        toAda().subject("only a subject"),
        toAda().subject("Grüße " + "日本語".repeat(30)).text("Grüße\n.\n..\n").html("<p>Grüße</p>"),
        toAda()
            .html("<img src=cid:logo>")
            .attach(Attachment.of("ä.bin", "image/png", bytes).inline("logo")),
        toAda()
            .text("x")
            .options(
                EmailOptions.create()
                    .cc("\"" + "A, ".repeat(40) + "\" <c@example.com>")
                    .oneClickUnsubscribe("https://shop.example/u/1", "mailto:u@shop.example")
                    .header("References", "<1@shop.example> <2@shop.example>")
                    .header("X-Campaign", "a")
                    .header("X-Campaign", "b")));
  }

  private static Notification.Builder toAda() {
    return Notification.to("email:ada@example.com");
  }

  @ParameterizedTest
  @MethodSource("messages")
  void anotherLibraryVerifiesWhatRsaSigned(Notification.Builder message) throws Exception {
    byte[] signed =
        written(message, settings(UTF_8, signer(RSA).alsoSigning("X-Campaign", "Importance")));
    assertThat(PlainDkimVerifier.verified(signed, RSA.getPublic())).isEqualTo(1);
    boolean empty = new String(signed, ISO_8859_1).split("\r\n\r\n", 2)[1].isBlank();
    if (!empty) { // jDKIM 0.5 keeps one empty line, which RFC 6376, 3.4.4 does not
      List<SignatureRecord> valid = james(signed);
      assertThat(valid).hasSize(1);
      assertThat(valid.get(0).getDToken().toString()).isEqualTo("shop.example");
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aVerifierByTheBookVerifiesWhatEd25519Signed(Notification.Builder message) throws Exception {
    byte[] signed = written(message, settings(UTF_8, signer(ED25519)));
    assertThat(PlainDkimVerifier.verified(signed, ED25519.getPublic())).isEqualTo(1);
  }

  @Test
  void twoSignersMakeTwoSignatures() throws Exception {
    byte[] signed = written(toAda().text("x"), settings(UTF_8, signer(RSA), signer(ED25519)));
    assertThat(PlainDkimVerifier.verified(signed, RSA.getPublic())).isEqualTo(1);
    assertThat(PlainDkimVerifier.verified(signed, ED25519.getPublic())).isEqualTo(1);
  }

  @Test
  void theVerifierByTheBookAgreesWithTheRfcsOwnExample() throws Exception {
    String example =
        Files.readString(SharedData.file("email/dkim/rfc8463-example.msg")).replace("\n", "\r\n");
    byte[] raw = Base64.getDecoder().decode("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    assertThat(PlainDkimVerifier.verified(example.getBytes(UTF_8), PlainDkimVerifier.ed25519(raw)))
        .isEqualTo(1);
  }

  @Test
  void theHashOfABodyIsThatOfTheRfcs() throws Exception {
    String example =
        Files.readString(SharedData.file("email/dkim/rfc8463-example.msg")).replace("\n", "\r\n");
    byte[] body = example.split("\r\n\r\n", 2)[1].getBytes(UTF_8);
    DkimBodyHash whole = new DkimBodyHash();
    whole.write(body);
    DkimBodyHash octets = new DkimBodyHash();
    for (byte octet : body) {
      octets.write(octet);
    }
    assertThat(whole.result()).isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    assertThat(octets.result()).isEqualTo("2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    assertThat(new DkimBodyHash().result())
        .as("an empty body: RFC 6376, 3.4.4")
        .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  }

  @Test
  void whoeverChangesOrAddsAnythingBreaksTheSignature() throws Exception {
    String signed =
        new String(
            written(
                toAda().subject("Pay 10").text("Pay 10").html("<p>Pay 10"),
                settings(UTF_8, signer(RSA))),
            ISO_8859_1);
    assertThat(james(signed.getBytes(ISO_8859_1))).hasSize(1);
    for (String forged :
        List.of(
            signed.replace("\r\nPay 10", "\r\nPay 99"),
            signed.replace("Subject: Pay 10", "Subject: Pay 99"),
            signed.replace("\r\nTo:", "\r\nFrom: eve@example.com\r\nTo:"),
            signed.replace("\r\nTo:", "\r\nReply-To: eve@example.com\r\nTo:"),
            signed.replace("\r\nTo:", "\r\nSubject: Pay 99\r\nTo:"),
            signed + "more\r\n")) {
      assertThat(forged).isNotEqualTo(signed);
      assertThat(PlainDkimVerifier.verified(forged.getBytes(ISO_8859_1), RSA.getPublic())).isZero();
    }
  }

  @Test
  void whatServersDoToSpacesDoesNotBreakIt() throws Exception {
    String signed =
        new String(
            written(toAda().subject("Two words").text("a  b"), settings(UTF_8, signer(RSA))),
            ISO_8859_1);
    String changed =
        signed.replace("Subject: Two words", "SUBJECT:  Two\r\n\twords ").replace("a  b", "a b  ");
    assertThat(james(changed.getBytes(ISO_8859_1))).hasSize(1);
    assertThat(james((changed + "\r\n\r\n").getBytes(ISO_8859_1))).hasSize(1);
  }

  @Test
  void theSameMessageHasTheSameSignature() throws Exception {
    for (KeyPair pair : List.of(RSA, ED25519)) {
      assertThat(written(toAda().text("x"), settings(UTF_8, signer(pair))))
          .isEqualTo(written(toAda().text("x"), settings(UTF_8, signer(pair))));
    }
  }

  @Test
  void theHeaderIsFoldedAndSaysWhatIsSigned() throws Exception {
    String head =
        new String(written(toAda().text("x"), settings(UTF_8, signer(RSA))), UTF_8)
            .split("\r\nDate:", 2)[0];
    assertThat(head)
        .startsWith(
            """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example;
             s=s2024; t=1725358530;
             h=From:From:Reply-To:To:To:Cc:Subject:Date:Date:Message-ID:"""
                .replace("\n", "\r\n"))
        .doesNotContain("l=", "i=");
    assertThat(head.lines()).allMatch(line -> line.length() <= 78);
  }

  // --- Keys -------------------------------------------------------------------------------------

  @Test
  void aKeyInTheOldFormOrInAFileIsRead() throws Exception {
    byte[] pkcs8 = RSA.getPrivate().getEncoded();
    String old = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
    Path file = Files.writeString(folder.resolve("key.pem"), "some words\n" + old);
    DkimSigner signer = DkimSigner.file("Shop.example", "s2024", file);
    assertThat(james(written(toAda().text("x"), settings(UTF_8, signer)))).hasSize(1);
    assertThat(signer).hasToString("DkimSigner[s2024._domainkey.shop.example]");
  }

  @Test
  void aKeyOnOneLineIsRead() throws Exception {
    String line = pem(RSA.getPrivate()).replace("\n", " ");
    assertThat(
            james(
                written(
                    toAda().text("x"),
                    settings(UTF_8, DkimSigner.pem("shop.example", "s2024", line)))))
        .hasSize(1);
  }

  static Stream<String> badKeys() throws Exception {
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(512);
    return Stream.of(
        "",
        "secret-bytes",
        pem("PRIVATE KEY", "secret-bytes".getBytes(UTF_8)),
        pem("RSA PRIVATE KEY", "secret-bytes".getBytes(UTF_8)),
        pem("ENCRYPTED PRIVATE KEY", "secret-bytes".getBytes(UTF_8)),
        pem("PUBLIC KEY", RSA.getPublic().getEncoded()),
        "-----BEGIN PRIVATE KEY-----\n!secret-bytes!\n-----END PRIVATE KEY-----",
        pem(pair("EC").getPrivate()),
        pem(pair("X25519").getPrivate()),
        pem(weak.generateKeyPair().getPrivate()));
  }

  @ParameterizedTest
  @MethodSource("badKeys")
  void aKeyThatCannotSignIsRefusedAndNotShown(String pem) {
    assertThatThrownBy(() -> DkimSigner.pem("shop.example", "s", pem))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("the DKIM key cannot be used: ")
        .hasMessageNotContaining("secret-bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a;d=b", "bücher.example", "a..b", "a\r\n"})
  void aNameThatIsNotOneIsRefused(String name) {
    String key = pem(ED25519.getPrivate());
    assertThatThrownBy(() -> DkimSigner.pem(name, "s", key))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> DkimSigner.pem("shop.example", name, key))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> signer(ED25519).alsoSigning("Received"))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> signer(ED25519).alsoSigning("X;a"))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> DkimSigner.file("shop.example", "s", missing))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("the DKIM key file " + missing + " cannot be read: NoSuchFileException");
  }

  private static List<SignatureRecord> james(byte[] signed) throws Exception {
    String record =
        "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
    DKIMVerifier verifier =
        new DKIMVerifier(
            (method, selector, domain) -> {
              assertThat(selector + "._domainkey." + domain)
                  .isEqualTo("s2024._domainkey.shop.example");
              return List.of(record);
            });
    try {
      return verifier.verify(new ByteArrayInputStream(signed));
    } catch (FailException e) {
      throw new AssertionError(new String(signed, UTF_8), e);
    }
  }
}
