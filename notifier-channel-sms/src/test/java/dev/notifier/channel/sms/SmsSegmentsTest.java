package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.channel.sms.SmsSegments.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsSegmentsTest {
  @ParameterizedTest
  @CsvSource({
    "a, 0, GSM_7, 1, 160",
    "a, 1, GSM_7, 1, 159",
    "a, 160, GSM_7, 1, 0",
    "a, 161, GSM_7, 2, 145",
    "a, 306, GSM_7, 2, 0",
    "a, 307, GSM_7, 3, 152",
    "€, 80, GSM_7, 1, 0",
    "€, 81, GSM_7, 2, 143",
    "€, 152, GSM_7, 2, 1", // one septet of each part stays unused
    "€, 153, GSM_7, 3, 151",
    "я, 70, UCS_2, 1, 0",
    "я, 71, UCS_2, 2, 63",
    "я, 134, UCS_2, 2, 0",
    "😜, 35, UCS_2, 1, 0",
    "😜, 66, UCS_2, 2, 1", // half an emoji is none
    "😜, 67, UCS_2, 3, 65",
  })
  void aPartEndsWhereAWholeCharacterEnds(
      String character, int count, Encoding encoding, int parts, int left) {
    SmsSegments segments = SmsSegments.of(character.repeat(count));

    assertThat(segments.encoding()).isEqualTo(encoding);
    assertThat(segments.parts()).isEqualTo(parts);
    assertThat(segments.charactersLeft()).isEqualTo(left);
  }

  @Test
  void oneCharacterMakesTheWholeTextUcs2AndExtendedCharactersCheaper() {
    assertThat(SmsSegments.of("[".repeat(70)).units()).isEqualTo(140);
    assertThat(SmsSegments.of("[".repeat(69) + "ç").units()).isEqualTo(70);
    assertThat(SmsSegments.of("Ç").encoding()).isEqualTo(Encoding.GSM_7);
  }

  @Test
  void theWordsNameEverythingThatCounts() {
    assertThat(SmsSegments.of("a".repeat(161)))
        .hasToString("2 parts, GSM-7, 161 units, 145 characters left");
    assertThat(SmsSegments.of("я")).hasToString("1 part, UCS-2, 1 units, 69 characters left");
  }

  @TestFactory
  Stream<DynamicTest> everySharedVectorAgrees() {
    JsonNode vectors = SharedFile.json("sms/segment-vectors.json");
    List<DynamicTest> tests = new ArrayList<>();
    for (String group :
        List.of(
            "calculator_cases",
            "gsm_extension_cases",
            "ucs2_with_ext",
            "notifications_utils_cases")) {
      int number = 0;
      for (JsonNode vector : vectors.path(group)) {
        tests.add(DynamicTest.dynamicTest(group + " " + number++, () -> agrees(vector)));
      }
      assertThat(number).as(group).isPositive();
    }
    vectors
        .path("vonage_doc_cases")
        .forEach(
            vector -> tests.add(DynamicTest.dynamicTest("vonage", () -> agreesOnSize(vector))));
    return tests.stream();
  }

  private static void agrees(JsonNode vector) {
    SmsSegments segments = SmsSegments.of(vector.path("text").asText());

    assertThat(segments.parts()).isEqualTo(vector.path("segments").asInt());
    if (vector.has("encoding")) {
      assertThat(segments.encoding().name().replace('_', '-'))
          .isEqualTo(vector.path("encoding").asText());
      int bits = segments.encoding() == Encoding.GSM_7 ? 7 : 16;
      assertThat(segments.units() * bits).isEqualTo(vector.path("message_size_bits").asInt());
    }
  }

  private static void agreesOnSize(JsonNode vector) {
    SmsSegments segments = SmsSegments.of(vector.path("text").asText());

    boolean unicode = vector.path("type").asText().equals("unicode");
    assertThat(segments.encoding()).isEqualTo(unicode ? Encoding.UCS_2 : Encoding.GSM_7);
    assertThat(unicode ? segments.units() * 2 : segments.units())
        .isEqualTo(vector.path(unicode ? "bytes" : "septets").asInt());
  }

  @Test
  void theSharedAlphabetAgreesCharacterByCharacter() {
    JsonNode vectors = SharedFile.json("sms/segment-vectors.json");
    JsonNode table = vectors.path("gsm7_table");

    List<String> wrong = new ArrayList<>();
    for (int c = 0; c < 0x10000; c++) {
      int septets = table.path(name(c)).size();
      int counted = Gsm7.canEncode(Character.toString(c)) ? Gsm7.septets(c) : 0;
      if (counted != septets) {
        wrong.add(name(c));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(table.size()).isEqualTo(137);
    vectors
        .path("ucs2_lookalikes")
        .forEach(
            vector ->
                assertThat(Gsm7.canEncode(vector.path("char").asText()))
                    .isEqualTo(vector.path("gsm7").asBoolean()));
  }

  private static String name(int c) {
    return String.format("U+%04X", c);
  }
}
