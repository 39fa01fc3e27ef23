package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  private static final int MAX_BODY = 10 * 1024 * 1024;

  @Test
  void everyPartIsKept() {
    Content content = Content.text("Hello\r\n\tAda").withSubject("Hi 😀").withHtml("<b>Hello</b>");
    assertThat(content.subject()).contains("Hi 😀");
    assertThat(content.text()).contains("Hello\r\n\tAda");
    assertThat(content.html()).contains("<b>Hello</b>");
  }

  @Test
  void changingAPartLeavesTheContentAsItWas() {
    Content content = Content.text("one");
    assertThat(content.withText("two").text()).contains("two");
    assertThat(content.text()).contains("one");
    assertThat(Content.EMPTY.text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nBcc: x@y.z", "a\n", "\ra", "a\u0000", "a\u0085b", "a\u2028b"})
  void aSubjectOfSeveralLinesIsRefused(String subject) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Content.EMPTY.withSubject(subject))
        .withMessageStartingWith("subject must be one line without control characters")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void theSubjectHasAtMost1000Characters() {
    assertThat(Content.EMPTY.withSubject("x".repeat(1000)).subject()).isPresent();
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Content.EMPTY.withSubject("x".repeat(1001)))
        .withMessage("subject must have at most 1000 characters, but has 1001");
  }

  static Stream<UnaryOperator<String>> bodies() {
    return Stream.of(
        text -> Content.EMPTY.withText(text).text().orElseThrow(),
        html -> Content.EMPTY.withHtml(html).html().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void aBodyHasAtMostTenMegaCharacters(UnaryOperator<String> body) {
    String longest = "x".repeat(MAX_BODY);
    assertThat(body.apply(longest)).isSameAs(longest);
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> body.apply(longest + "x"))
        .withMessageEndingWith("must have at most 10485760 characters, but has 10485761");
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void anUnpairedSurrogateIsRefusedWhereverItStands(UnaryOperator<String> body) {
    assertThat(body.apply("😀")).isEqualTo("😀");
    for (String bad : new String[] {"\ud800", "ab\udc00", "😀\ud83d", "\ude00\ud83d"}) {
      assertThatExceptionOfType(InvalidNotificationException.class)
          .isThrownBy(() -> body.apply(bad))
          .withMessageContaining("must be well-formed Unicode, but has an unpaired surrogate at");
    }
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Content.EMPTY.withSubject("a\ud800"))
        .withMessageContaining("unpaired surrogates");
  }

  @Test
  void contentWithoutAVisibleCharacterIsBlank() {
    assertThat(Content.EMPTY.isBlank()).isTrue();
    assertThat(Content.text(" \n").withSubject("").withHtml("\t").isBlank()).isTrue();
    assertThat(Content.EMPTY.withSubject("x").isBlank()).isFalse();
    assertThat(Content.EMPTY.withHtml("x").isBlank()).isFalse();
  }

  @Test
  void contentsAreEqualByTheirParts() {
    assertThat(Content.text("x"))
        .isEqualTo(Content.text("x"))
        .hasSameHashCodeAs(Content.text("x"))
        .isNotEqualTo(Content.EMPTY.withHtml("x"))
        .isNotEqualTo(Content.text("x").withSubject("x"));
  }

  @Test
  void theTextFormNeverSaysWhatTheContentSays() {
    assertThat(Content.text("secret").withSubject("hush"))
        .hasToString("Content[subject=4 characters, text=6 characters, html=none]");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> Content.EMPTY.withSubject(null))
        .withMessage("subject");
    assertThatNullPointerException().isThrownBy(() -> Content.text(null)).withMessage("text");
    assertThatNullPointerException()
        .isThrownBy(() -> Content.EMPTY.withHtml(null))
        .withMessage("html");
  }
}
