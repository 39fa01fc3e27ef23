package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPreview;
import dev.notifier.Content;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.Schedule;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplateReference;
import dev.notifier.TemplateVersion;
import dev.notifier.VariableType;
import dev.notifier.spi.SteppedNotifier;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateSendTest {
  private static final Template SHIPPED =
      Template.named("order-shipped")
          .requires("order", VariableType.NUMBER)
          .optional("note", VariableType.TEXT)
          .email("Order {{order}}", "<p>Order {{order}} {{note}}</p>", "Order {{order}} {{note}}")
          .sms("Order {{order}} has shipped")
          .in(Locale.GERMAN)
          .email("Bestellung {{order}}", "<p>{{order}}</p>", "Bestellung {{order}}")
          .in(Locale.forLanguageTag("de-AT"))
          .sms("Bestellung {{order}}, servus")
          .build();

  private final Stage stage = Stage.open();

  @BeforeEach
  void save() {
    stage.notifier.templates().save(SHIPPED);
  }

  @AfterEach
  void close() {
    stage.notifier.close();
  }

  private static Notification.Builder shipped(Map<String, ?> data) {
    return Notification.to(Stage.ada()).via("email").template("order-shipped", data);
  }

  @Test
  void theTemplateSaysWhatLeaves() {
    Receipt receipt = stage.send(shipped(Map.of("order", 1001, "note", "& thanks")));
    stage.run();

    Content sent = stage.email.calls().get(0).attempt().content();
    assertThat(sent.subject()).contains("Order 1001");
    assertThat(sent.html()).contains("<p>Order 1001 &amp; thanks</p>");
    assertThat(sent.text()).contains("Order 1001 & thanks");
    assertThat(stage.notifier.find(receipt.id()).orElseThrow().notification().template())
        .contains(TemplateReference.version("order-shipped", 1));
  }

  @Test
  void theVersionIsPinnedWhenTheNotificationIsAccepted() {
    Receipt first = stage.send(shipped(Map.of("order", 1)));
    TemplateVersion second =
        stage
            .notifier
            .templates()
            .save(
                Template.named("order-shipped")
                    .requires("order")
                    .email("New {{order}}", "new text")
                    .build());
    Receipt later = stage.send(shipped(Map.of("order", 2)));
    stage.run();

    assertThat(second.version()).isEqualTo(2);
    assertThat(stage.email.calls())
        .extracting(call -> call.attempt().content().subject().orElseThrow())
        .containsExactly("Order 1", "New 2");
    assertThat(version(first)).isEqualTo(1);
    assertThat(version(later)).isEqualTo(2);
  }

  private int version(Receipt receipt) {
    Notification notification = stage.notifier.find(receipt.id()).orElseThrow().notification();
    return notification.template().orElseThrow().version().orElseThrow();
  }

  @Test
  void anOlderVersionCanBeNamed() {
    stage
        .notifier
        .templates()
        .save(Template.named("order-shipped").email("New", "new text").build());
    Notification old =
        Notification.to("email:ada@example.com")
            .template("order-shipped", 1, Map.of("order", 7))
            .build();
    stage.notifier.send(old);
    stage.run();
    assertThat(stage.email.calls().get(0).attempt().content().subject()).contains("Order 7");
  }

  @ParameterizedTest
  @CsvSource({
    "de-AT, Bestellung 5, 'Bestellung 5, servus'",
    "de-CH, Bestellung 5, Order 5 has shipped",
    "fr, Order 5, Order 5 has shipped",
    "und, Order 5, Order 5 has shipped"
  })
  void theNearestLanguageIsTakenForEachChannel(String tag, String subject, String sms) {
    Notification notification =
        Notification.to(Stage.ada().locale(Locale.forLanguageTag(tag)))
            .viaAll("email", "sms")
            .template("order-shipped", Map.of("order", 5))
            .build();
    List<ChannelPreview> previews = stage.notifier.preview(notification);
    assertThat(previews.get(0).content().subject()).contains(subject);
    assertThat(previews.get(1).content().text()).contains(sms);
  }

  @Test
  void theNotificationsOwnLanguageWinsOverTheRecipients() {
    Notification notification =
        Notification.to(Stage.ada().locale(Locale.GERMAN))
            .via("email")
            .template("order-shipped", Map.of("order", 5))
            .locale(Locale.ENGLISH)
            .build();
    assertThat(stage.notifier.preview(notification).get(0).content().subject()).contains("Order 5");
  }

  @Test
  void fallBackChannelsAreRenderedToo() {
    stage.email.then(Stage.REFUSED);
    stage.send(shipped(Map.of("order", 9)).orElse("sms"));
    stage.runToTheEnd();
    assertThat(stage.sms.calls().get(0).attempt().content().text()).contains("Order 9 has shipped");
  }

  @Test
  void contentOfItsOwnWinsAndGeneralContentFillsTheGap() {
    Notification notification =
        Notification.to(Stage.ada())
            .viaAll("email", "sms", "pager")
            .template("order-shipped", Map.of("order", 3))
            .contentFor("sms", Content.text("mine"))
            .text("general")
            .build();
    assertThat(stage.notifier.preview(notification))
        .extracting(preview -> preview.content().text().orElseThrow())
        .containsExactly("Order 3 ", "mine", "general");
  }

  @Test
  void aChannelThatTheTemplateDoesNotKnowIsAnErrorThatListsTheParts() {
    Notification notification =
        Notification.to(Stage.ada())
            .via("pager")
            .template("order-shipped", Map.of("order", 3))
            .build();
    assertThatThrownBy(() -> stage.notifier.send(notification))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("order-shipped, version 1: it says nothing on pager")
        .hasMessageContaining("email.html de");
  }

  @Test
  void aMissingVariableIsNamedWithItsPlaceBeforeAnythingIsAccepted() {
    assertThatThrownBy(() -> stage.send(shipped(Map.of("note", "secret-value"))))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "template order-shipped, version 1, email.subject, line 1, column 7: variable \"order\""
                + " is required, but missing from the data")
        .hasMessageNotContaining("secret-value");
    assertThat(stage.run()).isZero();
    assertThat(stage.notifier.stats().channels().get(ChannelId.of("email")).waiting()).isZero();
  }

  @Test
  void sendAsyncFailsTheSameWay() {
    Notification bad = shipped(Map.of()).build();
    assertThatThrownBy(() -> stage.notifier.sendAsync(bad).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(TemplateException.class);
  }

  @Test
  void aValueOfAnotherTypeIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> stage.send(shipped(Map.of("order", "secret-value"))))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("variable \"order\" must be a NUMBER, but is a String")
        .hasMessageNotContaining("secret-value");
  }

  @Test
  void aTemplateThatIsNotThereOrNotActiveIsRefused() {
    assertThatThrownBy(() -> stage.send(Notification.to(Stage.ada()).template("nowhere", Map.of())))
        .isInstanceOf(TemplateException.class)
        .hasMessage("template nowhere: there is no template of this name");
    stage.notifier.templates().deactivate("order-shipped", 1);
    assertThatThrownBy(() -> stage.send(shipped(Map.of("order", 1))))
        .hasMessage("template order-shipped: it is not active: activate a version first");
    assertThatThrownBy(
            () -> stage.send(Notification.to(Stage.ada()).template("order-shipped", 99, Map.of())))
        .hasMessage("template order-shipped, version 99: there is no such version");
  }

  @Test
  void aNotificationThatWasRenderedIsNotRenderedAgain() {
    Receipt receipt = stage.send(shipped(Map.of("order", 4)));
    Notification accepted = stage.notifier.find(receipt.id()).orElseThrow().notification();
    stage.notifier.templates().deactivate("order-shipped", 1);

    stage.notifier.send(accepted);
    stage.run();

    assertThat(accepted.isUnrendered()).isFalse();
    assertThat(accepted.templateData()).isEmpty();
    assertThat(stage.email.calls()).hasSize(2);
  }

  @Test
  void telegramAndWebhookGetTheirOptions() {
    try (SteppedNotifier notifier = TemplateTexts.notifier()) {
      notifier
          .templates()
          .save(
              Template.named("t")
                  .requires("name")
                  .telegram("<b>{{name}}</b>", TemplateFormat.HTML)
                  .webhook("{\"name\": {{name}}}")
                  .in(Locale.GERMAN)
                  .telegram("*{{name}}*", TemplateFormat.MARKDOWN_V2)
                  .in(Locale.FRENCH)
                  .telegram("{{name}}", TemplateFormat.TEXT)
                  .build());
      Recipient recipient = Recipient.named("a").telegram("1").webhook("https://example.com/hook");
      Notification.Builder all =
          Notification.to(recipient)
              .viaAll("telegram", "webhook")
              .template("t", Map.of("name", "a.b"))
              .options(ChannelOptions.of("telegram", Map.of("silent", "true")));

      Notification english = sent(notifier, all.build());
      assertThat(english.optionsFor(ChannelId.of("telegram")))
          .isEqualTo(Map.of("silent", "true", "parse-mode", "html"));
      assertThat(english.optionsFor(ChannelId.of("webhook"))).isEqualTo(Map.of("body", "text"));
      assertThat(english.contentFor(ChannelId.of("telegram")).html()).contains("<b>a.b</b>");
      assertThat(english.contentFor(ChannelId.of("webhook")).text())
          .contains("{\"name\": \"a.b\"}");

      Notification german = sent(notifier, all.locale(Locale.GERMAN).build());
      assertThat(german.optionsFor(ChannelId.of("telegram")))
          .containsEntry("parse-mode", "markdown-v2");
      assertThat(german.contentFor(ChannelId.of("telegram")).text()).contains("*a\\.b*");

      Notification french = sent(notifier, all.locale(Locale.FRENCH).build());
      assertThat(french.optionsFor(ChannelId.of("telegram"))).containsEntry("parse-mode", "plain");
    }
  }

  private static Notification sent(Notifier notifier, Notification notification) {
    return notifier.find(notifier.send(notification).id()).orElseThrow().notification();
  }

  @Test
  void everythingElseOfTheNotificationStaysAsItWas() {
    Receipt receipt =
        stage.send(
            shipped(Map.of("order", 1))
                .data(Map.of("order", 1))
                .idempotencyKey("k")
                .correlationId("c")
                .expiresAfter(Duration.ofHours(1)));
    Notification accepted = stage.notifier.find(receipt.id()).orElseThrow().notification();
    assertThat(accepted.data()).isEqualTo(Map.of("order", 1));
    assertThat(accepted.idempotencyKey()).contains("k");
    assertThat(accepted.correlationId()).contains("c");
    assertThat(accepted.expiresAfter()).contains(Duration.ofHours(1));
    assertThat(accepted.route().legs()).containsExactly(List.of(ChannelId.of("email")));
  }

  @Test
  void eachRunOfAScheduleIsRenderedAnew() {
    stage
        .notifier
        .schedules()
        .create(
            Schedule.every(Duration.ofHours(1))
                .named("hourly")
                .sending(shipped(Map.of("order", 8)).build()));
    stage.runUntil(Duration.ofMinutes(90));
    stage
        .notifier
        .templates()
        .save(
            Template.named("order-shipped").requires("order").email("New {{order}}", "x").build());
    stage.runUntil(Duration.ofMinutes(150));

    assertThat(stage.email.calls())
        .extracting(call -> call.attempt().content().subject().orElseThrow())
        .containsExactly("Order 8", "New 8");
  }

  @Test
  void aScheduleWhoseTemplateDoesNotFitIsRefused() {
    Schedule bad =
        Schedule.every(Duration.ofHours(1)).named("hourly").sending(shipped(Map.of()).build());
    assertThatThrownBy(() -> stage.notifier.schedules().create(bad))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void renderedFromNotesTheTemplateAndRendersNothing() {
    Notification notification =
        Notification.to("email:ada@example.com")
            .text("stored")
            .renderedFrom(TemplateReference.version("gone", 3))
            .build();
    assertThat(notification.isUnrendered()).isFalse();
    Receipt receipt = stage.notifier.send(notification);
    assertThat(stage.notifier.find(receipt.id()).orElseThrow().notification().template())
        .contains(TemplateReference.version("gone", 3));
  }

  @Test
  void aBadNameIsRefusedWhenTheNotificationIsBuilt() {
    for (String name : List.of("", "../etc/passwd", "A", "a/b", "a.", "x".repeat(101))) {
      assertThatThrownBy(() -> Notification.to(Stage.ada()).template(name, Map.of()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("a template's name must be");
    }
    assertThatThrownBy(() -> Notification.to(Stage.ada()).template("a", 0, Map.of()))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("version must be 1 or more");
  }

  @Test
  void previewsOfATemplateShowEveryPartAndWarn() {
    try (SteppedNotifier notifier =
        Notifier.builder()
            .discovery(false)
            .channel("email", attempt -> DeliveryResult.accepted())
            .buildStepped()) {
      notifier
          .templates()
          .save(
              Template.named("t")
                  .requires("name")
                  .part("email", TemplateFormat.SUBJECT, "{{name}}".repeat(10))
                  .part(
                      "email",
                      TemplateFormat.HTML,
                      "<img src=\"a\"><img src=\"b\" alt=\"b\"><p>{{name}}</p>")
                  .sms("{{name}}")
                  .build());
      List<ChannelPreview> previews =
          notifier.templates().preview("t", Locale.ENGLISH, Map.of("name", "0123456789"));
      assertThat(previews)
          .extracting(preview -> preview.channel().value())
          .containsExactly("email", "sms");
      assertThat(previews.get(0).warnings())
          .containsExactly(
              "the subject has 100 characters; beyond 78 most readers do not see it",
              "there is HTML but no plain text, for readers and filters that want it",
              "1 of the images have no alt text: write alt=\"…\" in each <img>");
      assertThat(previews.get(0).problem()).isEmpty();
      assertThat(previews.get(1).problem().orElseThrow()).contains("no channel 'sms'");
      assertThat(previews.get(1).content().text()).contains("0123456789");
      assertThat(notifier.runDue()).isZero();
      assertThat(notifier.templates().preview("t", 1, Locale.ENGLISH, Map.of("name", "a")))
          .hasSize(2);
      assertThatThrownBy(
              () -> notifier.templates().preview("t", Locale.ENGLISH, Map.of("name", new Object())))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("must be text, a boolean, a number");
    }
  }

  @Test
  void problemsCarryTheirPlace() {
    assertThatThrownBy(() -> stage.send(shipped(Map.of())))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .satisfies(
                        problem -> {
                          assertThat(problem.template())
                              .isEqualTo(TemplateReference.version("order-shipped", 1));
                          assertThat(problem.part()).isEqualTo("email.subject");
                          assertThat(problem.line()).isEqualTo(1);
                          assertThat(problem.column()).isEqualTo(7);
                        }));
  }
}
