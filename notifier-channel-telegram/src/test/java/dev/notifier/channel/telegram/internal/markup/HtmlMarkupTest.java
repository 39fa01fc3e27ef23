package dev.notifier.channel.telegram.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlMarkupTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plain                                                  | plain
          <b>bold <i>both</i></b>                                | bold both
          <B>case does not matter</b>                            | case does not matter
          <a href="https://example.com/?a=1&amp;b=2">link</a>    | link
          <a href='x'>single quotes</a>                          | single quotes
          <pre><code class="language-python">x</code></pre>      | x
          <blockquote expandable>quote</blockquote>              | quote
          <span class="tg-spoiler">hidden</span>                 | hidden
          <tg-spoiler>hidden</tg-spoiler>                        | hidden
          <tg-emoji emoji-id="5368324170671202286">x</tg-emoji>  | x
          &lt;b&gt; &amp;&quot; &#65;&#x42;                      | <b> &" AB
          &nbsp; and &eacute; stay literal                       | &nbsp; and &eacute; stay literal
          R&D > 1                                                | R&D > 1
          &#0; &#xD800; &#1114112;                               | &#0; &#xD800; &#1114112;
          """)
  void whatTelegramKnowsIsUnderstood(String html, String visible) {
    Markup markup = Markup.html(html).orElseThrow();

    assertThat(markup.visible()).isEqualTo(visible);
    assertThat(markup.source()).isEqualTo(html);
    assertThat(markup.length()).isEqualTo(visible.codePointCount(0, visible.length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<b>unclosed",
        "unopened</b>",
        "<b><i>crossed</b></i>",
        "line<br>break",
        "<p>paragraph</p>",
        "<table><tr><td>x</td></tr></table>",
        "<span>without a class</span>",
        "<span class=\"red\">x</span>",
        "a < b",
        "<!-- comment -->",
        "<",
        "<b",
        "<a href=\"x>y</a>"
      })
  void whatTelegramRefusesIsNotUnderstood(String html) {
    assertThat(Markup.html(html)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <p>Hello <b>Ada</b></p><p>Bye</p>                          | Hello Ada\\n\\nBye
          <html><head><title>t</title><style>p{}</style></head>x     | x
          one<br>two<br/>three                                       | one\\ntwo\\nthree
          <ul><li>a</li><li>b</li></ul>                              | • a\\n\\n• b
          <a href="https://example.com/x?a=1&amp;b=2">Track</a> it   | Track (https://example.com/x?a=1&b=2) it
          <a href="https://example.com">https://example.com</a>      | https://example.com
          <a href="mailto:a@example.com">write</a>                   | write
          <script>var a = "<b>";</script>x                           | x
          <STYLE>no end                                              | ''
          <!-- <p>hidden</p> -->x<!DOCTYPE html>                     | x
          5 &lt; 6 &euro; &uuml;&#8364; &unknown; R&D                | 5 < 6 € ü€ &unknown; R&D
          <table><tr><td>a</td><td>b</td></tr></table>               | a b
          a < b and <b unclosed                                      | a < b and <b unclosed
          many     spaces                                            | many spaces
          a&nbsp;&nbsp;&nbsp;b                                       | a b
          """)
  void theWordsOfAnyHtmlAreFound(String html, String words) {
    assertThat(PlainText.ofHtml(html)).isEqualTo(words.replace("\\n", "\n"));
  }
}
