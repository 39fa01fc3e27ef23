package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Judges the example numbers of libphonenumber by the rule of phone numbers. */
class PhoneNumbersTest {
  private static final Pattern NUMBER =
      Pattern.compile("\"type\":\\s*\"(\\w+)\",\\s*\"national\":[^}]*?\"e164\":\\s*\"([^\"]+)\"");

  private record Example(String type, String e164) {}

  @Test
  void everyMobileNumberIsAccepted() throws Exception {
    List<String> mobile =
        examples().stream()
            .filter(example -> example.type().equals("mobile"))
            .map(Example::e164)
            .toList();
    assertThat(mobile).hasSizeGreaterThan(200).allSatisfy(PhoneNumbersTest::accept);
  }

  /** Short numbers of some countries (such as +247 or +683) are kept out by the lower bound. */
  @Test
  void everyOtherNumberOfSevenDigitsOrMoreIsAccepted() throws Exception {
    List<String> others =
        examples().stream()
            .filter(example -> !example.type().equals("mobile"))
            .map(Example::e164)
            .filter(number -> number.length() > 7)
            .toList();
    assertThat(others).hasSizeGreaterThan(500).allSatisfy(PhoneNumbersTest::accept);
  }

  private static void accept(String number) {
    assertThat(Recipient.named("x").sms(number).addresses()).hasSize(1);
  }

  private static List<Example> examples() throws Exception {
    String json = Files.readString(SharedData.file("phone/example-numbers.json"));
    Matcher matcher = NUMBER.matcher(json);
    return matcher.results().map(found -> new Example(found.group(1), found.group(2))).toList();
  }
}
