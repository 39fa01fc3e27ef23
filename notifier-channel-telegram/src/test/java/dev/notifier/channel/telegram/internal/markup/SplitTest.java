package dev.notifier.channel.telegram.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
  private static List<String> sources(Markup markup, int limit) {
    return markup.split(limit).stream().map(Markup::source).toList();
  }

  private static List<String> html(String html, int limit) {
    return sources(Markup.html(html).orElseThrow(), limit);
  }

  private static List<String> markdown(String text, int limit) {
    return sources(Markup.markdownV2(text).orElseThrow(), limit);
  }

  @Test
  void whatFitsStaysWhole() {
    assertThat(html("<b>1234</b>", 4)).containsExactly("<b>1234</b>");
  }

  @Test
  void codePointsCountAndNotCharacters() {
    String emoji = "😀".repeat(4096);

    assertThat(sources(Markup.plain(emoji), 4096)).containsExactly(emoji);
    assertThat(sources(Markup.plain(emoji + "😀"), 4096)).containsExactly(emoji, "😀");
  }

  @Test
  void tagsAreClosedAndOpenedAgain() {
    assertThat(html("<b>12<a href=\"x\">345</a></b>", 3))
        .containsExactly("<b>12<a href=\"x\">3</a></b>", "<b><a href=\"x\">45</a></b>");
  }

  @Test
  void aTagThatStartsAtTheCutOpensAfterIt() {
    assertThat(html("123<b>456</b>", 3)).containsExactly("123", "<b>456</b>");
  }

  @Test
  void aTagThatEndsAtTheCutIsNotOpenedAgain() {
    assertThat(html("<b>123</b>456", 3)).containsExactly("<b>123</b>", "456");
  }

  @Test
  void anEntityIsOneCharacterAndIsNotCut() {
    assertThat(html("&lt;&lt;&lt;&#128512;", 2)).containsExactly("&lt;&lt;", "&lt;&#128512;");
  }

  @Test
  void paragraphsThenLinesThenWordsAreKeptTogether() {
    assertThat(sources(Markup.plain("aaa\n\nb\nc dd"), 8)).containsExactly("aaa\n\n", "b\nc dd");
    assertThat(sources(Markup.plain("aaa a\nb c dd"), 8)).containsExactly("aaa a\n", "b c dd");
    assertThat(sources(Markup.plain("aaa aaa bbb"), 8)).containsExactly("aaa aaa ", "bbb");
    assertThat(sources(Markup.plain("aaaaaaaabbb"), 8)).containsExactly("aaaaaaaa", "bbb");
  }

  @Test
  void accentsAndJoinedEmojiAreNotCut() {
    assertThat(sources(Markup.plain("aaae\u0301bb"), 4)).containsExactly("aaa", "e\u0301bb");
    assertThat(sources(Markup.plain("aaaa👩\u200D👧"), 6)).containsExactly("aaaa", "👩\u200D👧");
    assertThat(sources(Markup.plain("aaaaa👍🏽"), 6)).containsExactly("aaaaa", "👍🏽");
  }

  @Test
  void blankPartsAreLeftOut() {
    assertThat(sources(Markup.plain("a" + "\n".repeat(20) + "b"), 5))
        .containsExactly("a\n\n\n\n", "\nb");
    assertThat(Markup.plain(" \n ").split(5)).isEmpty();
    assertThat(Markup.plain(" ".repeat(20)).split(5)).isEmpty();
  }

  @Test
  void escapesOfMarkdownAreNotCut() {
    assertThat(markdown("\\.\\.\\.", 2)).containsExactly("\\.\\.", "\\.");
  }

  @Test
  void linksAndCodeOfMarkdownAreClosedAndOpenedAgain() {
    assertThat(markdown("[1234](https://example.com)", 2))
        .containsExactly("[12](https://example.com)", "[34](https://example.com)");
    assertThat(markdown("```java\n1234```", 2)).containsExactly("```java\n12```", "```java\n34```");
  }

  @Test
  void quotesOfMarkdownGoOn() {
    assertThat(markdown(">1234\n5", 2)).containsExactly(">12", ">34", "\n5");
  }

  /** Three underscores would be read as underline first: an empty bold text stands between. */
  @Test
  void italicAndUnderlineOfMarkdownAreKeptApart() {
    assertThat(markdown("__1_23_4__", 2)).containsExactly("__1_2_**__", "__**_3_4__");
    assertThat(markdown("_1__23__4_", 2)).containsExactly("_1__2__**_", "_**__3__4_");
    assertThat(markdown("_12__34__5_", 2)).containsExactly("_12_", "_**__34__**_", "_5_");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20})
  void everyPartIsWholeAndTheyAddUpToTheText(int limit) {
    Random random = new Random(limit);
    for (int i = 0; i < 300; i++) {
      check(randomText(random, 0, SplitTest::htmlElement), Markup::html, limit);
      check(randomText(random, 0, SplitTest::markdownElement), Markup::markdownV2, limit);
      check(randomText(random, 0, SplitTest::underlineFirst), Markup::markdownV2, limit);
    }
  }

  private static void check(String source, Function<String, Optional<Markup>> read, int limit) {
    Markup whole = read.apply(source).orElseThrow(() -> new AssertionError(source));
    List<Markup> parts = whole.split(limit);

    assertThat(parts)
        .as(source)
        .allSatisfy(
            part -> {
              assertThat(part.length()).isBetween(1, limit);
              assertThat(read.apply(part.source()).map(Markup::visible)).contains(part.visible());
            });
    String joined = parts.stream().map(Markup::visible).collect(Collectors.joining());
    assertThat(joined.replaceAll("\\s", "")).isEqualTo(whole.visible().replaceAll("\\s", ""));
  }

  private static String randomText(Random random, int depth, Elements element) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4) + 1; i > 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
      if (depth < 3 && random.nextBoolean()) {
        String[] marks = element.pick(random, depth);
        text.append(marks[0]).append(randomText(random, depth + 1, element)).append(marks[1]);
      }
    }
    return text.append(WORDS[0]).toString();
  }

  private interface Elements {
    String[] pick(Random random, int depth);
  }

  private static final String[] WORDS = {"a", "word ", "two words\n", "😀", "e\u0301", "line\n\n"};

  private static String[] htmlElement(Random random, int depth) {
    String[][] elements = {
      {"<b>", "</b>"},
      {"<a href=\"https://example.com\">", "</a>"},
      {"&lt;", "&gt;"},
      {"<u>", "</u>"}
    };
    return elements[random.nextInt(elements.length)];
  }

  /** An element is never inside another of its kind, which MarkdownV2 cannot say. */
  private static String[] markdownElement(Random random, int depth) {
    String[][][] elements = {
      {{"_", "_"}, {"*", "*"}, {"\\<", "\\>"}},
      {{"__", "__"}, {"[", "](https://example.com)"}},
      {{"||", "||"}, {"~", "~"}}
    };
    return elements[depth][random.nextInt(elements[depth].length)];
  }

  private static String[] underlineFirst(Random random, int depth) {
    String[][] elements = {{"__", "__"}, {"_", "_"}, {"*", "*"}};
    return elements[depth];
  }
}
