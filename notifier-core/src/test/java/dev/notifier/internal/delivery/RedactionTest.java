package dev.notifier.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
  @ParameterizedTest
  @CsvSource({
    "email:ada@example.com, <ADA@example.com>: no such user, <a***@example.com>: no such user",
    "email:ada@example.com, ada@example.com ada@example.com., a***@example.com a***@example.com.",
    "sms:+14155550100, To=+14155550100 is not valid, To=+14***00 is not valid",
    "telegram:1, 401 Unauthorized for chat 1, 401 Unauthorized for chat 1***",
    "email:ada@example.com, nothing of the kind, nothing of the kind"
  })
  void theAddressIsMaskedWhereItStandsAlone(String address, String text, String masked) {
    assertThat(Redaction.of(text, Address.parse(address))).isEqualTo(masked);
  }
}
