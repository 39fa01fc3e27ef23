package dev.notifier.channel.telegram.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownMarkupTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '"',
      textBlock =
          """
          plain                                    ! plain
          *bold _both_*                            ! bold both
          __underline__ ~gone~ ||hidden||          ! underline gone hidden
          ___italic underline_**__                 ! italic underline
          1\\.5 \\* 2                              ! 1.5 * 2
          [link](https://example.com/a_(b\\))      ! link
          [https://example\\.com]                  ! https://example.com
          `code with *stars* and \\``              ! code with *stars* and `
          ```java\\nint x = 1;```                  ! int x = 1;
          ```x```                                  ! x
          >quote\\n>goes on\\nends                 ! quote\\ngoes on\\nends
          >*bold\\n>over lines*                    ! bold\\nover lines
          **>expandable\\n>end||                   ! expandable\\nend
          >spoiler ||here|| too                    ! spoiler here too
          """)
  void whatTelegramKnowsIsUnderstood(String text, String visible) {
    String source = text.replace("\\n", "\n");

    Markup markup = Markup.markdownV2(source).orElseThrow();

    assertThat(markup.visible()).isEqualTo(visible.replace("\\n", "\n"));
    assertThat(markup.source()).isEqualTo(source);
  }

  @Test
  void anEmojiOfItsOwnIsALinkThatCannotBeCut() {
    String source = "![👍](tg://emoji?id=5368324170671202286)";

    Markup markup = Markup.markdownV2(source).orElseThrow();

    assertThat(markup.visible()).isEqualTo("👍");
    assertThat(markup.length()).isEqualTo(1);
    assertThat(markup.source()).isEqualTo(source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "a-b",
        "a|b",
        "hello!",
        "*unclosed",
        "_crossed *over_*",
        "[link](no end",
        "`code",
        "a > b",
        "(x)",
        "*bold\n>quote*",
        ">*bold\nno quote*",
        "```x",
        "#tag"
      })
  void whatTelegramRefusesIsNotUnderstood(String text) {
    assertThat(Markup.markdownV2(text)).isEmpty();
  }

  /** The table of the Bot API: every character from 1 to 126 may be escaped. */
  @Test
  void everyEscapedCharacterIsItself() {
    IntStream.rangeClosed(1, 126)
        .mapToObj(Character::toString)
        .forEach(
            c ->
                assertThat(Markup.markdownV2("\\" + c).map(Markup::visible))
                    .as("\\" + c)
                    .contains(c));
  }

  @Test
  void whatIsEscapedByUsIsShownAsItWas() {
    String all =
        IntStream.rangeClosed(32, 126).mapToObj(Character::toString).reduce("", String::concat);

    assertThat(Markup.markdownV2(Escapes.markdownV2(all)).map(Markup::visible)).contains(all);
    assertThat(Markup.markdownV2("`" + Escapes.markdownV2Code(all) + "`").map(Markup::visible))
        .contains(all);
    assertThat(Markup.markdownV2("[x](" + Escapes.markdownV2Url(all) + ")").map(Markup::visible))
        .contains("x");
    assertThat(Markup.html(Escapes.html(all)).map(Markup::visible)).contains(all);
  }

  @Test
  void withoutEscapesTheTextIsReadable() {
    assertThat(PlainText.ofMarkdownV2("1\\.5 \\\\ 2\\!")).isEqualTo("1.5 \\ 2!");
  }
}
