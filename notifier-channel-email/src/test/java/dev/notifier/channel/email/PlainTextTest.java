package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "<p>a</p><p>b</p>                             | a¶¶b",
        "a<br>b<br/><br>c                             | a¶b¶¶c",
        "<div>a</div><div>b</div>                     | a¶b",
        "a   b\t c                                    | a b c",
        "a<b> b </b>c                                 | a b c",
        "<ul><li>one</li><li><b>two</b></li></ul>x    | * one¶* two¶¶x",
        "<h1>Title</h1>text                           | Title¶¶text",
        "<table><tr><td>a<td>b</tr><tr><td>c</table>  | a b¶c",
        "<a href='https://x.example/1'>here</a>.      | here <https://x.example/1>.",
        "<a href='mailto:a@x.example'>a@x.example</a> | a@x.example",
        "<a href='#top'>up</a>                        | up",
        "<a href='https://x.example'><img alt='Shop'></a>   | Shop <https://x.example>",
        "<style>p{}</style><script>x()</script>a      | a",
        "<title>t</title><body>a                      | a",
        "<div style='display : none'>preview</div>a   | a",
        "<pre>a  b¶ c</pre>d                          | a  b¶ c¶¶d",
        "a<hr>b                                       | a¶----------¶b",
        "&lt;b&gt; &amp; &nbsp;&euro;                 | <b> & \u00a0€",
        "<!-- no -->a<!-- no -->                      | a",
        "<img src=x>                                  | ~~",
      })
  void htmlIsReadAsItIsSeen(String html, String text) {
    assertThat(PlainText.of(html.replace('¶', '\n'))).isEqualTo(text.replace('¶', '\n'));
  }

  @Test
  void deepAndBrokenHtmlHasAnEnd() {
    assertThat(PlainText.of("<div>".repeat(100_000) + "x</p></table></b>")).contains("x");
  }
}
