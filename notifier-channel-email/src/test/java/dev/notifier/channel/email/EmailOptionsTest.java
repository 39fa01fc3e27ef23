package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailOptionsTest {
  private static final EmailOptions NONE = EmailOptions.create();

  @Test
  void optionsAreReadAgainAsAStoreKeepsThem() {
    EmailOptions options =
        NONE.from("Shop, Inc. <shop@example.com>")
            .toName("Ada \"A\" <L>")
            .replyTo("\"a \\\\ \\\"b\\\"\" <help@example.com>")
            .cc("one@bücher.example")
            .cc("Zwei <zwei@example.com>")
            .bcc("grüße@example.com")
            .header("X-A", "1: 2")
            .header("X-B", "ä")
            .lowImportance()
            .oneClickUnsubscribe("https://example.com/u", "mailto:u@example.com?subject=x");

    EmailOptions read = EmailOptions.of(options.values());

    assertThat(read.values()).isEqualTo(options.values());
    assertThat(read.channel()).hasToString("email");
    assertThat(read.from().orElseThrow().name()).isEqualTo("Shop, Inc.");
    assertThat(read.replyTo().orElseThrow().name()).isEqualTo("a \\ \"b\"");
    assertThat(read.cc()).hasSize(2);
    assertThat(read.cc().get(0).address().text()).isEqualTo("one@xn--bcher-kva.example");
    assertThat(read.bcc().get(0).address().needsUtf8()).isTrue();
    assertThat(read.headers())
        .containsExactly(new HeaderField("X-A", "1: 2"), new HeaderField("X-B", "ä"));
    assertThat(read.importance()).contains("low");
    assertThat(read.isOneClick()).isTrue();
    assertThat(options)
        .hasToString(
            "EmailOptions[bcc, cc, from, headers, importance, one-click, reply-to, to-name,"
                + " unsubscribe]");
  }

  @Test
  void optionsCanBeForAChannelWithAnotherId() {
    assertThat(NONE.forChannel("mail-eu").highImportance().channel()).hasToString("mail-eu");
  }

  @Test
  void anOrdinaryUnsubscribeReplacesOneByOneClick() {
    EmailOptions options =
        NONE.oneClickUnsubscribe("https://example.com/u").unsubscribe("http://example.com/page");
    assertThat(options.values()).isEqualTo(Map.of("unsubscribe", "http://example.com/page"));
  }

  static Stream<Consumer<EmailOptions>> refused() {
    return Stream.of(
        o -> o.from("nobody"),
        o -> o.from("grüße@example.com"),
        o -> o.from("a@example.com\r\nBcc: eve@example.com"),
        o -> o.replyTo("a@example.com, b@example.com"),
        o -> o.cc("a@example.com, b@example.com"),
        o -> o.cc("a@example.com\nBcc: eve@example.com"),
        o -> o.bcc("x".repeat(201) + " <a@example.com>"),
        o -> o.bcc("\"a@b\"@example.com"),
        o -> o.bcc("Eve <a@example.com>\n"),
        o -> o.toName("a\r\nBcc: eve@example.com"),
        o -> o.toName(" "),
        o -> o.toName("x".repeat(201)),
        o -> o.header("X-A", "a\r\nBcc: eve@example.com"),
        o -> o.header("X-A", "a\nb"),
        o -> o.header("X-A", " "),
        o -> o.header("X-A", "x".repeat(901)),
        o -> o.header("X-A\r\nBcc", "eve@example.com"),
        o -> o.header("X A", "x"),
        o -> o.header("X-A:", "x"),
        o -> o.header("", "x"),
        o -> o.header("Größe", "x"),
        o -> o.unsubscribe(),
        o ->
            o.unsubscribe(
                "https://a", "https://b", "https://c", "https://d", "https://e", "https://f"),
        o -> o.unsubscribe("javascript:alert(1)"),
        o -> o.unsubscribe("https://example.com/a b"),
        o -> o.unsubscribe("https://example.com/>,<https://eve.example"),
        o -> o.unsubscribe("https://example.com/\r\nBcc: eve@example.com"),
        o -> o.unsubscribe("https://example.com/" + "x".repeat(900)),
        o -> o.oneClickUnsubscribe("http://example.com/u"),
        o -> o.oneClickUnsubscribe("mailto:u@example.com"),
        o -> o.oneClickUnsubscribe("https://example.com/u", "https://example.com/page"),
        o -> EmailOptions.of(Map.of("sender", "x")),
        o -> EmailOptions.of(Map.of("importance", "urgent")),
        o -> EmailOptions.of(Map.of("one-click", "true")),
        o -> EmailOptions.of(Map.of("one-click", "true", "unsubscribe", "http://example.com")),
        o -> EmailOptions.of(Map.of("unsubscribe", "")),
        o -> EmailOptions.of(Map.of("headers", "no colon")),
        o -> EmailOptions.of(Map.of("headers", "X-A: 1\n")),
        o -> EmailOptions.of(Map.of("headers", "X-A: 1\nBcc: eve@example.com")),
        o -> EmailOptions.of(Map.of("cc", "")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeSentIsRefusedAtOnce(Consumer<EmailOptions> call) {
    assertThatThrownBy(() -> call.accept(NONE))
        .isInstanceOf(InvalidNotificationException.class)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject",
        "bcc",
        "CC",
        "To",
        "From",
        "Sender",
        "Reply-To",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "content-anything",
        "DKIM-Signature",
        "Received",
        "Return-Path",
        "Resent-To",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Auto-Submitted",
        "Importance",
        "X-Priority",
        "ARC-Seal",
        "X-SG-EID",
        "X-SES-CONFIGURATION-SET",
      })
  void aHeaderOfTheChannelsCannotBeSet(String name) {
    assertThatThrownBy(() -> NONE.header(name, "x"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage(
            "header " + name + " is written by the channel or on the way: it cannot be set");
  }

  @Test
  void copiesAndHeadersAreBounded() {
    EmailOptions copies = NONE;
    for (int i = 0; i < 49; i++) {
      String address = "a" + i + "@example.com";
      copies = i % 2 == 0 ? copies.cc(address) : copies.bcc(address);
    }
    EmailOptions full = copies;
    assertThatThrownBy(() -> full.bcc("one-more@example.com"))
        .hasMessage("a message must have at most 49 cc and bcc in all");

    EmailOptions headers = NONE;
    for (int i = 0; i < 15; i++) {
      headers = headers.header("X-" + i, "x");
    }
    EmailOptions all = headers;
    assertThatThrownBy(() -> all.header("X-15", "x"))
        .hasMessage("a message must have at most 15 headers of the application's own");
  }

  @ParameterizedTest
  @CsvSource({"high, 1", "low, 5"})
  void importanceIsWrittenInBothWays(String importance, String priority) {
    EmailMessage message =
        EmailMessage.of(
            Attempts.of(
                dev.notifier.Notification.to("email:ada@example.com")
                    .text("x")
                    .options(
                        importance.equals("high") ? NONE.highImportance() : NONE.lowImportance())),
            MessageSettings.of(dev.notifier.ChannelId.of("email"), SecondParser.FROM));
    assertThat(message.headers())
        .contains(
            new HeaderField("Importance", importance), new HeaderField("X-Priority", priority));
  }
}
