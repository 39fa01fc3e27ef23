package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryAttempt;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpChannelBuilderTest {
  private static SmtpChannelBuilder builder() {
    return EmailChannel.smtp("smtp.example.com", 587).from("Shop <no-reply@example.com>");
  }

  @Test
  void theDefaultsAreFiniteAndSafe() {
    SmtpSettings settings = new SmtpSettings(builder());

    assertThat(settings.id).isEqualTo(ChannelId.of("email"));
    assertThat(settings.security).isEqualTo(SmtpSecurity.STARTTLS);
    assertThat(settings.usesPlaintext()).isFalse();
    assertThat(settings.connectTimeout).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.readTimeout).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.writeTimeout).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.acceptanceTimeout).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aSenderIsNeeded() {
    assertThatThrownBy(() -> EmailChannel.smtp("smtp.example.com", 587).create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("call from(");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "smtp.example.com\r\nQUIT", "smtp.exämple.com"})
  void aHostIsOneWord(String host) {
    assertThatThrownBy(() -> EmailChannel.smtp(host, 25))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("host must be");
  }

  @Test
  void aNameForEhloIsOneWord() {
    assertThatThrownBy(() -> builder().localHost("a\r\nMAIL FROM:<eve@example.com>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("localHost must be");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void aPortIsInItsRange(int port) {
    assertThatThrownBy(() -> EmailChannel.smtp("localhost", port))
        .hasMessage("port must be from 1 to 65535, but was " + port);
  }

  @Test
  void aForgedSenderIsRefused() {
    assertThatThrownBy(() -> builder().from("Shop\r\nBcc: eve@example.com <a@example.com>"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().replyTo("a@example.com\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPasswordIsNotSentForAllToReadUnlessInsistedOn() {
    assertThatThrownBy(() -> builder().plaintext().credentials("user", "password"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("plaintextWithCredentials()")
        .hasMessageNotContaining("user");
    assertThatThrownBy(() -> builder().credentials("user", "password").plaintext())
        .isInstanceOf(IllegalStateException.class);
    assertThatCode(() -> builder().plaintextWithCredentials().credentials("user", "password"))
        .doesNotThrowAnyException();
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> builder().implicitTls().plaintext())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("security was already set to TLS");
  }

  @Test
  void credentialsAreWholeOrNone() {
    assertThatThrownBy(() -> builder().credentials("", "password"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().credentials("user", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a\0b");
  }

  @Test
  void timeoutsAreFiniteAndAboveZero() {
    assertThatThrownBy(() -> builder().readTimeout(Duration.ZERO))
        .hasMessage("readTimeout must be from 1 ms to PT1H, but was PT0S");
    assertThatThrownBy(() -> builder().connectTimeout(Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().acceptanceTimeout(Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingShowsThePassword() {
    SmtpChannelBuilder builder = builder().credentials("login-name", "S3cret-word");

    try (Channel channel = builder.create()) {
      assertThat(builder.toString() + channel + builder.credentials)
          .contains("smtp.example.com:587")
          .doesNotContain("S3cret-word", "login-name");
    }
  }

  @Test
  void aChannelOfAnotherIdChecksItsAddressesAsWell() {
    try (Channel channel = builder().id("email-eu").create()) {
      assertThatThrownBy(
              () ->
                  channel.check(
                      DeliveryAttempt.of(
                          Attempts.DELIVERY,
                          Notification.to("email-eu:ada at example.com").text("x").build(),
                          ChannelId.of("email-eu"),
                          1)))
          .isInstanceOf(InvalidNotificationException.class);
    }
  }

  @Test
  void whatCanBeSentPassesTheCheck() {
    try (Channel channel = builder().create()) {
      assertThatCode(() -> channel.check(Attempts.toAda())).doesNotThrowAnyException();
    }
  }

  @Test
  void optionsThatNobodyUnderstandsAreRefused() {
    Notification.Builder notification =
        Notification.to("email:ada@example.com")
            .text("x")
            .options(ChannelOptions.of("email", Map.of("silent", "true")));
    try (Channel channel = builder().create()) {
      assertThatThrownBy(() -> channel.check(Attempts.of(notification)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("unknown email option [silent]: there are [bcc, cc, from,");
    }
  }
}
