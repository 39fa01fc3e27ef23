package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no-reply@example.com                   | ~~               | no-reply@example.com",
        "<no-reply@example.com>                 | ~~               | no-reply@example.com",
        "Shop <no-reply@example.com>            | Shop             | no-reply@example.com",
        "Shop, Inc. <no-reply@example.com>      | Shop, Inc.       | no-reply@example.com",
        "\"The \\\"Shop\\\"\" <x@example.com>   | The \"Shop\"     | x@example.com",
        "\"Shop <x@y> (the)\" <x@example.com> | Shop <x@y> (the) | x@example.com",
        "Käse & Brot <x@käse.example>           | Käse & Brot      | x@xn--kse-qla.example",
      })
  void readsNameAndAddress(String text, String name, String address) throws Exception {
    Mailbox mailbox = Mailbox.parse("from", text);

    assertThat(mailbox.name()).isEqualTo(name);
    assertThat(mailbox.address().text()).isEqualTo(address);
    InternetAddress seen = new InternetAddress(mailbox.headerValue(StandardCharsets.UTF_8), true);
    assertThat(seen.getAddress()).isEqualTo(address);
    assertThat(seen.getPersonal() == null ? "" : seen.getPersonal()).isEqualTo(name);
    assertThat(
            StandardCharsets.US_ASCII
                .newEncoder()
                .canEncode(mailbox.headerValue(StandardCharsets.UTF_8)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Shop",
        "Shop <no-reply>",
        "Shop <a@example.com>, <b@example.com>",
        "a@example.com, b@example.com",
        "Shop\r\nBcc: eve@example.com <a@example.com>",
        "Shop <a@example.com\r\n>",
        "Shop <a@example.com>\n",
        "Grüße <grüße@example.com>",
      })
  void whatIsNotOneMailboxIsRefused(String text) {
    assertThatThrownBy(() -> Mailbox.parse("from", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("from must be an address or Name <address>: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aTextThatIsMuchTooLongIsRefusedBeforeItIsRead() {
    assertThatThrownBy(
            () -> Mailbox.parse("from", "\"" + "x".repeat(100_000) + "\" <a@example.com>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("it must have at most 1000 characters, but has 100018");
  }

  @Test
  void theEnvelopeHasTheDomainInAscii() {
    EnvelopeAddress address = EnvelopeAddress.of("ada@bücher.example");

    assertThat(address).isEqualTo(new EnvelopeAddress("ada@xn--bcher-kva.example", false));
    assertThat(address.domain()).isEqualTo("xn--bcher-kva.example");
    assertThat(address).hasToString("EnvelopeAddress[***@xn--bcher-kva.example]");
  }

  @Test
  void aLocalPartBeyondAsciiNeedsTheServersConsent() {
    assertThat(EnvelopeAddress.of("grüße@example.com").needsUtf8()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada@straße.example", "ada@βόλος.example", "ada@a\u200db.example"})
  void aDomainWithTwoMeaningsIsRefused(String address) {
    assertThatThrownBy(() -> EnvelopeAddress.of(address))
        .isInstanceOf(InvalidNotificationException.class);
  }
}
