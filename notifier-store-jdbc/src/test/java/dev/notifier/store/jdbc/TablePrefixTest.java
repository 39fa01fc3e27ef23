package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablePrefixTest {
  @ParameterizedTest
  @ValueSource(strings = {"notifier_", "n", "a1_", "abcdefghijklmnopqrstuvwxyz1234"})
  void plainIdentifiersArePrefixes(String prefix) {
    assertThat(new TablePrefix(prefix).text()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1a",
        "_a",
        "Notifier_",
        "no-tifier",
        "app.notifier_",
        "n ",
        "n\n",
        "\"n\"",
        "n`",
        "ñ_",
        "x; DROP TABLE users; --",
        "abcdefghijklmnopqrstuvwxyz12345"
      })
  void anythingElseIsRefused(String prefix) {
    assertThatThrownBy(() -> new TablePrefix(prefix))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must be 1 to 30 lower-case letters");
  }

  @Test
  void aRefusalShowsOneShortLine() {
    assertThatThrownBy(() -> new TablePrefix("a\nb\u202e" + "c".repeat(1000)))
        .hasMessageStartingWith("table prefix \"a?b?ccc")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }
}
