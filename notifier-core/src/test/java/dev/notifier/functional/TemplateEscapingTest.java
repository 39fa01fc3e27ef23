package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.spi.SteppedNotifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateEscapingTest {
  private static final String NASTY = "<a href='x'>\"&`=\r\n_*[]()~>#+-|{}.!\\";

  private static String render(String part, String text, Object value) {
    return TemplateTexts.render(part, text, Map.of("v", value));
  }

  @Test
  void htmlIsEscapedForTextAndQuotedAttributesAndNothingElseChanges() {
    assertThat(render("email.html", "<p title=\"{{v}}\">{{v}}</p>", "<b>&\"'`=\n"))
        .isEqualTo("<p title=\"&lt;b&gt;&amp;&quot;&#39;`=\n\">&lt;b&gt;&amp;&quot;&#39;`=\n</p>");
  }

  @Test
  void textAndSmsAreNotEscaped() {
    assertThat(render("email.text", "{{v}}", NASTY)).isEqualTo(NASTY);
    assertThat(render("sms.text", "{{v}}", NASTY)).isEqualTo(NASTY);
  }

  @Test
  void theRawFormIsWrittenAsItStands() {
    assertThat(render("email.html", "{{{v}}} {{&v}}", "<b>")).isEqualTo("<b> <b>");
    assertThat(render("telegram.markdown-v2", "{{{v}}}", "*b*")).isEqualTo("*b*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\u2028b", "a\u0000b\u0085c"})
  void aValueCannotBreakASubject(String value) {
    String subject = render("email.subject", "Hello {{{v}}}!\n", value);
    assertThat(subject).doesNotContainPattern("[\\p{Cntrl}\u0085\u2028\u2029]");
    assertThat(subject).startsWith("Hello a ").endsWith("!");
  }

  @Test
  void telegramHtmlIsEscapedByEntitiesThatTelegramKnows() {
    assertThat(render("telegram.html", "<b>{{v}}</b>", "<i>\"&'"))
        .isEqualTo("<b>&lt;i&gt;&quot;&amp;&#39;</b>");
  }

  @Test
  void everySpecialCharacterOfMarkdownV2IsEscaped() {
    String special = "_*[]()~`>#+-=|{}.!\\";
    StringBuilder escaped = new StringBuilder();
    special.chars().forEach(c -> escaped.append('\\').append((char) c));
    assertThat(render("telegram.markdown-v2", "*{{v}}*", special)).isEqualTo("*" + escaped + "*");
  }

  @ParameterizedTest
  @CsvSource({"telegram.markdown-v2, '\\{{v}}'", "webhook.json, '\"\\{{v}}\"'"})
  void aValueMustNotFollowABackslashWhichWouldUndoItsEscaping(String part, String text) {
    assertThatThrownBy(() -> render(part, text, "\"*"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("a value must not follow a backslash");
  }

  @Test
  void aValueInAJsonStringStaysInIt() {
    assertThat(
            render("webhook.json", "{\"a\": \"x{{v}}\"}", "\",\"admin\":true,\"\\\n\u0001<\u2028"))
        .isEqualTo("{\"a\": \"x\\\",\\\"admin\\\":true,\\\"\\\\\\n\\u0001\\u003c\\u2028\"}");
  }

  @Test
  void aValueOutsideAJsonStringIsAWholeJsonValue() {
    assertThat(render("webhook.json", "{\"a\": {{v}}}", "1,\"admin\":true"))
        .isEqualTo("{\"a\": \"1,\\\"admin\\\":true\"}");
    assertThat(render("webhook.json", "{\"a\": {{v}}}", 12.5)).isEqualTo("{\"a\": 12.5}");
    assertThat(render("webhook.json", "{\"a\": {{v}}}", true)).isEqualTo("{\"a\": true}");
    assertThat(render("webhook.json", "[{{v}}]", Arrays.asList(1, "a\"", null, Map.of("k", "v"))))
        .isEqualTo("[[1,\"a\\\"\",null,{\"k\":\"v\"}]]");
  }

  @Test
  void sectionsDoNotConfuseWhereAStringBegins() {
    String text = "[{{#v}}{{^-first}},{{/-first}}{\"n\":\"{{.}}\"}{{/v}}]";
    assertThat(render("webhook.json", text, List.of("a", "b\"")))
        .isEqualTo("[{\"n\":\"a\"},{\"n\":\"b\\\"\"}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": }",
        "{'a': 1}",
        "[1,]",
        "{\"a\": 1} x",
        "\"open",
        "01",
        "[\"\\x\"]",
        "tru"
      })
  void aBodyThatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> render("webhook.json", text, 1))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("it renders to text that is no JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[1, -2.5e+7, true, false, null, \"\\u00e9\\n\"]",
        "\"a\"",
        " {\"a\":{}} "
      })
  void everyKindOfJsonIsAccepted(String text) {
    assertThat(render("webhook.json", text, 1)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'<a href={{v}}>', put quotes around the value of this attribute",
    "'<a href= {{v}}>', put quotes around the value of this attribute",
    "'<a class=btn-{{v}}>', put quotes around the value of this attribute",
    "'<a title=\"a > b\" href={{v}}>', put quotes around the value of this attribute",
    "'<a href={{#v}}{{.}}{{/v}}>', put quotes around the value of this attribute",
    "'<p {{v}}>', a value must not name a tag or an attribute",
    "'<{{v}}>', a value must not name a tag or an attribute",
    "'</{{v}}>', a value must not name a tag or an attribute",
    "'<script>var a = \"{{v}}\"</script>', a value cannot be escaped for a script",
    "'<SCRIPT async>{{v}}</SCRIPT>', a value cannot be escaped for a script"
  })
  void placesWhereEscapingIsNoHelpAreRefused(String text, String message) {
    assertThatThrownBy(() -> render("email.html", text, "x"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p>a={{v}}</p>",
        "1 < 2, a={{v}}",
        "<p title=\"a > b={{v}}\">",
        "<p title='<script>'>{{v}}</p>",
        "<!-- <script> <p a= -->{{v}}",
        "<!-- {{v}} -->",
        "<!DOCTYPE html><?xml?><p>{{v}}",
        "<script src='x'></script>{{v}}",
        "<scripts>{{v}}</scripts>",
        "<br/><input disabled>{{v}}",
        "<a href= '{{v}}' title=\"{{v}}\">{{v}}</a>",
        "<a class=b>{{v}}",
        "<a class=>{{v}}",
        "<p {{#v}}class=\"a\"{{/v}}>{{v}}"
      })
  void placesWhereEscapingHelpsAreNot(String text) {
    assertThat(render("email.html", text, 1))
        .isEqualTo(text.replaceAll("\\{\\{[#/]v}}", "").replace("{{v}}", "1"));
  }

  @Test
  void aPartialStandsInTheHtmlAroundIt() {
    try (SteppedNotifier notifier = TemplateTexts.notifier()) {
      notifier
          .templates()
          .save(Template.named("link").requires("v").email("s", "{{v}}", "t").build());
      assertThatThrownBy(
              () ->
                  notifier
                      .templates()
                      .save(Template.parse("t", "=== email.html\n<a href={{>link}}>\n")))
          .hasMessageContaining("put quotes around the value of this attribute");
      notifier.templates().save(Template.parse("t", "=== email.html\n<a href='{{>link}}'>\n"));
    }
  }

  @Test
  void aValueIsNeverReadAsATemplate() {
    assertThat(render("email.text", "{{v}}", "{{v}} {{>x}}")).isEqualTo("{{v}} {{>x}}");
  }
}
