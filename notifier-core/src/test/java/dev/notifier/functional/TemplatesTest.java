package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.Template;
import dev.notifier.TemplateConflictException;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.Templates;
import dev.notifier.VariableType;
import dev.notifier.spi.SteppedNotifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
  private final SteppedNotifier notifier = TemplateTexts.notifier();
  private final Templates templates = notifier.templates();

  @AfterEach
  void close() {
    notifier.close();
  }

  private static Template greeting(String text) {
    return Template.named("greeting").sms(text).build();
  }

  @Test
  void savingMakesAVersionAndActivatesIt() {
    TemplateVersion first = templates.save(greeting("one"));
    TemplateVersion second = templates.save(greeting("two"));
    assertThat(first.version()).isEqualTo(1);
    assertThat(second.version()).isEqualTo(2);
    assertThat(templates.find("greeting"))
        .hasValueSatisfying(
            summary -> {
              assertThat(summary.activeVersion()).hasValue(2);
              assertThat(summary.latestVersion()).isEqualTo(2);
              assertThat(summary.revision()).isEqualTo(2);
              assertThat(summary.channels()).containsExactly(ChannelId.of("sms"));
            });
    assertThat(templates.active("greeting")).contains(second);
    assertThat(templates.version("greeting", 1)).contains(first);
    assertThat(templates.version("greeting", 3)).isEmpty();
    assertThat(templates.versions("greeting", Integer.MAX_VALUE, 10))
        .containsExactly(second, first);
    assertThat(templates.versions("greeting", 2, 10)).containsExactly(first);
    assertThat(templates.versions("greeting", 3, 1)).containsExactly(second);
    assertThatThrownBy(() -> templates.versions("greeting", 3, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void savingTheSameAgainChangesNothing() {
    TemplateVersion first = templates.save(greeting("one"));
    assertThat(templates.save(greeting("one"))).isEqualTo(first);
    assertThat(templates.find("greeting").orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void aDraftWaitsUntilItIsActivated() {
    templates.save(greeting("one"));
    TemplateVersion draft = templates.draft(greeting("two"), 1);
    assertThat(templates.active("greeting").orElseThrow().version()).isEqualTo(1);
    TemplateSummary activated = templates.activate("greeting", draft.version(), 2);
    assertThat(activated.revision()).isEqualTo(3);
    assertThat(templates.active("greeting")).contains(draft);
    templates.activate("greeting", 1, 3);
    assertThat(templates.active("greeting").orElseThrow().version()).isEqualTo(1);
    assertThat(templates.find("greeting").orElseThrow().latestVersion()).isEqualTo(2);
  }

  @Test
  void aFirstDraftIsNotActive() {
    templates.draft(greeting("one"), 0);
    assertThat(templates.find("greeting").orElseThrow().activeVersion()).isEmpty();
    assertThat(templates.active("greeting")).isEmpty();
  }

  @Test
  void anOutdatedRevisionChangesNothing() {
    templates.save(greeting("one"), 0);
    assertThatThrownBy(() -> templates.save(greeting("two"), 0))
        .isInstanceOf(TemplateConflictException.class)
        .hasMessageStartingWith("template greeting is there already");
    templates.save(greeting("two"), 1);
    assertThatThrownBy(() -> templates.draft(greeting("three"), 1))
        .isInstanceOf(TemplateConflictException.class)
        .hasMessageStartingWith("template greeting is no longer at revision 1");
    assertThatThrownBy(() -> templates.activate("greeting", 1, 1))
        .isInstanceOf(TemplateConflictException.class);
    assertThatThrownBy(() -> templates.deactivate("greeting", 1))
        .isInstanceOf(TemplateConflictException.class);
    assertThatThrownBy(() -> templates.delete("greeting", 1))
        .isInstanceOf(TemplateConflictException.class);
    assertThat(templates.find("greeting").orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void ofManyEditorsWithOneRevisionOneWins() throws InterruptedException {
    templates.save(greeting("one"));
    AtomicInteger won = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    List<Thread> editors =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    new Thread(
                        () -> {
                          try {
                            templates.save(greeting("by " + number), 1);
                            won.incrementAndGet();
                          } catch (TemplateConflictException e) {
                            lost.incrementAndGet();
                          }
                        }))
            .toList();
    editors.forEach(Thread::start);
    for (Thread editor : editors) {
      editor.join();
    }
    assertThat(won).hasValue(1);
    assertThat(lost).hasValue(7);
  }

  @Test
  void aTemplateThatIsWrongIsNotSaved() {
    assertThatThrownBy(() -> templates.save(greeting("{{nobody}}")))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("template greeting, sms.text, line 1, column 1: ");
    assertThatThrownBy(() -> templates.draft(greeting("{{"), 0))
        .isInstanceOf(TemplateException.class);
    assertThat(templates.find("greeting")).isEmpty();
  }

  @Test
  void onlyWhatIsUnusedCanBeDeleted() {
    templates.save(Template.named("footer").sms("bye").build());
    templates.save(greeting("hello {{> footer}}"));
    assertThat(templates.find("greeting").orElseThrow().includes()).containsExactly("footer");
    assertThatThrownBy(() -> templates.delete("footer", 1))
        .hasMessage("template footer: it is active: deactivate it before it is deleted");
    templates.deactivate("footer", 1);
    assertThatThrownBy(() -> templates.delete("footer", 2))
        .hasMessage("template footer: template greeting includes it: change that one first");
    templates.save(greeting("hello"));
    templates.delete("footer", 2);
    assertThat(templates.find("footer")).isEmpty();
    assertThat(templates.versions("footer", 9, 9)).isEmpty();
    assertThatThrownBy(() -> templates.delete("footer", 2))
        .hasMessage("template footer: there is no stored template of this name");
  }

  @Test
  void whatIsNotThereCannotBeActivated() {
    templates.save(greeting("one"));
    assertThatThrownBy(() -> templates.activate("greeting", 9, 1))
        .hasMessage("template greeting, version 9: there is no such version");
    assertThatThrownBy(() -> templates.activate("nowhere", 1, 1))
        .hasMessage("template nowhere: there is no stored template of this name");
    assertThat(templates.find("../x")).isEmpty();
    assertThat(templates.active("../x")).isEmpty();
    assertThat(templates.version("../x", 1)).isEmpty();
    assertThat(templates.versions("../x", 1, 1)).isEmpty();
  }

  @Test
  void activatingAVersionWhosePartialIsGoneIsRefused() {
    templates.save(Template.named("footer").sms("bye").build());
    templates.save(greeting("{{> footer}}"));
    templates.save(greeting("two"));
    templates.deactivate("footer", 1);
    templates.delete("footer", 2);
    assertThatThrownBy(() -> templates.activate("greeting", 1, 2))
        .hasMessageContaining("there is no active template \"footer\"");
  }

  @Test
  void listsArePagedAndFiltered() {
    for (int i = 0; i < 25; i++) {
      Template.Builder template = Template.named("t-" + (char) ('a' + i));
      templates.save((i % 2 == 0 ? template.sms("x") : template.email("s", "x")).build());
    }
    templates.deactivate("t-c", 1);
    List<String> seen = new ArrayList<>();
    List<TemplateSummary> page = templates.list(TemplateQuery.all().limit(10));
    while (!page.isEmpty()) {
      page.forEach(each -> seen.add(each.name()));
      page = templates.list(TemplateQuery.all().limit(10).after(seen.get(seen.size() - 1)));
    }
    assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
    assertThat(templates.list(TemplateQuery.all().channel("sms"))).hasSize(13);
    assertThat(templates.list(TemplateQuery.all().active(false)))
        .extracting(TemplateSummary::name)
        .containsExactly("t-c");
    assertThat(templates.list(TemplateQuery.all().channel("sms").active(true))).hasSize(12);
    assertThat(templates.list(TemplateQuery.all().nameContains("-B")))
        .extracting(TemplateSummary::name)
        .containsExactly("t-b");
    assertThatThrownBy(() -> TemplateQuery.all().limit(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TemplateQuery.all().limit(1001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDiffShowsWhatChangedInWhichPart() {
    templates.save(
        Template.named("greeting").email("Hi", "a\nb\nc\nd\ne\nf\ng\nh").sms("x").build());
    templates.save(
        Template.named("greeting")
            .requires("name")
            .email("Hi", "a\nb\nc\nd\ne\nF\ng\nh")
            .sms("x\ny")
            .build());
    assertThat(templates.diff("greeting", 1, 2))
        .isEqualTo(
            """
            +requires name: any
             === email.subject
             Hi
             === email.text
             c
             d
             e
            -f
            +F
             g
             h
             === sms.text
             x
            +y
            \s
            """);
    assertThat(templates.diff("greeting", 1, 1)).isEmpty();
    assertThatThrownBy(() -> templates.diff("greeting", 1, 7))
        .hasMessageContaining("there is no such version");
  }

  @Test
  void aDiffOfEnormousTextsStaysBounded() {
    templates.save(greeting("a\n".repeat(10_000)));
    templates.save(greeting("b\n".repeat(10_000)));
    assertThat(templates.diff("greeting", 1, 2).lines()).hasSize(20_003);
  }

  @Test
  void aPartialBringsItsOwnDefaultsAndIsEscapedForItsDestination() {
    templates.save(
        Template.named("footer")
            .requires("shop")
            .optional("city", VariableType.TEXT, "Wien")
            .part("email", TemplateFormat.HTML, "<i>{{shop}}, {{city}}</i>")
            .part("email", TemplateFormat.TEXT, "{{shop}}, {{city}}")
            .build());
    templates.save(
        Template.named("t")
            .requires("shop")
            .part("email", TemplateFormat.HTML, "<p>{{> footer}}</p>")
            .part("email", TemplateFormat.TEXT, "-- {{> footer}}")
            .build());
    var preview = templates.preview("t", Locale.ENGLISH, Map.of("shop", "A&B")).get(0);
    assertThat(preview.content().html()).contains("<p><i>A&amp;B, Wien</i></p>");
    assertThat(preview.content().text()).contains("-- A&B, Wien");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hi,{n}{{> footer}}{n}bye | Hi,{n}a{n}b{n}bye",
        "Hi,{n}  {{> footer}}{n}bye | Hi,{n}  a{n}  b{n}bye",
        "Hi,{n}{{> footer}} {n}bye | Hi,{n}a{n}b {n}bye",
        "{{#l}}{n}{{> footer}}{n}{{/l}}{n} | a{n}b{n}a{n}b{n}",
        "Hi {{> footer}}{n}bye | Hi a{n}b{n}bye",
        "Hi,{n}{{> footer}}, bye | Hi,{n}a{n}b, bye",
        "Hi,{n}{{> footer}} | Hi,{n}a{n}b",
        "Hi,{n}{{> whole}}{n}bye | Hi,{n}c{n}bye",
        "Hi,{n}{{> empty}}{n}bye | Hi,{n}bye"
      })
  void aPartialOnALineOfItsOwnEndsThatLine(String text, String expected) {
    templates.save(Template.named("footer").sms("a\nb").build());
    templates.save(Template.named("whole").sms("c\n").build());
    templates.save(Template.named("empty").sms("").build());
    templates.save(Template.named("t").requires("l").sms(text.replace("{n}", "\n")).build());
    assertThat(
            templates
                .preview("t", Locale.ENGLISH, Map.of("l", List.of(1, 2)))
                .get(0)
                .content()
                .text())
        .contains(expected.replace("{n}", "\n"));
  }

  @Test
  void aPartialMustSpeakOnTheSameChannelInTheSameFormat() {
    templates.save(Template.named("footer").sms("x").build());
    Template template = Template.named("t").email("s", "{{> footer}}").build();
    assertThat(templates.validate(template))
        .singleElement()
        .asString()
        .contains("email.text, line 1, column 1: template footer has no part email.text");
  }

  @Test
  void aLayoutIsFilledInBlockByBlock() {
    templates.save(
        Template.named("frame")
            .requires("shop")
            .part(
                "email",
                TemplateFormat.HTML,
                "<h1>{{$title}}News{{/title}}</h1>{{$body}}{{/body}}<hr>{{shop}}")
            .build());
    templates.save(
        Template.named("t")
            .requires("shop")
            .requires("name")
            .part(
                "email",
                TemplateFormat.HTML,
                "{{<frame}}\n{{$body}}<p>{{name}}</p>{{/body}}\n{{/frame}}")
            .build());
    var data = Map.of("shop", "<S>", "name", "<N>");
    assertThat(templates.preview("t", Locale.ENGLISH, data).get(0).content().html())
        .contains("<h1>News</h1><p>&lt;N&gt;</p><hr>&lt;S&gt;");
    Template wrong =
        Template.named("u")
            .requires("name")
            .part("email", TemplateFormat.HTML, "a\n{{<frame}}{{name}}{{/frame}}")
            .build();
    assertThat(templates.validate(wrong))
        .singleElement()
        .asString()
        .contains("line 2, column 1: in {{<frame}} there must be blocks only");
  }

  @Test
  void aProblemInAPartialNamesThePartial() {
    templates.save(
        Template.named("row")
            .requires("price", VariableType.NUMBER)
            .sms("\n  {{price | number}}")
            .build());
    templates.save(
        Template.named("t")
            .requires("items", VariableType.LIST)
            .sms("x\n  {{#items}}\n  {{> row}}\n{{/items}}")
            .build());
    assertThatThrownBy(
            () ->
                templates.preview("t", Locale.ENGLISH, Map.of("items", List.of(Map.of("cost", 1)))))
        .hasMessage(
            "template row, version 1, sms.text, line 2, column 3: variable \"price\" is missing"
                + " from the data");
  }

  @Test
  void aNewVersionOfAPartialIsUsedAtOnce() {
    templates.save(Template.named("footer").sms("old").build());
    templates.save(greeting("hello {{> footer}}"));
    assertThat(text()).isEqualTo("hello old");
    templates.save(Template.named("footer").sms("new").build());
    assertThat(text()).isEqualTo("hello new");
  }

  private String text() {
    return templates
        .preview("greeting", Locale.ENGLISH, Map.of())
        .get(0)
        .content()
        .text()
        .orElseThrow();
  }

  @Test
  void aTemplateThatIsDeletedAndMadeAgainIsAnotherOne() {
    templates.save(greeting("old"));
    assertThat(text()).isEqualTo("old");
    templates.deactivate("greeting", 1);
    templates.delete("greeting", 2);
    templates.save(greeting("new"));
    assertThat(templates.find("greeting").orElseThrow().activeVersion())
        .isEqualTo(OptionalInt.of(1));
    assertThat(text()).isEqualTo("new");
  }
}
