package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewsletterTest {
  @Test
  void tenThousandAreSentWithProgress() throws Exception {
    String output = Console.outputOf(() -> Newsletter.main(new String[0]));

    assertThat(output)
        .contains("[########################################]  9,986 sent, 4 failed, 10 refused")
        .containsPattern("batch [0-9a-f]{16} is FINISHED")
        .contains("there is no such pager");
  }
}
