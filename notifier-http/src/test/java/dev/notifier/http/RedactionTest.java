package dev.notifier.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  private static final HttpUrl TELEGRAM =
      HttpUrl.get("https://api.telegram.org/bot" + TOKEN + "/sendMessage");

  @ParameterizedTest
  @CsvSource({
    "https://host/secret?a=b, https://host/…",
    "https://host:443/, https://host/…",
    "https://host:8443/x, https://host:8443/…",
    "http://[2001:db8::1]:80/x, 'http://[2001:db8::1]/…'"
  })
  void anUrlIsShownWithoutPathAndQuery(String url, String shown) {
    assertThat(Redaction.url(HttpUrl.get(url))).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "failed: https://api.telegram.org/bot" + TOKEN + "/sendMessage",
        "Cannot POST /bot" + TOKEN + "/sendMessage",
        "no such bot: bot" + TOKEN
      })
  void aTokenInThePathIsHiddenHoweverItIsQuoted(String text) {
    assertThat(Redaction.of(TELEGRAM).apply(text)).doesNotContain("AAHdqTcvCH1").contains("…");
  }

  @Test
  void queryValuesAreHidden() {
    Redaction redaction = Redaction.of(HttpUrl.get("https://host/?flag&key=s%20cret-s%20cret&x=1"));
    assertThat(redaction.apply("bad key 's cret-s cret' in ?flag&key=s%20cret-s%20cret&x=1"))
        .isEqualTo("bad key '…' in …");
  }

  @Test
  void secretsAreHiddenAndWordsAreNot() {
    Redaction redaction =
        Redaction.of(HttpUrl.get("https://host/Messages"), List.of("hunter22", "hunter22x", "of"));
    assertThat(redaction.apply("hunter22x, hunter22, list of Messages on host /"))
        .isEqualTo("…, …, list of Messages on host /");
    assertThat(redaction).hasToString("Redaction[https://host/…]");
  }
}
