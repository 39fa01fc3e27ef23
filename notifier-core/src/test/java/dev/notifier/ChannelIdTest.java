package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "email", "email-bulk", "x1-", "abcdefghijklmnopqrstuvwxyzabcdef"})
  void lowerCaseNamesAreAccepted(String value) {
    assertThat(ChannelId.of(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Email",
        "1a",
        "-a",
        "a_b",
        "a.b",
        "a b",
        "é",
        "a\n",
        "abcdefghijklmnopqrstuvwxyzabcdefg"
      })
  void otherNamesAreRefused(String value) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> ChannelId.of(value))
        .withMessageStartingWith("channel id must be a lower-case letter")
        .withMessageContaining("\"" + value.replace("\n", "\\u000a") + "\"");
  }

  @Test
  void idsSortByName() {
    assertThat(ChannelId.of("email")).isLessThan(ChannelId.of("sms"));
  }
}
