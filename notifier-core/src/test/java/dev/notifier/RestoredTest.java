package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoredTest {
  private static final ChannelId EMAIL = ChannelId.of("email");

  @Test
  void nothingThatWasAcceptedOnceIsRefused() {
    Address address = Restored.address(EMAIL, "not any more");
    Recipient recipient = Restored.recipient("x".repeat(1000), List.of(address));
    Route route = Restored.route(List.of(List.of(EMAIL)), Route.FallbackOn.FIRST_FAILURE);

    Notification notification =
        Restored.notification(recipient, route)
            .idempotencyKey("k".repeat(1000))
            .correlationId("c\nd")
            .expiresAfter(Duration.ofDays(4000))
            .fallbackAfter(Duration.ofDays(5000))
            .content(Restored.content("a\nb", "\ud800", null))
            .attach(Restored.attachment("a/b", "no type", new byte[11_000_000], null))
            .build();

    assertThat(notification.recipient().addresses()).containsExactly(address);
    assertThat(notification.route().legs()).isEqualTo(route.legs());
    assertThat(notification.route().fallbackOn()).isEqualTo(Route.FallbackOn.FIRST_FAILURE);
    assertThat(notification.route().fallbackAfter()).contains(Duration.ofDays(5000));
    assertThat(notification.idempotencyKey()).contains("k".repeat(1000));
    assertThat(notification.correlationId()).contains("c\nd");
    assertThat(notification.expiresAfter()).contains(Duration.ofDays(4000));
    assertThat(notification.content().subject()).contains("a\nb");
    assertThat(notification.attachments())
        .singleElement()
        .satisfies(attachment -> assertThat(attachment.name()).isEqualTo("a/b"));
  }

  @Test
  void aRestoredRouteIsTheOnlyOne() {
    Recipient recipient = Recipient.named("ada").email("ada@example.com");
    Route route = Restored.route(List.of(List.of(EMAIL)), Route.FallbackOn.EXHAUSTION);
    Notification.Builder builder = Restored.notification(recipient, route);

    assertThatThrownBy(() -> builder.via("sms"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("there is one already: email");
  }

  @Test
  void aRestoredAddressEqualsTheOneThatWasChecked() {
    Address address = Restored.address(EMAIL, "ada@example.com");

    assertThat(address).isEqualTo(Address.parse("email:ada@example.com"));
    assertThat(address).hasSameHashCodeAs(Address.parse("email:ada@example.com"));
    assertThat(address)
        .isNotEqualTo(Address.parse("email:bob@example.com"))
        .isNotEqualTo(Address.parse("pager:ada@example.com"));
  }

  @ParameterizedTest
  @CsvSource({
    "email, nobody, n***",
    "email, '', ***",
    "sms, 123, 1***",
    "sms, '', ***",
    "webhook, 'not a url', unreadable:/***",
    "pager, '', ***",
  })
  void anAddressThatRulesWouldRefuseIsMaskedAllTheSame(String channel, String value, String shown) {
    assertThat(Restored.address(ChannelId.of(channel), value).masked()).isEqualTo(shown);
  }

  @Test
  void withoutContentKeepsAllButWhatItSays() {
    Notification full =
        Notification.to(Recipient.named("ada").email("ada@example.com").sms("+4915112345678"))
            .viaAll("email", "sms")
            .subject("secret")
            .contentFor("sms", Content.text("secret"))
            .data(Map.of("secret", 1))
            .options(ChannelOptions.of("email", Map.of("reply-to", "x@example.com")))
            .attach(Attachment.of("s.txt", "text/plain", "secret".getBytes(StandardCharsets.UTF_8)))
            .priority(Priority.HIGH)
            .onAmbiguity(OnAmbiguity.GIVE_UP)
            .idempotencyKey("key")
            .expiresAfter(Duration.ofHours(1))
            .correlationId("trace")
            .build();

    Notification kept = full.withoutContent();

    assertThat(kept.content()).isEqualTo(Content.EMPTY);
    assertThat(kept.contentByChannel()).isEmpty();
    assertThat(kept.data()).isEmpty();
    assertThat(kept.attachments()).isEmpty();
    assertThat(kept)
        .usingRecursiveComparison()
        .ignoringFields("content", "contentByChannel", "data", "attachments")
        .isEqualTo(full);
  }
}
