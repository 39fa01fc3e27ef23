package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipientTest {
  private static final Recipient ADA = Recipient.named("user-42").email("ada@example.com");

  static Stream<String> badNames() {
    return Stream.of("", "  ", "x".repeat(201), "a\nb", "a\r\nb", "a\u0000", "a\u2028b", "a\ud800");
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void badNamesAreRefusedByRuleAndValue(String name) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Recipient.named(name))
        .withMessageStartingWith("recipient name must be 1 to 200 printable characters, but was \"")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aNameMayHave200Characters() {
    assertThat(Recipient.named("é".repeat(200)).name()).contains("é".repeat(200));
  }

  @Test
  void addressesKeepTheirOrder() {
    Recipient recipient =
        Recipient.named("x")
            .webhook("https://example.com/")
            .sms("+14155550100")
            .telegram("129384")
            .email("ada@example.com")
            .address("pager", "7");
    assertThat(recipient.addresses())
        .extracting(address -> address.channel().value())
        .containsExactly("webhook", "sms", "telegram", "email", "pager");
    assertThat(recipient.address(ChannelId.of("sms")))
        .contains(new Address(ChannelId.of("sms"), "+14155550100"));
    assertThat(recipient.address(ChannelId.of("fax"))).isEmpty();
  }

  @Test
  void addingAnAddressLeavesTheRecipientAsItWas() {
    assertThat(ADA.sms("+14155550100").addresses()).hasSize(2);
    assertThat(ADA.addresses()).hasSize(1).isUnmodifiable();
  }

  @Test
  void aSecondAddressOnOneChannelIsRefusedAndMasked() {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> ADA.email("other@example.com"))
        .withMessage("recipient already has the email address a***@example.com");
  }

  @Test
  void theKeyIsTheNameOrElseTheFirstAddress() {
    assertThat(ADA.key()).isEqualTo("#user-42");
    assertThat(Recipient.of(Address.parse("pager:7")).sms("+14155550100").key())
        .isEqualTo("pager:7");
  }

  @Test
  void recipientsAreEqualByNameAndAddresses() {
    Recipient same = Recipient.named("user-42").email("ada@example.com");
    assertThat(ADA).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(ADA)
        .isNotEqualTo(Recipient.named("user-43").email("ada@example.com"))
        .isNotEqualTo(ADA.sms("+14155550100"))
        .isNotEqualTo("user-42");
  }

  @Test
  void theTextFormHasTheNameAndMaskedAddresses() {
    assertThat(ADA).hasToString("user-42[email:a***@example.com]");
    assertThat(Recipient.of(Address.parse("sms:+14155550100"))).hasToString("[sms:+14***00]");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException().isThrownBy(() -> Recipient.named(null)).withMessage("name");
    assertThatNullPointerException().isThrownBy(() -> Recipient.of(null)).withMessage("address");
    assertThatNullPointerException().isThrownBy(() -> ADA.sms(null)).withMessage("value");
  }
}
