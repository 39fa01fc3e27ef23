package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static Template rich() {
    return Template.named("order-shipped")
        .language(Locale.UK)
        .requires("order", VariableType.NUMBER)
        .requires("items")
        .optional("note", VariableType.TEXT, " a\\b\nc\r ")
        .optional("empty", VariableType.TEXT, "")
        .optional("nothing", VariableType.DATE)
        .optional("count", VariableType.NUMBER, 3)
        .optional("gift", VariableType.BOOLEAN, false)
        .optional("day", VariableType.DATE, LocalDate.of(2026, 1, 2))
        .optional("list", VariableType.LIST, List.of())
        .optional("map", VariableType.MAP, Map.of())
        .optional("any", VariableType.ANY, 7)
        .optional("items.price", VariableType.NUMBER)
        .email("Order\n", "<p>\n=== not a heading\n\\=== nor this\n</p>\n\n", "")
        .in(Locale.forLanguageTag("de-AT"))
        .sms("\n\nÄ 🎉\r\n")
        .telegram("x", TemplateFormat.MARKDOWN_V2)
        .webhook("{}")
        .build();
  }

  @Test
  void theTextFormIsReadBackAsItWas() {
    Template template = rich();
    Template read = Template.parse("order-shipped", template.toText());
    assertThat(read).isEqualTo(template).hasSameHashCodeAs(template);
    assertThat(read.toText()).isEqualTo(template.toText());
    assertThat(read.parts()).isEqualTo(template.parts());
    assertThat(read.variables()).isEqualTo(template.variables());
    Template lenient = Template.named("a").lenient().sms("x").build();
    assertThat(Template.parse("a", lenient.toText())).isEqualTo(lenient);
    assertThat(lenient).isNotEqualTo(Template.named("a").sms("x").build());
  }

  @Test
  void aHandWrittenFileIsRead() {
    Template template =
        Template.parse(
            "t",
            """
            # what a person writes
            language en

            requires order
            requires total : number
            optional note: text = none of it
            optional gift:boolean=true

            === email.subject
            Order {{order}}
            === sms.text de
            Zeile 1

            Zeile 3
            """);
    assertThat(template.variable("order").orElseThrow().type()).isEqualTo(VariableType.ANY);
    assertThat(template.variable("total").orElseThrow().required()).isTrue();
    assertThat(template.variable("note").orElseThrow().defaultValue()).contains("none of it");
    assertThat(template.variable("gift").orElseThrow().defaultValue()).contains(true);
    assertThat(template.parts().get(0).text()).isEqualTo("Order {{order}}");
    assertThat(template.parts().get(1).text()).isEqualTo("Zeile 1\n\nZeile 3");
    assertThat(template.parts().get(1).locale()).isEqualTo(Locale.GERMAN);
    assertThat(template.language()).isEqualTo(Locale.ENGLISH);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "hello # line 1: expected \"requires name: type\"",
        "requires a: int # line 1: unknown type \"int\"; known are text, number",
        "requires a = 1 # line 1: variable a is required and has a default",
        "optional a: number = x # line 1: the default of variable a must be a NUMBER",
        "optional a: boolean = yes # line 1: the default of variable a must be a BOOLEAN",
        "optional a: list = x, y # line 1: the default of variable a must be a LIST",
        "optional a: map = x # line 1: the default of variable a must be a MAP",
        "optional a: date = x # line 1: the default of variable a must be a DATE",
        "requires a\\nrequires a # line 2: variable a is declared already",
        "requires 1a # line 1: a variable's name must be",
        "language !! # line 1: a language must be a tag",
        "language de-toolongsubtag # line 1: a language must be a tag",
        "=== email # line 1: expected \"=== channel.format\"",
        "=== email.pdf # line 1: unknown format \"pdf\"",
        "=== sms.html # line 1: sms.html: a part for sms must be one of [TEXT]",
        "=== sms.text # line 2: template t has a part sms.text already",
        "=== sms.text d!e # line 1: expected"
      })
  void aFileThatIsWrongNamesTheLine(String text, String message) {
    assertThatThrownBy(() -> Template.parse("t", text.replace("\\n", "\n") + "\n=== sms.text\nx\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void partsOfTheNearestLanguageAreTakenTogether() {
    Template template =
        Template.named("t")
            .email("default", "default")
            .in(Locale.GERMAN)
            .part("email", TemplateFormat.TEXT, "deutsch")
            .in(Locale.TRADITIONAL_CHINESE)
            .email("zh", "zh")
            .build();
    ChannelId email = ChannelId.of("email");
    assertThat(template.parts(email, Locale.forLanguageTag("de-AT")))
        .extracting(TemplatePart::text)
        .containsExactly("deutsch");
    assertThat(template.parts(email, Locale.ITALY))
        .extracting(TemplatePart::text)
        .containsExactly("default", "default");
    assertThat(template.parts(email, Locale.forLanguageTag("zh-Hant-TW")))
        .extracting(TemplatePart::text)
        .containsExactly("zh", "zh");
    assertThat(template.parts(ChannelId.of("sms"), Locale.GERMAN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "a/b", "../a", "-a", "a-", ".a", "ä"})
  void namesAreChecked(String name) {
    assertThatThrownBy(() -> Template.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a template's name must be");
  }

  @Test
  void contradictionsAreRefusedAtTheCallThatBringsThem() {
    Template.Builder template = Template.named("t").sms("x");
    assertThatThrownBy(() -> template.sms("y"))
        .hasMessage("template t has a part sms.text already");
    assertThatThrownBy(() -> template.telegram("y", TemplateFormat.JSON))
        .hasMessageContaining("telegram.json: a part for telegram must be one of");
    template.telegram("y", TemplateFormat.HTML);
    assertThatThrownBy(() -> template.telegram("y", TemplateFormat.TEXT))
        .hasMessageContaining("one is enough");
    assertThatThrownBy(() -> template.optional("a", VariableType.NUMBER, "x"))
        .hasMessageContaining("the default of variable a must be a NUMBER");
    assertThatThrownBy(() -> template.optional("a", VariableType.LIST, List.of(1)))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> template.sms("x".repeat(1_000_001)))
        .hasMessageContaining("a part of a template must have at most 1000000 characters");
    assertThatThrownBy(() -> Template.named("t").build()).hasMessageContaining("says nothing");
  }

  @Test
  void partsAndVariablesAreBounded() {
    Template.Builder template = Template.named("t");
    for (int i = 0; i < 200; i++) {
      template.requires("v" + i).part("c" + i, TemplateFormat.TEXT, "x");
    }
    assertThatThrownBy(() -> template.requires("one-more")).hasMessageContaining("at most 200");
    assertThatThrownBy(() -> template.sms("x")).hasMessageContaining("at most 200");
  }

  @Test
  void nothingOfTheTextIsShown() {
    assertThat(rich().toString()).contains("email.html").doesNotContain("<p>");
    assertThat(rich().parts().get(1).toString())
        .isEqualTo("TemplatePart[email.html, 42 characters]");
    assertThat(rich().variable("note").orElseThrow()).hasToString("optional note: TEXT");
  }

  @Test
  void recipientsKeepTheirLanguageAndZone() {
    Recipient ada =
        Recipient.named("ada")
            .locale(Locale.GERMAN)
            .zone(ZoneId.of("Europe/Vienna"))
            .email("ada@example.com");
    assertThat(ada.locale()).contains(Locale.GERMAN);
    assertThat(ada.zone()).contains(ZoneId.of("Europe/Vienna"));
    assertThat(ada).isNotEqualTo(Recipient.named("ada").email("ada@example.com"));
    Notification notification = Notification.to(ada).text("x").build();
    assertThat(notification.locale()).isEqualTo(Locale.GERMAN);
    assertThat(notification.zone()).isEqualTo(ZoneId.of("Europe/Vienna"));
    assertThat(Notification.to(ada).text("x").zone(ZoneOffset.UTC).build().zone())
        .isEqualTo(ZoneOffset.UTC);
  }
}
