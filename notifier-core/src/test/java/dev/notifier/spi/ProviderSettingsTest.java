package dev.notifier.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.notifier.ConfigurationException;
import dev.notifier.Priority;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSettingsTest {
  private static ProviderSettings settings(String key, String value) {
    return ProviderSettings.of("notifier.pager.", Map.of(key, value));
  }

  // --- Keys -------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {"connect-timeout", "connect.timeout", "connect_timeout", "CONNECT_TIMEOUT"})
  void caseDotsHyphensAndUnderscoresDoNotTellKeysApart(String key) {
    assertThat(settings(key, "x").required("connect-timeout")).isEqualTo("x");
    assertThat(settings("connect-timeout", "x").required(key)).isEqualTo("x");
  }

  @Test
  void aMissingKeyIsNamedWithItsVariable() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("a", "x").required("connect-timeout"))
        .withMessage(
            "setting notifier.pager.connect-timeout is missing: set it, or"
                + " NOTIFIER_PAGER_CONNECT_TIMEOUT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void aBlankValueCountsAsMissing(String blank) {
    ProviderSettings settings = settings("url", blank);
    assertThat(settings.optional("url")).isEmpty();
    assertThat(settings.secret("url")).isEmpty();
    assertThat(settings.integer("url", 0, 1)).isEmpty();
    assertThat(settings.flag("url")).isEmpty();
    assertThat(settings.duration("url")).isEmpty();
    assertThat(settings.oneOf("url", Priority.class)).isEmpty();
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings.required("url"))
        .withMessageContaining("notifier.pager.url is missing");
  }

  @Test
  void aSettingThatNobodyReadIsRefusedWithTheKnownKeys() {
    ProviderSettings settings = settings("hots", "smtp.example.com");
    assertThat(settings.optional("host")).isEmpty();
    assertThat(settings.integer("port", 1, 9)).isEmpty();
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(settings::checkAllRead)
        .withMessage(
            "unknown setting notifier.pager.hots: remove it or correct it; known keys: [host,"
                + " port]");
  }

  @Test
  void settingsThatWereAllReadAreFine() {
    ProviderSettings settings = settings("HOST", "x");
    assertThat(settings.optional("host")).contains("x");
    settings.checkAllRead();
    assertThat(settings.isEmpty()).isFalse();
    assertThat(ProviderSettings.of("notifier.pager.", Map.of()).isEmpty()).isTrue();
  }

  @Test
  void theTextFormShowsKeysButNoValue() {
    assertThat(settings("token", "opensesame"))
        .hasToString("ProviderSettings[notifier.pager.[token]]");
  }

  // --- Secrets ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"p@ss:w/rd?&=#%{}$\\'\"`", "pass word", "pässwörd", "密码", "😀", "#!=:"})
  void aSecretOfOddCharactersStandsAsItIs(String secret) {
    assertThat(settings("token", secret).secret("token")).contains(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opensesame\n",
        "opensesame\r\n",
        "open\u0000sesame",
        "open\tsesame",
        " opensesame",
        "opensesame ",
        "\u3000opensesame",
        "open\u0085sesame"
      })
  void aSecretWithAnAccidentOfCopyingIsRefusedButNotShown(String secret) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("token", secret).secret("token"))
        .withMessageStartingWith("secret notifier.pager.token holds a control character, or starts")
        .withMessageNotContaining("open")
        .withMessageNotContaining("sesame");
  }

  // --- Types ------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"25, 25", "' 25 ', 25", "-5, -5", "+7, 7"})
  void numbersAreParsed(String value, int number) {
    assertThat(settings("port", value).integer("port", -10, 65_535)).contains(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "99999999999", "1.5", "0x10", "25 26", "port"})
  void otherNumbersAreRefusedWithTheRange(String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("port", value).integer("port", 1, 65_535))
        .withMessage(
            "setting notifier.pager.port must be a whole number from 1 to 65535, but was \""
                + value
                + "\"");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "FALSE, false", "' True ', true"})
  void flagsAreParsed(String value, boolean flag) {
    assertThat(settings("tls", value).flag("tls")).contains(flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "on", "truee"})
  void otherFlagsAreRefused(String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("tls", value).flag("tls"))
        .withMessage("setting notifier.pager.tls must be true or false, but was \"" + value + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "30 s, PT30S",
    "' 5m ', PT5M",
    "2h, PT2H",
    "3d, PT72H",
    "PT30S, PT30S",
    "P1DT1H, PT25H",
    "3650d, PT87600H",
  })
  void durationsAreParsed(String value, Duration duration) {
    assertThat(settings("wait", value).duration("wait")).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30",
        "0s",
        "PT0S",
        "PT-5S",
        "-5s",
        "5 minutes",
        "5w",
        "P1Y",
        "1.5s",
        "s",
        "3651d",
        "999999999d",
        "9999999999s",
        "PT9223372036854775807S",
        "PT99999999999999999999S"
      })
  void otherDurationsAreRefusedWithExamples(String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("wait", value).duration("wait"))
        .withMessage(
            "setting notifier.pager.wait must be a duration above zero, at most 3650 days, such as"
                + " 500ms, 30s, 5m, 2h or PT30S, but was \""
                + value
                + "\"");
  }

  private enum Security {
    START_TLS,
    NONE
  }

  @ParameterizedTest
  @ValueSource(strings = {"START_TLS", "start-tls", "start.tls", " Start_Tls "})
  void constantsAreParsedInAnySpelling(String value) {
    assertThat(settings("security", value).oneOf("security", Security.class))
        .contains(Security.START_TLS);
  }

  @Test
  void otherConstantsAreRefusedWithTheChoices() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("security", "ssl").oneOf("security", Security.class))
        .withMessage(
            "setting notifier.pager.security must be one of [START_TLS, NONE], but was \"ssl\"");
  }

  @Test
  void aLongValueOfSeveralLinesIsShownShortOnOneLine() {
    String value = "a\r\nb" + "😀".repeat(100);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> settings("tls", value).flag("tls"))
        .withMessage(
            "setting notifier.pager.tls must be true or false, but was \"a??b"
                + "😀".repeat(56)
                + "…\"");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> ProviderSettings.of(null, Map.of()))
        .withMessage("prefix");
    assertThatNullPointerException()
        .isThrownBy(() -> ProviderSettings.of("notifier.pager.", null))
        .withMessage("values");
    assertThatNullPointerException()
        .isThrownBy(() -> settings("a", "x").optional(null))
        .withMessage("key");
  }
}
