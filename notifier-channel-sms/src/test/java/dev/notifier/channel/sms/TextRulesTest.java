package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import dev.notifier.channel.sms.SmsSegments.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextRulesTest {
  private static final TextRules CUTTING = new TextRules(2, true, false);

  @Test
  void aTextThatFitsIsLeftAlone() {
    String text = "“€” ".repeat(33);
    assertThat(TextRules.DEFAULTS.fit(text, false)).isSameAs(text);
  }

  @Test
  void aTextThatIsTooLongIsRefusedWithItsNumbers() {
    assertThatThrownBy(() -> TextRules.DEFAULTS.fit("a".repeat(919), false))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("at most 6 parts")
        .hasMessageContaining("7 parts, GSM-7, 919 units");
  }

  @ParameterizedTest
  @CsvSource({"a, 500, 303", "€, 300, 151", "я, 500, 131"})
  void aTextThatIsTooLongIsCutWhereTheDotsStillFit(String character, int count, int kept) {
    String cut = CUTTING.fit(character.repeat(count), false);

    assertThat(cut).isEqualTo(character.repeat(kept) + "...");
    assertThat(SmsSegments.of(cut).parts()).isEqualTo(2);
  }

  @Test
  void aCutTearsNoCharacterApartThatTheReaderSeesAsOne() {
    String family = "👨‍👩‍👧‍👦"; // 11 units
    assertThat(CUTTING.fit(family.repeat(50), false)).isEqualTo(family.repeat(11) + "...");
  }

  @Test
  void aCutTextOfHugeLengthIsStillQuick() {
    assertThat(CUTTING.fit("a".repeat(10_000_000), false)).hasSize(306);
  }

  @Test
  void theTextOfAnMmsIsCountedInCharacters() {
    assertThat(CUTTING.fit("я".repeat(1600), true)).hasSize(1600);
    assertThat(CUTTING.fit("я".repeat(1601), true)).hasSize(1600).endsWith("я...");
    assertThatThrownBy(() -> TextRules.DEFAULTS.fit("я".repeat(1601), true))
        .hasMessageContaining("at most 1600 characters, but has 1601");
  }

  @Test
  void smartEncodingReplacesWhatOnlyLooksDifferent() {
    TextRules smart = new TextRules(6, false, true);
    String text = "“It’s”\u00a0here\u200b – 50\u202f%… café";

    String sent = smart.fit(text, false);

    assertThat(sent).isEqualTo("\"It's\" here - 50 %... café");
    assertThat(SmsSegments.of(sent).encoding()).isEqualTo(Encoding.GSM_7);
  }

  @Test
  void smartEncodingComposesAccents() {
    assertThat(new TextRules(6, false, true).fit("cafe\u0301", false)).isEqualTo("café");
  }

  @Test
  void smartEncodingLeavesATextAloneThatStaysUcs2Anyway() {
    String text = "“Привет” – 👨‍👩‍👧‍👦";
    assertThat(new TextRules(6, false, true).fit(text, false)).isSameAs(text);
  }

  @Test
  void everyReplacementIsInTheGsmAlphabet() {
    for (int c = 0; c < 0x10000; c++) {
      if (!Character.isSurrogate((char) c)) {
        String replaced = SmartEncoding.apply(Character.toString(c));
        assertThat(Gsm7.canEncode(replaced) || replaced.equals(Character.toString(c))).isTrue();
        assertThat(Character.isLetter(c) && Gsm7.canEncode(replaced) && replaced.length() > 1)
            .as("U+%04X becomes %s", c, replaced)
            .isFalse();
      }
    }
  }
}
