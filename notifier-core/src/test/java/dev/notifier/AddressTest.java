package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  private static final String LABEL_63 = "d".repeat(63);

  /** Four labels: 63 + 63 + 63 + 57 characters and three dots, 249 in all. */
  private static final String DOMAIN_249 =
      String.join(".", LABEL_63, LABEL_63, LABEL_63, "d".repeat(57));

  // --- E-mail -----------------------------------------------------------------------------------

  static Stream<String> goodEmails() {
    return Stream.of(
        "a@b",
        "ada@example.com",
        "ada.lovelace+tag@mail.example.co.uk",
        "!#$%&'*+/=?^_`{|}~-@example.com",
        "1@1.example",
        "ada@xn--mnchen-3ya.example",
        "ada@münchen.example",
        "ada@例え.テスト",
        "señor@example.com",
        "用户@例子.广告",
        "𐐀@example.com", // beyond the basic plane: a surrogate pair
        "a".repeat(64) + "@example.com",
        "é".repeat(32) + "@example.com", // 64 octets
        "ada@" + LABEL_63 + ".com",
        "abcd@" + DOMAIN_249); // 254 octets
  }

  @ParameterizedTest
  @MethodSource("goodEmails")
  void emailAddressesOfTheDotAtomFormAreAccepted(String value) {
    assertThat(new Address(ChannelId.of("email"), value).value()).isEqualTo(value);
  }

  static Stream<Arguments> badEmails() {
    String localPart = "the part before @ must be";
    String domain = "the part after @ must be a domain name";
    return Stream.of(
        arguments("ada", "local-part@domain"),
        arguments("@example.com", "local-part@domain"),
        arguments("ada@", domain),
        arguments(".ada@example.com", localPart),
        arguments("ada.@example.com", localPart),
        arguments("a..b@example.com", localPart),
        arguments("a b@example.com", localPart),
        arguments("a\u00a0b@example.com", localPart),
        arguments("a\u3000b@example.com", localPart),
        arguments("a@b@example.com", localPart),
        arguments("\"ada\"@example.com", "quoted local parts"),
        arguments("ada(comment)@example.com", "comments"),
        arguments("Ada <ada@example.com", localPart),
        arguments("Ada <ada@example.com>", localPart),
        arguments("ada@[192.0.2.1]", "address literals"),
        arguments("ada@[IPv6:2001:db8::1]", "address literals"),
        arguments("ada@-example.com", domain),
        arguments("ada@example-.com", domain),
        arguments("ada@example..com", domain),
        arguments("ada@.example.com", domain),
        arguments("ada@example.com.", domain),
        arguments("ada@exa_mple.com", domain),
        arguments("ada@exa mple.com", domain),
        arguments("ada@" + "d".repeat(64) + ".com", domain),
        arguments("a".repeat(65) + "@example.com", "at most 64 octets"),
        arguments("é".repeat(33) + "@example.com", "at most 64 octets"),
        arguments("abcde@" + DOMAIN_249, "at most 254 octets"),
        arguments("éé1@" + DOMAIN_249, "at most 254 octets")); // 253 characters
  }

  @ParameterizedTest
  @MethodSource("badEmails")
  void badEmailAddressesAreRefusedByRuleAndValue(String value, String rule) {
    assertRefused("email", value, rule);
  }

  // --- Phone numbers ----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"+1234567", "+14155550100", "+4915112345678", "+123456789012345"})
  void phoneNumbersInE164FormAreAccepted(String value) {
    assertThat(new Address(ChannelId.of("sms"), value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "14155550100",
        "+",
        "+123456",
        "+1234567890123456",
        "+0151123456",
        "+1 415 555 0100",
        "+1-415-555-0100",
        "(415) 555-0100",
        "0049151123456",
        "+1415555010a",
        "+١٢٣٤٥٦٧٨", // Arabic-Indic digits
        "+1234567８", // a full-width digit
      })
  void otherPhoneNumbersAreRefusedByRuleAndValue(String value) {
    assertRefused("sms", value, "E.164 form: + and 7 to 15 digits");
  }

  // --- Chats ------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"1", "129384", "-1001234567890", "9999999999999999", "@news", "@a_b1"})
  void chatIdsAreAccepted(String value) {
    assertThat(new Address(ChannelId.of("telegram"), value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "01",
        "+1",
        "1.5",
        "12345678901234567",
        "@abc",
        "@1news",
        "news",
        "@",
        "@a-b-c",
        "https://t.me/news",
        "１２３"
      })
  void otherChatsAreRefusedByRuleAndValue(String value) {
    assertRefused("telegram", value, "a numeric chat id or the @name");
  }

  // --- URLs -------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "http://example.com/",
        "HTTPS://EXAMPLE.COM/a/b?c=d&e=%20",
        "https://example.com:8443/hook",
        "https://example.com:65535/",
        "http://192.0.2.1/",
        "http://[2001:db8::1]:80/",
        "http://localhost:1/hook",
        "https://example.com/ü"
      })
  void urlsAreAccepted(String value) {
    assertThat(new Address(ChannelId.of("webhook"), value).value()).isEqualTo(value);
  }

  static Stream<Arguments> badUrls() {
    return Stream.of(
        arguments("example.com", "https:// or http://"),
        arguments("/hook", "https:// or http://"),
        arguments("ftp://example.com/", "https:// or http://"),
        arguments("file:///etc/passwd", "https:// or http://"),
        arguments("javascript:alert(1)", "https:// or http://"),
        arguments("https://", "RFC 3986"),
        arguments("https:///hook", "name a host"),
        arguments("https:hook", "name a host"),
        arguments("https://my_host/", "name a host"),
        arguments("https://münchen.example/", "name a host"),
        arguments("https://example.com:99999999999/", "name a host"),
        arguments("https://example.com:0/", "port must be from 1 to 65535"),
        arguments("https://example.com:65536/", "port must be from 1 to 65535"),
        arguments("https://example.com/#part", "#fragment"),
        arguments("https://example.com/a b", "RFC 3986"),
        arguments("https://example.com/%zz", "RFC 3986"));
  }

  @ParameterizedTest
  @MethodSource("badUrls")
  void badUrlsAreRefusedByRuleAndValue(String value, String rule) {
    assertRefused("webhook", value, rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ada:opensesame@example.com/",
        "https://opensesame@example.com/",
        "https://ada:opensesame@my_host/"
      })
  void theCredentialsOfARefusedUrlAreNotShown(String value) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> new Address(ChannelId.of("webhook"), value))
        .withMessageContaining("https://***@")
        .withMessageNotContaining("opensesame");
  }

  // --- Every channel ----------------------------------------------------------------------------

  static Stream<Arguments> badOnEveryChannel() {
    return Stream.of("email", "sms", "telegram", "webhook", "pager")
        .flatMap(
            channel ->
                Stream.of(
                    arguments(channel, "", "must not be empty"),
                    arguments(channel, " \t", "must not be empty"),
                    arguments(channel, "a@b.c\r\nBcc: x@y.z", "control characters, line breaks"),
                    arguments(channel, "\rada@b.c", "line breaks"),
                    arguments(channel, "ada@b.c\n", "line breaks"),
                    arguments(channel, "+14155550100\n", "line breaks"),
                    arguments(channel, "129384\r", "line breaks"),
                    arguments(channel, "https://b.c/\nd", "line breaks"),
                    arguments(channel, "a\u0000b", "control characters"),
                    arguments(channel, "a\u0085b", "control characters"),
                    arguments(channel, "a\u007fb", "control characters"),
                    arguments(channel, "a\u2028b", "line breaks"),
                    arguments(channel, "a\u2029b", "line breaks"),
                    arguments(channel, "a\ud800b", "unpaired surrogates"),
                    arguments(channel, "a\udc00", "unpaired surrogates"),
                    arguments(channel, " ada", "white space"),
                    arguments(channel, "ada ", "white space"),
                    arguments(channel, "x".repeat(2049), "at most 2048 characters, but has 2049")));
  }

  @ParameterizedTest
  @MethodSource("badOnEveryChannel")
  void valuesThatNoChannelCanTakeAreRefused(String channel, String value, String rule) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> new Address(ChannelId.of(channel), value))
        .withMessageStartingWith(channel + " address \"")
        .withMessageContaining(rule)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "x y", "ünïcode", "😀", "a\u200bb"})
  void aChannelWithoutARuleTakesAnyPrintableText(String value) {
    assertThat(new Address(ChannelId.of("pager"), value).value()).isEqualTo(value);
  }

  @Test
  void aChannelWithoutARuleTakes2048Characters() {
    assertThat(new Address(ChannelId.of("pager"), "x".repeat(2048)).value()).hasSize(2048);
  }

  @Test
  void theLongestAddressOfDotsIsJudgedQuicklyOnASmallStack() throws InterruptedException {
    String many = "a.".repeat(1000) + "a@example.com";
    Throwable[] thrown = new Throwable[1];
    Thread small =
        new Thread(
            null,
            () -> {
              try {
                Address.parse("email:" + many);
              } catch (Throwable e) {
                thrown[0] = e;
              }
            },
            "small",
            128 * 1024);
    small.start();
    small.join(10_000);
    assertThat(thrown[0])
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("at most 64 octets");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> new Address(null, "x"))
        .withMessage("channel");
    assertThatNullPointerException()
        .isThrownBy(() -> new Address(ChannelId.of("email"), null))
        .withMessage("value");
    assertThatNullPointerException().isThrownBy(() -> Address.parse(null)).withMessage("text");
  }

  // --- Text forms -------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "email:ada@example.com, email, ada@example.com",
    "webhook:https://example.com:81/a:b, webhook, https://example.com:81/a:b",
    "pager:a:b, pager, a:b",
  })
  void parsingSplitsAtTheFirstColon(String text, String channel, String value) {
    assertThat(Address.parse(text)).isEqualTo(new Address(ChannelId.of(channel), value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada@example.com", ":ada@example.com"})
  void parsingNeedsAChannel(String text) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Address.parse(text))
        .withMessageContaining("channel:value, such as email:ada@example.com")
        .withMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Email:a@b.c", "e mail:a@b.c", "1:a", "é:a", " email:a@b.c"})
  void parsingNeedsAProperChannelId(String text) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Address.parse(text))
        .withMessageStartingWith("channel id must be a lower-case letter");
  }

  @ParameterizedTest
  @CsvSource({
    "email, ada@example.com, a***@example.com",
    "email, 𐐀da@example.com, 𐐀***@example.com",
    "sms, +14155550100, +14***00",
    "sms, +1234567, +12***67",
    "telegram, -1001234567890, -***",
    "telegram, @news, @***",
    "webhook, https://hooks.example.com/T0/secret?x=y, https://hooks.example.com/***",
    "webhook, http://[2001:db8::1]:80/secret, http://[2001:db8::1]/***",
    "pager, 😀abc, 😀***",
  })
  void theTextFormIsMasked(String channel, String value, String masked) {
    Address address = new Address(ChannelId.of(channel), value);
    assertThat(address.masked()).isEqualTo(masked);
    assertThat(address).hasToString(channel + ":" + masked);
  }

  private static void assertRefused(String channel, String value, String rule) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> new Address(ChannelId.of(channel), value))
        .withMessageStartingWith(channel + " address \"" + beginning(value))
        .withMessageContaining(rule);
  }

  private static String beginning(String value) {
    return value.substring(0, Math.min(value.length(), 50));
  }
}
