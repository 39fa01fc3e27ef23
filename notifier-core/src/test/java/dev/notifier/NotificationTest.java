package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NotificationTest {
  private static final ChannelId EMAIL = ChannelId.of("email");
  private static final ChannelId SMS = ChannelId.of("sms");
  private static final ChannelId WEBHOOK = ChannelId.of("webhook");
  private static final Recipient ADA =
      Recipient.named("user-42")
          .email("ada@example.com")
          .sms("+14155550100")
          .webhook("https://example.com/secret");

  private static Notification.Builder toAda() {
    return Notification.to(ADA).text("Hello");
  }

  // --- Parts ------------------------------------------------------------------------------------

  @Test
  void anAddressAndATextAreEnough() {
    Notification notification = Notification.to("email:ada@example.com").text("Hello").build();
    assertThat(notification.recipient().address(EMAIL))
        .contains(new Address(EMAIL, "ada@example.com"));
    assertThat(notification.content()).isEqualTo(Content.text("Hello"));
    assertThat(notification.priority()).isEqualTo(Priority.NORMAL);
    assertThat(notification.onAmbiguity()).isEqualTo(OnAmbiguity.RETRY);
    assertThat(notification.attachments()).isEmpty();
    assertThat(notification.contentByChannel()).isEmpty();
    assertThat(notification.idempotencyKey()).isEmpty();
    assertThat(notification.expiresAfter()).isEmpty();
    assertThat(notification.correlationId()).isEmpty();
    assertThat(notification.tags()).isEmpty();
    assertThat(notification.route().fallbackOn()).isEqualTo(Route.FallbackOn.EXHAUSTION);
    assertThat(notification.route().fallbackAfter()).isEmpty();
  }

  @Test
  void everyPartIsKept() {
    Attachment attachment = Attachment.of("a.txt", "text/plain", new byte[1]);
    Notification notification =
        toAda()
            .via("email")
            .orElse("sms")
            .fallbackOn(Route.FallbackOn.FIRST_FAILURE)
            .fallbackAfter(Duration.ofMinutes(5))
            .subject("Hi")
            .html("<b>Hello</b>")
            .contentFor("sms", Content.text("Short"))
            .attach(attachment)
            .priority(Priority.HIGH)
            .onAmbiguity(OnAmbiguity.GIVE_UP)
            .idempotencyKey("order-1")
            .expiresAfter(Duration.ofHours(2))
            .correlationId("request-7")
            .tag("vip", "spring")
            .tag("vip")
            .build();
    assertThat(notification.recipient()).isSameAs(ADA);
    assertThat(notification.content())
        .isEqualTo(Content.text("Hello").withSubject("Hi").withHtml("<b>Hello</b>"));
    assertThat(notification.contentFor(EMAIL)).isEqualTo(notification.content());
    assertThat(notification.contentFor(SMS)).isEqualTo(Content.text("Short"));
    assertThat(notification.contentByChannel()).isEqualTo(Map.of(SMS, Content.text("Short")));
    assertThat(notification.attachments()).containsExactly(attachment).isUnmodifiable();
    assertThat(notification.priority()).isEqualTo(Priority.HIGH);
    assertThat(notification.onAmbiguity()).isEqualTo(OnAmbiguity.GIVE_UP);
    assertThat(notification.idempotencyKey()).contains("order-1");
    assertThat(notification.expiresAfter()).contains(Duration.ofHours(2));
    assertThat(notification.correlationId()).contains("request-7");
    assertThat(notification.tags()).containsExactly("spring", "vip").isUnmodifiable();
    assertThat(notification.route().fallbackOn()).isEqualTo(Route.FallbackOn.FIRST_FAILURE);
    assertThat(notification.route().fallbackAfter()).contains(Duration.ofMinutes(5));
  }

  @Test
  void oneBuilderBuildsSeveralThatDoNotShareWhatComesLater() {
    Notification.Builder builder = toAda().via("email");
    Notification first = builder.build();
    Notification second =
        builder
            .orElse("sms")
            .attach(Attachment.of("a", "text/plain", new byte[0]))
            .contentFor("sms", Content.text("x"))
            .build();
    assertThat(first.route()).hasToString("email");
    assertThat(first.attachments()).isEmpty();
    assertThat(first.contentByChannel()).isEmpty();
    assertThat(second.route()).hasToString("email → sms");
  }

  // --- Routes -----------------------------------------------------------------------------------

  static Stream<Arguments> routes() {
    return Stream.of(
        arguments(toAda(), List.of(List.of(EMAIL, SMS, WEBHOOK)), "email → sms → webhook"),
        arguments(toAda().via("sms"), List.of(List.of(SMS)), "sms"),
        arguments(
            toAda().via("sms").orElse("email").orElse("webhook"),
            List.of(List.of(SMS, EMAIL, WEBHOOK)),
            "sms → email → webhook"),
        arguments(toAda().viaAll("sms"), List.of(List.of(SMS)), "sms"),
        arguments(
            toAda().viaAll("webhook", "email"),
            List.of(List.of(WEBHOOK), List.of(EMAIL)),
            "webhook + email"));
  }

  @ParameterizedTest
  @MethodSource("routes")
  void theRouteIsTheGivenOneOrEveryAddressInOrder(
      Notification.Builder builder, List<List<ChannelId>> legs, String text) {
    Route route = builder.build().route();
    assertThat(route.legs()).isEqualTo(legs).isUnmodifiable();
    assertThat(route).hasToString(text);
  }

  @Test
  void thePlainRouteOfAWellKnownChannelIsShared() {
    Route route = Notification.to("email:ada@example.com").text("x").build().route();

    assertThat(Notification.to("email:bob@example.com").text("y").build().route()).isSameAs(route);
    assertThat(
            Notification.to("email:bob@example.com")
                .fallbackAfter(Duration.ofMinutes(1))
                .text("y")
                .build()
                .route())
        .isNotEqualTo(route);
  }

  @Test
  void routesAreEqualByTheirParts() {
    Route route = toAda().via("sms").orElse("email").build().route();
    Route same = toAda().via("sms").orElse("email").build().route();
    assertThat(route).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(route)
        .isNotEqualTo(toAda().via("email").orElse("sms").build().route())
        .isNotEqualTo(toAda().viaAll("sms", "email").build().route())
        .isNotEqualTo(
            toAda()
                .via("sms")
                .orElse("email")
                .fallbackOn(Route.FallbackOn.FIRST_FAILURE)
                .build()
                .route())
        .isNotEqualTo(
            toAda().via("sms").orElse("email").fallbackAfter(Duration.ofSeconds(1)).build().route())
        .isNotEqualTo("sms → email");
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        refused(() -> toAda().via("sms").via("email"), "via(...) starts a route, but there is one"),
        refused(() -> toAda().viaAll("sms").via("email"), "via(...) starts a route"),
        refused(() -> toAda().via("sms").viaAll("email"), "viaAll(...) starts a route"),
        refused(() -> toAda().viaAll("sms").viaAll("email"), "viaAll(...) starts a route"),
        refused(() -> toAda().orElse("email"), "orElse(\"email\") needs via(...) before it"),
        refused(() -> toAda().viaAll("sms").orElse("email"), "viaAll(...) has no fall-back"),
        refused(() -> toAda().via("sms").orElse("sms"), "channel sms is on the route already"),
        refused(() -> toAda().viaAll("sms", "sms"), "channel sms is on the route already"),
        refused(() -> toAda().via("E-Mail"), "channel id must be a lower-case letter"),
        refused(
            () -> toAda().via("telegram").build(),
            "the route uses telegram, but recipient \"user-42\" has addresses for"
                + " [email, sms, webhook] only: call address(\"telegram\", …)"),
        refused(
            () -> Notification.to("pager:7").via("sms").text("x").build(),
            "the route uses sms, but the recipient has addresses for [pager] only"),
        refused(
            () -> Notification.to(Recipient.named("nobody")).text("x").build(),
            "recipient \"nobody\" has no address: call email(...), sms(...) or address("),
        refused(
            () -> Notification.to(ADA).via("sms").build(),
            "the notification says nothing on sms: call subject(...), text(...), html(...),"
                + " template(...) or contentFor(\"sms\", …)"),
        refused(() -> Notification.to(ADA).text(" \n").build(), "says nothing on email"),
        refused(
            () -> toAda().via("sms").contentFor("sms", Content.EMPTY).build(),
            "says nothing on sms"),
        refused(
            () -> toAda().via("sms").contentFor("email", Content.text("x")).build(),
            "contentFor(...) or options(...) names [email], which the route [[sms]] does not use"),
        refused(
            () -> toAda().contentFor("fax", Content.text("x")).build(),
            "contentFor(...) or options(...) names [fax]"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void contradictionsAreRefusedWithTheRule(ThrowingCallable call, String message) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(call)
        .withMessageContaining(message);
  }

  @Test
  void aViaAllThatWasRefusedLeavesTheBuilderAsItWas() {
    Notification.Builder builder = toAda();
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> builder.viaAll("sms", "sms"));
    assertThat(builder.via("email").orElse("sms").build().route()).hasToString("email → sms");
  }

  @Test
  void contentOfItsOwnIsEnoughForAChannel() {
    Notification notification =
        Notification.to(ADA).via("sms").contentFor("sms", Content.text("x")).build();
    assertThat(notification.contentFor(SMS)).isEqualTo(Content.text("x"));
  }

  // --- Limits -----------------------------------------------------------------------------------

  static Stream<Arguments> limits() {
    String key = "must be 1 to 200 printable characters, but was \"";
    String time = "must be more than zero and at most 365 days, but was ";
    return Stream.of(
        refused(() -> toAda().idempotencyKey(""), "idempotency key " + key),
        refused(() -> toAda().idempotencyKey(" "), "idempotency key " + key),
        refused(() -> toAda().idempotencyKey("x".repeat(201)), "idempotency key " + key),
        refused(() -> toAda().idempotencyKey("a\nb"), "idempotency key " + key),
        refused(() -> toAda().idempotencyKey("a\ud800"), "idempotency key " + key),
        refused(() -> toAda().correlationId("a\r"), "correlation id " + key),
        refused(() -> toAda().correlationId(""), "correlation id " + key),
        refused(() -> toAda().tag(" "), "a tag must be 1 to 64 printable characters"),
        refused(() -> toAda().tag("x".repeat(65)), "a tag must be 1 to 64 printable characters"),
        refused(() -> toAda().tag("a", "b\n"), "a tag must be 1 to 64 printable characters"),
        refused(
            () -> toAda().tag("1", "2", "3", "4", "5", "6", "7", "8").tag("9"),
            "a notification can have at most 8 tags, but would have 9"),
        refused(() -> toAda().expiresAfter(Duration.ZERO), "expiresAfter " + time + "PT0S"),
        refused(() -> toAda().expiresAfter(Duration.ofNanos(-1)), "expiresAfter " + time),
        refused(() -> toAda().expiresAfter(Duration.ofDays(366)), "expiresAfter " + time),
        refused(
            () -> toAda().expiresAfter(Duration.ofSeconds(Long.MAX_VALUE)), "expiresAfter " + time),
        refused(() -> toAda().fallbackAfter(Duration.ZERO), "fallbackAfter " + time),
        refused(
            () -> toAda().fallbackAfter(Duration.ofSeconds(Long.MIN_VALUE)),
            "fallbackAfter " + time),
        refused(
            () -> toAda().maxAttachmentBytes(-1), "maxAttachmentBytes must be 0 or more, but was"),
        refused(
            () -> toAda().attach(bytes(3)).attach(bytes(2)).maxAttachmentBytes(4).build(),
            "attachments must have at most 4 bytes in all, but have 5"),
        refused(
            () -> toAda().attach(bytes(10 * 1024 * 1024)).attach(bytes(1)).build(),
            "attachments must have at most 10485760 bytes in all, but have 10485761"));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void whatIsOutOfBoundsIsRefusedWithTheRule(ThrowingCallable call, String message) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(call)
        .withMessageStartingWith(message);
  }

  @Test
  void whatIsAtTheBoundIsAccepted() {
    Notification notification =
        toAda()
            .idempotencyKey("x".repeat(200))
            .correlationId("é")
            .expiresAfter(Duration.ofDays(365))
            .fallbackAfter(Duration.ofNanos(1))
            .attach(bytes(3))
            .maxAttachmentBytes(3)
            .build();
    assertThat(notification.attachments()).hasSize(1);
  }

  private static Attachment bytes(int size) {
    return Attachment.of("a", "text/plain", new byte[size]);
  }

  // --- Text form and null -----------------------------------------------------------------------

  @Test
  void theTextFormShowsNoAddressAndNoMessage() {
    Notification notification =
        toAda().subject("hush").viaAll("email", "sms").idempotencyKey("k").build();
    assertThat(notification)
        .hasToString(
            "Notification[to=user-42[email:a***@example.com, sms:+14***00,"
                + " webhook:https://example.com/***], via=email + sms, priority=NORMAL]");
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        refused(() -> Notification.to((String) null), "text"),
        refused(() -> Notification.to((Recipient) null), "recipient"),
        refused(() -> toAda().via(null), "value"),
        refused(() -> toAda().via("sms").orElse(null), "value"),
        refused(() -> toAda().viaAll(null), "value"),
        refused(() -> toAda().viaAll("sms", (String) null), "value"),
        refused(() -> toAda().viaAll("sms", (String[]) null), "more"),
        refused(() -> toAda().fallbackOn(null), "trigger"),
        refused(() -> toAda().fallbackAfter(null), "fallbackAfter"),
        refused(() -> toAda().subject(null), "subject"),
        refused(() -> toAda().text(null), "text"),
        refused(() -> toAda().html(null), "html"),
        refused(() -> toAda().contentFor("sms", null), "content"),
        refused(() -> toAda().attach(null), "attachment"),
        refused(() -> toAda().priority(null), "priority"),
        refused(() -> toAda().onAmbiguity(null), "choice"),
        refused(() -> toAda().idempotencyKey(null), "idempotency key"),
        refused(() -> toAda().correlationId(null), "correlation id"),
        refused(() -> toAda().expiresAfter(null), "expiresAfter"));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static Arguments refused(ThrowingCallable call, String message) {
    return arguments(call, message);
  }
}
