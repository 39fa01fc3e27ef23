package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.InvalidNotificationException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "030 / 12 34 56, DE, +4930123456",
    "0151 12345678, de, +4915112345678",
    "(415) 555-0100, US, +14155550100",
    "+44 20 7946 0018, US, +442079460018",
    "06 12 34 56 78, FR, +33612345678",
    "02 1234567, IT, +39021234567",
  })
  void aNationalNumberBecomesInternational(String number, String region, String expected) {
    assertThat(SmsChannel.e164(number, region)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', not a number",
    "call me, not a number",
    "12, short",
    "+1415555, too short for its country",
    "+14155550100123, too long for its country",
    "+999 12345678, no country has that code",
    "+1 415 555 0100 ext. 7, extension",
    "5550100, the area code is missing",
  })
  void aNumberThatCannotBeIsRefusedWithTheReasonAndNotShown(String number, String reason) {
    assertThatThrownBy(() -> SmsChannel.e164(number, "US"))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining(number.isEmpty() ? "nothing" : number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Germany", "XX", ""})
  void aRegionThatIsNoneIsRefused(String region) {
    assertThatThrownBy(() -> SmsChannel.e164("030 123456", region))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ISO 3166-1");
  }

  @Test
  void everySharedMobileNumberIsUnderstoodBothWays() {
    List<String> wrong = new ArrayList<>();
    int[] seen = {0};
    SharedFile.json("phone/example-numbers.json")
        .path("numbers")
        .forEach(
            example -> {
              String region = example.path("region").asText();
              String expected = example.path("e164").asText();
              if (example.path("type").asText().equals("mobile") && !region.equals("001")) {
                seen[0]++;
                String fromNational = SmsChannel.e164(example.path("national").asText(), region);
                String fromE164 = PhoneNumbers.e164(expected, null);
                if (!fromNational.equals(expected) || !fromE164.equals(expected)) {
                  wrong.add(region);
                }
              }
            });
    assertThat(wrong).isEmpty();
    assertThat(seen[0]).isGreaterThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "+1 (415) 555-0100, , +14155550100",
    "030 123456, DE, +4930123456",
    "12345, , 12345",
    "Shop & Co, , Shop & Co",
    "A, , A",
  })
  void aSenderIsANumberAShortCodeOrAName(String text, String region, String expected) {
    assertThat(Sender.of(text, region).value()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Twelve chars", " Shop", "Shop!", "030 123456", "+", "Größe", "a\nb"})
  void whatIsNoSenderIsRefused(String text) {
    assertThatThrownBy(() -> Sender.of(text, null))
        .isInstanceOf(InvalidNotificationException.class);
  }
}
