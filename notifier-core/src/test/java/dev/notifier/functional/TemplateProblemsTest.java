package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplateProblem;
import dev.notifier.VariableType;
import dev.notifier.spi.SteppedNotifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What authors get wrong, and data that does not fit: found early, and named with its place. */
class TemplateProblemsTest {
  private final SteppedNotifier notifier = TemplateTexts.notifier();

  @AfterEach
  void close() {
    notifier.close();
  }

  private static Template.Builder template() {
    return Template.named("t")
        .requires("name", VariableType.TEXT)
        .requires("items", VariableType.LIST)
        .requires("customer", VariableType.MAP)
        .requires("total", VariableType.NUMBER);
  }

  private List<TemplateProblem> problems(String text) {
    return notifier.templates().validate(template().sms(text).build());
  }

  private String render(Template template, Map<String, ?> data) {
    notifier.templates().save(template);
    return notifier
        .templates()
        .preview(template.name(), Locale.ENGLISH, data)
        .get(0)
        .content()
        .text()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "a\\n  {{nmae}} # 2 # 3 # variable \"nmae\" is not declared; declared are [customer, items,"
            + " name, total]",
        "{{name}}{{@items}} # 1 # 9 # \"@items\" is no name of a variable",
        "{{name.first}} # 1 # 1 # variable \"name.first\" is not declared",
        "a {{@x}} # 1 # 3 # is no name of a variable",
        "a\\nb {{[items}} # 2 # 3 # is no name of a variable",
        "{{^items}} # 1 # 1 # {{^items}} has no end: {{/items}}",
        "x\\n{{@a\\n # 2 # 1 # this tag is not closed",
        "{{name # 1 # 1 # this tag is not closed: \"}}\" is missing",
        "{{! name # 1 # 1 # this tag is not closed",
        "{{> name # 1 # 1 # this tag is not closed",
        "{{}} # 1 # 1 # this tag is empty",
        "{{ }} # 1 # 1 # this tag is empty",
        "{{/name}} # 1 # 1 # {{/name}} ends a section that did not begin",
        "{{%pragma}} # 1 # 1 # pragmas",
        "{{?name}}x{{/name}} # 1 # 1 # is not supported",
        "{{>*name}} # 1 # 1 # data must not choose what is included",
        "{{=abc def=}} # 1 # 1 # one or two characters",
        "{{=abc=}} # 1 # 1 # one or two characters",
        "{{.}} # 1 # 1 # makes sense in a section over a list only",
        "{{-last}} # 1 # 1 # makes sense in a section over a list only",
        "{{> nowhere}} # 1 # 1 # there is no active template \"nowhere\"",
        "{{> ../../etc/passwd}} # 1 # 1 # there is no active template \"../../etc/passwd\"",
        "{{> file:///etc/hostname}} # 1 # 1 # there is no active template",
        "{{> https://example.com/x}} # 1 # 1 # there is no active template",
        "{{name | nope}} # 1 # 1 # unknown filter \"nope\"",
        "{{{name}} # 1 # 1 # this tag cannot be read"
      })
  void everyProblemHasItsLineAndColumn(String text, int line, int column, String message) {
    List<TemplateProblem> problems = problems(text.replace("\\n", "\n"));
    TemplateProblem problem = problems.get(problems.size() - 1);
    assertThat(problem.toString())
        .startsWith("template t, sms.text, line " + line + ", column " + column + ": ")
        .contains(message.strip());
  }

  @Test
  void sectionsThatCrossAreNamedBoth() {
    assertThat(problems("{{#items}}\n{{#name}}{{/items}}{{/name}}").get(0))
        .hasToString(
            "template t, sms.text, line 2, column 10: {{/items}} comes before the end of"
                + " {{#name}}, which began in line 2");
  }

  @Test
  void allUndeclaredVariablesAreFoundAtOnce() {
    assertThat(problems("{{a}} {{b}} {{#c}}{{/c}}"))
        .extracting(TemplateProblem::message)
        .extracting(message -> message.substring(0, 12))
        .containsExactly("variable \"a\"", "variable \"b\"", "variable \"c\"");
  }

  @Test
  void fieldsOfListsAndMapsNeedNoDeclaration() {
    assertThat(
            problems(
                "{{customer.name}}{{#items}}{{price}}{{name}}{{#parts}}{{x}}{{/parts}}{{/items}}"))
        .isEmpty();
  }

  @Test
  void declaredFieldsAreChecked() {
    Template.Builder template =
        Template.named("t")
            .requires("items", VariableType.LIST)
            .requires("items.price", VariableType.NUMBER)
            .optional("items.note", VariableType.TEXT)
            .optional("shop", VariableType.TEXT, "Ada's");
    assertThat(
            notifier
                .templates()
                .validate(
                    template.sms("{{#items}}{{price}}{{note}}{{prize}}{{shop}}{{/items}}").build()))
        .singleElement()
        .satisfies(problem -> assertThat(problem.column()).isEqualTo(28))
        .asString()
        .contains("variable \"prize\" is not declared");
  }

  @Test
  void anOptionalFieldMayBeMissingFromAnElement() {
    Template template =
        Template.named("t")
            .requires("items", VariableType.LIST)
            .requires("items.price")
            .optional("items.note", VariableType.TEXT, "-")
            .optional("items.gift", VariableType.BOOLEAN)
            .sms("{{#items}}{{price}}{{note}}{{#gift}}!{{/gift}};{{/items}}")
            .build();
    Map<String, ?> data =
        Map.of("items", List.of(Map.of("price", 1), Map.of("price", 2, "note", "n", "gift", true)));
    assertThat(render(template, data)).isEqualTo("1-;2n!;");
    assertThatThrownBy(() -> render(template, Map.of("items", List.of(Map.of("note", "x")))))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "template t, version 1, sms.text, line 1, column 11: variable \"price\" is missing from"
                + " the data");
  }

  @Test
  void defaultsStandInAndOptionalVariablesAreNothing() {
    Template template =
        Template.named("t")
            .optional("a", VariableType.TEXT, "default")
            .optional("b", VariableType.TEXT)
            .optional("c", VariableType.NUMBER, 7)
            .sms("{{a}}|{{b}}|{{b | upper}}|{{#b}}b{{/b}}{{^b}}no b{{/b}}|{{c | number: 1}}")
            .build();
    assertThat(render(template, Map.of())).isEqualTo("default|||no b|7.0");
    assertThat(render(template, Map.of("a", "x", "b", "y", "c", 1))).isEqualTo("x|y|Y|b|1.0");
    assertThat(render(template, Collections.singletonMap("a", null))).startsWith("default|");
  }

  @Test
  void nullCanBeTestedButNotWritten() {
    Template template =
        Template.named("t")
            .requires("items", VariableType.LIST)
            .sms("{{#items}}{{#note}}{{note}}{{/note}}{{^note}}none{{/note}}{{/items}}")
            .build();
    Map<String, Object> item = new HashMap<>();
    item.put("note", null);
    assertThat(render(template, Map.of("items", List.of(item)))).isEqualTo("none");

    Template writes =
        Template.named("u")
            .requires("items", VariableType.LIST)
            .sms("{{#items}}{{note}}{{/items}}")
            .build();
    assertThatThrownBy(() -> render(writes, Map.of("items", List.of(item))))
        .hasMessageContaining("variable \"note\" is null: test it by {{#note}}");
    assertThatThrownBy(() -> render(writes, Map.of("items", List.of(Map.of()))))
        .hasMessageContaining("variable \"note\" is missing from the data");
  }

  @Test
  void aConditionOnAMissingFieldIsAnErrorToo() {
    Template template =
        Template.named("t")
            .requires("items", VariableType.LIST)
            .sms("{{#items}}{{#nte}}x{{/nte}}{{/items}}")
            .build();
    assertThatThrownBy(() -> render(template, Map.of("items", List.of(Map.of("note", 1)))))
        .hasMessageContaining("variable \"nte\" is missing from the data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{x}}a", "{{#x}}{{y}}{{/x}}a", "{{x.y.z}}a", "{{.}}a"})
  void lenientTemplatesWriteNothingInstead(String text) {
    Template template = Template.named("t").lenient().sms(text).build();
    if (text.equals("{{.}}a")) {
      assertThatThrownBy(() -> render(template, Map.of())).hasMessageContaining("is a map");
    } else {
      assertThat(render(template, Map.of())).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, no", "'', no", "false, no", "1, yes", "x, yes", "true, yes", "0.0, no"})
  void zeroFalseAndEmptyTextCountAsNo(String value, String expected) {
    Object typed =
        switch (value) {
          case "0" -> 0L;
          case "0.0" -> 0.0;
          case "1" -> 1;
          case "true", "false" -> Boolean.valueOf(value);
          default -> value;
        };
    Template template =
        Template.named("t").requires("v").sms("{{#v}}yes{{/v}}{{^v}}no{{/v}}").build();
    assertThat(render(template, Map.of("v", typed))).isEqualTo(expected);
  }

  @Test
  void listsCountAndKnowTheirEnds() {
    Template template =
        Template.named("t")
            .requires("v", VariableType.LIST)
            .sms(
                "{{#v}}{{-index}}:{{.}}{{^-last}}, {{/-last}}{{/v}}{{#v}}{{#-first}}!{{/-first}}{{/v}}")
            .build();
    assertThat(render(template, Map.of("v", List.of("a", "b", "c")))).isEqualTo("1:a, 2:b, 3:c!");
  }

  // --- Bad input --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"'{{#v}}x{{/v}}'", "' {{! nothing }} '", "'{{v}}'"})
  void aTemplateThatRendersToNothingIsAnError(String text) {
    Template template = Template.named("t").requires("v").sms(text).build();
    assertThatThrownBy(() -> render(template, Map.of("v", "")))
        .isInstanceOf(TemplateException.class)
        .hasMessage("template t, version 1, sms.text: it renders to nothing");
  }

  @Test
  void aValueOfTenMegabytesIsRefused() {
    Template template = Template.named("t").requires("v").sms("{{v}}").build();
    assertThatThrownBy(() -> render(template, Map.of("v", "x".repeat(10_000_000))))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("\"data.v\" must have at most 1000000 characters, but has 10000000");
  }

  @Test
  void aTextThatGrowsTooLongIsRefused() {
    Template template =
        Template.named("t").requires("v").requires("l").sms("{{#l}}{{v}}{{/l}}").build();
    Map<String, ?> data = Map.of("v", "x".repeat(900_000), "l", List.of(1, 2, 3));
    assertThatThrownBy(() -> render(template, data))
        .hasMessageContaining("sms.text, line 1, column 7: it renders to more than 2000000");
  }

  @Test
  void sectionsThatRunTooOftenAreStopped() {
    String text = "{{#l}}".repeat(4) + "{{/l}}".repeat(4);
    Template template = Template.named("t").requires("l").sms("a" + text).build();
    assertThatThrownBy(() -> render(template, Map.of("l", Collections.nCopies(500, 1))))
        .hasMessageContaining("it goes through its sections more than 1000000 times");
  }

  @Test
  @Timeout(20)
  void aLongTextIsReadOnceAndNotOnceForEachTag() {
    String html = "{{a}}".repeat(100_000) + "\n<p>{{b}}";
    Template template = Template.named("t").requires("a").email("s", html, "t").build();
    assertThat(notifier.templates().validate(template))
        .singleElement()
        .asString()
        .startsWith("template t, email.html, line 2, column 4: variable \"b\" is not declared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{NAME}}", "{{#NAME}}{{/NAME}}", "{{a | currency: NAME}}"})
  @Timeout(20)
  void aNameOfEnormousLengthIsNoName(String text) {
    String name = "a" + ".a".repeat(100_000);
    Template template = Template.named("t").requires("a").sms(text.replace("NAME", name)).build();
    assertThat(notifier.templates().validate(template))
        .singleElement()
        .asString()
        .contains("line 1, column 1: \"a.a.a")
        .contains("is no name of a variable");
  }

  @Test
  void sectionsThatNestTooDeepAreRefused() {
    String text = "{{#l}}".repeat(5_000) + "{{/l}}".repeat(5_000);
    Template template = Template.named("t").requires("l").sms("a" + text).build();
    assertThat(notifier.templates().validate(template))
        .singleElement()
        .asString()
        .contains("sections nest at most 50 deep");
  }

  @Test
  void recursionIsFoundOverAnyNumberOfSteps() {
    Template direct = Template.named("self").sms("a{{> self}}").build();
    notifier.templates().save(Template.named("self").sms("a").build());
    assertThat(notifier.templates().validate(direct))
        .singleElement()
        .hasToString(
            "template self, sms.text, line 1, column 2: template self includes itself: self → self");
    notifier.templates().save(Template.named("c").sms("c").build());
    notifier.templates().save(Template.named("b").sms("b{{> c}}").build());
    notifier.templates().save(Template.named("a").sms("a{{> b}}").build());
    assertThat(notifier.templates().validate(Template.named("c").sms("c{{> a}}").build()))
        .singleElement()
        .asString()
        .contains("template c includes itself: c → a → b → c");
  }

  @Test
  void includesThatMultiplyAreStopped() {
    notifier.templates().save(Template.named("p0").sms("x").build());
    for (int i = 1; i <= 4; i++) {
      String text = ("{{> p" + (i - 1) + "}}").repeat(4);
      notifier.templates().save(Template.named("p" + i).sms(text).build());
    }
    assertThat(notifier.templates().validate(Template.named("q").sms("{{> p4}}".repeat(4)).build()))
        .singleElement()
        .asString()
        .contains("a part must include at most 1000 others");
  }

  @Test
  void unevenBracesAndOtherNoiseNeverCrash() {
    Random random = new Random(42);
    String alphabet = "{{{{}}}}#^/!>&<$=|. \n\ra\"':,%?*-_";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder("x");
      for (int i = random.nextInt(30); i >= 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Template template =
          Template.named("t").lenient().part("email", TemplateFormat.HTML, text.toString()).build();
      List<TemplateProblem> problems = notifier.templates().validate(template);
      assertThat(problems).allSatisfy(problem -> assertThat(problem.line()).isPositive());
    }
  }

  // --- Data -------------------------------------------------------------------------------------

  record Item(String name, int count) {}

  /** A bean as old frameworks make them. */
  public static final class Basket {
    public String getOwner() {
      return "Ada";
    }

    public boolean isPaid() {
      return true;
    }

    public List<Item> getItems() {
      return List.of(new Item("pen", 2));
    }

    public String getURL() {
      return "https://example.com";
    }

    public String secret() {
      return "no getter";
    }
  }

  /** A bean whose getter fails. */
  public static final class Broken {
    private final String date;

    Broken(String date) {
      this.date = date;
    }

    public String getName() {
      return Instant.parse(date).toString();
    }
  }

  @Test
  void recordsAreReadAndBeansOnlyWhenTheyAreHandedOver() {
    Template template =
        Template.named("t")
            .requires("basket", VariableType.MAP)
            .sms(
                "{{basket.owner}}{{#basket.paid}}!{{/basket.paid}}{{#basket.items}}{{name}}{{count}}{{/basket.items}}")
            .build();
    assertThat(render(template, Map.of("basket", Template.bean(new Basket()))))
        .isEqualTo("Ada!pen2");
    assertThatThrownBy(() -> render(template, Map.of("basket", new Basket())))
        .hasMessageContaining("hand over Template.bean(...)");
    assertThat(Template.bean(new Basket())).containsOnlyKeys("owner", "paid", "items", "URL");
    assertThatThrownBy(() -> Template.bean(new Broken("secret-value")))
        .hasMessageContaining("threw java.time.format.DateTimeParseException")
        .hasMessageNotContaining("secret-value");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void numbersMustBeFinite(double number) {
    assertThatThrownBy(() -> TemplateTexts.render("sms.text", "{{v}}", Map.of("v", number)))
        .hasMessageContaining("must be a finite number");
  }

  @Test
  void aNumberThatWouldFillTheMemoryIsRefused() {
    for (String number : List.of("1E+1000000000", "1E-1000000000")) {
      assertThatThrownBy(
              () -> TemplateTexts.render("sms.text", "{{v}}", Map.of("v", new BigDecimal(number))))
          .hasMessageContaining("must be a number of at most 1000 digits");
    }
  }

  @Test
  void arraysAreLists() {
    String text = "{{#v}}{{.}} {{/v}}";
    Object[] objects = {1, Thread.State.NEW, Optional.of("x")};
    assertThat(TemplateTexts.render("sms.text", text, Map.of("v", objects))).isEqualTo("1 NEW x ");
    assertThat(TemplateTexts.render("sms.text", text, Map.of("v", new double[] {0.5, 1})))
        .isEqualTo("0.5 1.0 ");
  }

  @Test
  void dataIsBoundedInDepthAndNumber() {
    Object deep = List.of();
    for (int i = 0; i < 12; i++) {
      deep = List.of(deep);
    }
    Object nested = deep;
    assertThatThrownBy(() -> TemplateTexts.render("sms.text", "a", Map.of("v", nested)))
        .hasMessageContaining("must nest at most 10 deep");
    assertThatThrownBy(
            () ->
                TemplateTexts.render("sms.text", "a", Map.of("v", Collections.nCopies(10_001, 1))))
        .hasMessageContaining("at most 10000 values");
    assertThatThrownBy(() -> TemplateTexts.render("sms.text", "a", Map.of("v", Map.of(1, 2))))
        .hasMessageContaining("must have text keys only");
  }
}
