package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "CONNECTION",
        "Content-Type",
        "Transfer-Encoding",
        "User-Agent",
        "webhook-id",
        "Webhook-Signature",
        "X-Amz-Date",
        "Metadata-Flavor",
        "X-aws-ec2-metadata-token",
        "X-Google-Metadata-Request",
        "Expect",
        "Proxy-Authorization"
      })
  void reservedHeadersAreRefused(String name) {
    assertThatThrownBy(() -> WebhookChannel.unsigned().header(name, "v"))
        .hasMessage(
            "header " + name + " is reserved: the connection, a signature or a gateway owns it");
    assertThatThrownBy(() -> WebhookChannel.unsigned().plainHmac(name, "secret"))
        .hasMessageContaining("is reserved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "X Y", "X:Y", "X\r\nY", "Ü", "(X)"})
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> WebhookChannel.unsigned().header(name, "v"))
        .hasMessageStartingWith("header name must be");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", " v", "v ", "a\r\nX-Injected: b", "a\nb", "\u0000", "ü", "\u2028"})
  void whatIsNoValueIsRefusedAndNotShown(String value) {
    assertThatThrownBy(() -> WebhookChannel.unsigned().header("X-Token", value))
        .hasMessageStartingWith("header X-Token must have a value of 1 to 4096 printable ASCII");
  }

  @Test
  void aValueHasABound() {
    assertThatThrownBy(() -> WebhookChannel.unsigned().header("X-Token", "v".repeat(4097)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatCode(() -> WebhookChannel.unsigned().header("Authorization", "v".repeat(4096)))
        .doesNotThrowAnyException();
  }

  @Test
  void aHeaderIsSetOnce() {
    WebhookChannel channel = WebhookChannel.unsigned().header("X-Token", "a");
    assertThatThrownBy(() -> channel.header("x-token", "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("header x-token was set already");
  }

  @Test
  void aHeaderDoesNotHoldBothASignatureAndAValue() {
    WebhookChannel channel =
        WebhookChannel.unsigned().header("X-Signature", "a").plainHmac("x-signature", "secret");
    assertThatThrownBy(channel::create)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot hold both");
  }
}
