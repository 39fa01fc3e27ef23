package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OrderConfirmationTest {
  @Test
  void bothReadersGetAllThreeInTheirLanguage() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      OrderConfirmation.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    String output = captured.toString(StandardCharsets.UTF_8).replace('\u00a0', ' ');

    assertThat(output.lines().filter("SENT"::equals)).hasSize(2);
    assertThat(output)
        .contains("The server received 2 messages")
        .contains("Order 1001: €1,049.90")
        .contains("* 2 × Pen <fine>\n* 1 × Desk (gift-wrapped)\nYour order of €1,049.90 arrives on")
        .contains("Bestellung 1001: ")
        .contains("Deine Bestellung über ")
        .contains("Montag, 2. März 2026")
        .contains("Paper & Ink: Bestellung 1001, ")
        .contains("1 part, GSM-7")
        .contains("*Bestellung 1001* kommt am 2\\. März 2026:\n• 2 × Pen <fine\\>")
        .contains("• 2 × Pen &lt;fine&gt;");
  }
}
