package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TelegramTextTest {
  @Test
  void eachKindOfTextHasItsEscapes() {
    assertThat(TelegramText.escapeHtml("a<b>&\"'")).isEqualTo("a&lt;b&gt;&amp;&quot;'");
    assertThat(TelegramText.escapeMarkdownV2("1.5 (a_b)!\\")).isEqualTo("1\\.5 \\(a\\_b\\)\\!\\\\");
    assertThat(TelegramText.escapeMarkdownV2Code("a`b\\c.d")).isEqualTo("a\\`b\\\\c.d");
    assertThat(TelegramText.escapeMarkdownV2Url("x/(y)\\.z")).isEqualTo("x/(y\\)\\\\.z");
  }
}
