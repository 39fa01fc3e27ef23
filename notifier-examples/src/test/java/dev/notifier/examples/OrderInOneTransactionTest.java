package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderInOneTransactionTest {
  @Test
  void aConfirmationIsSentIfAndOnlyIfItsOrderCommits() throws Exception {
    String output = Console.outputOf(() -> OrderInOneTransaction.main(new String[0]));

    assertThat(output)
        .contains("[pager] Thank you for order 1001.")
        .contains("order 1002 was rolled back")
        .doesNotContain("Thank you for order 1002.");
  }
}
