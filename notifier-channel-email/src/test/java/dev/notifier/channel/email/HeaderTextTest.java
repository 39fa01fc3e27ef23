package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Your order has shipped",
        "Größe, 日本語 and 👩‍👩‍👧‍👦 in one subject that is long enough for several encoded words 👍🏽👍🏽👍🏽",
        "=?UTF-8?B?aGVsbG8=?= is not to be decoded",
        "a long plain subject that has to be folded because it is longer than one line of a header",
        "a long plain subject with    a run of spaces where it would be folded:                  yes",
        "a long plain subject with spaces at its very end, where nothing may be folded off:         ",
      })
  void aReaderSeesWhatWasWritten(String subject) throws UnsupportedEncodingException {
    String written = HeaderText.text("Subject", subject, StandardCharsets.UTF_8);

    assertThat(MimeUtility.decodeText(MimeUtility.unfold(written))).isEqualTo(subject);
    assertThat(written).matches("(?s)\\p{ASCII}*");
    assertThat(("Subject: " + written).lines()).allMatch(line -> line.length() <= 78);
  }

  @Test
  void aWordWithoutAnEndIsCut() throws UnsupportedEncodingException {
    String subject = "x".repeat(1000);
    String written = HeaderText.text("Subject", subject, StandardCharsets.UTF_8);

    assertThat(MimeUtility.decodeText(MimeUtility.unfold(written))).isEqualTo(subject);
    assertThat(written.lines()).allMatch(line -> line.length() <= 76);
  }

  @Test
  void aPlainNameIsQuoted() {
    assertThat(HeaderText.phrase("Shop, \"the\" \\ best", StandardCharsets.UTF_8))
        .isEqualTo("\"Shop, \\\"the\\\" \\\\ best\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\0b", "a\u0085b", "a\u2028b"})
  void whatIsMoreThanOneLineIsRefused(String value) {
    assertThatThrownBy(() -> HeaderText.checked("subject", value))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageStartingWith("subject must be one line")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aLongValueIsShownShort() {
    assertThat(HeaderText.quoted("y".repeat(100))).isEqualTo("\"" + "y".repeat(60) + "…\"");
  }
}
