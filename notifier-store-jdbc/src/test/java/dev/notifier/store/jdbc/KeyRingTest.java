package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.ProviderSettings;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final String ONE = base64(1, 32);
  private static final String TWO = base64(2, 32);
  private static final String LOOKUP = base64(9, 32);

  private static String base64(int value, int length) {
    byte[] key = new byte[length];
    Arrays.fill(key, (byte) value);
    return Base64.getEncoder().encodeToString(key);
  }

  @Test
  void theFirstKeyOfTheSettingsIsTheCurrentOne() {
    KeyRing ring = KeyRing.from(settings("2:" + TWO + ",1:" + ONE, LOOKUP)).orElseThrow();

    assertThat(ring.currentId()).isEqualTo(2);
    assertThat(ring.ids()).containsExactly(2, 1);
    assertThat(ring.keys().get(1)).isEqualTo(Base64.getDecoder().decode(ONE));
    assertThat(ring.lookupKey()).isEqualTo(Base64.getDecoder().decode(LOOKUP));
  }

  private static ProviderSettings settings(String keys, String lookupKey) {
    Map<String, String> values = new LinkedHashMap<>();
    if (!keys.isEmpty()) {
      values.put("encryption.keys", keys);
    }
    if (!lookupKey.isEmpty()) {
      values.put("encryption.lookup-key", lookupKey);
    }
    return ProviderSettings.of("notifier.store.jdbc.", values);
  }

  @Test
  void theSettingsOfAStoreTurnEncryptionOn() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("url", "jdbc:h2:mem:x");
    Payloads plain =
        JdbcSettings.from(ProviderSettings.of("notifier.store.jdbc.", values)).payloads();
    values.put("encryption.keys", "1:" + ONE);
    values.put("encryption.lookup-key", LOOKUP);
    ProviderSettings settings = ProviderSettings.of("notifier.store.jdbc.", values);
    Payloads encrypted = JdbcSettings.from(settings).payloads();
    settings.checkAllRead();

    byte[] encoded = {0x11};
    assertThat(PayloadCipher.isSealed(plain.protect(encoded, encoded))).isFalse();
    assertThat(PayloadCipher.isSealed(encrypted.protect(encoded, encoded))).isTrue();
    assertThat(encrypted.hash().recipient("#ada")).isNotEqualTo(plain.hash().recipient("#ada"));
  }

  @Test
  void withoutSettingsThereIsNoRing() {
    assertThat(KeyRing.from(settings("", ""))).isEmpty();
  }

  @Test
  void halfTheSettingsAreRefused() {
    assertThatThrownBy(() -> KeyRing.from(settings("1:" + ONE, "")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.store.jdbc.encryption.lookup-key is missing");
    assertThatThrownBy(() -> KeyRing.from(settings("", LOOKUP)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.store.jdbc.encryption.keys is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAA", "x:AAAA", "0:AAAA", "-1:AAAA", ":AAAA", "99999999999:AAAA", ","})
  void keysWithoutIdsAreRefusedWithTheForm(String keys) {
    assertThatThrownBy(() -> KeyRing.from(settings(keys, LOOKUP)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.store.jdbc.encryption.keys must be written as id:base64")
        .hasMessageNotContaining("AAAA");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "16, 16", "31, 31", "33, 33", "64, 64"})
  void aKeyHasExactly32Bytes(int length, int shown) {
    assertThatThrownBy(() -> KeyRing.of(3, new byte[length], new byte[32]))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("encryption key 3 must have exactly 32 bytes, but has " + shown);
    assertThatThrownBy(() -> KeyRing.of(3, new byte[32], new byte[length]))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the look-up key must have exactly 32 bytes, but has " + shown);
  }

  @Test
  void whatIsNoBase64IsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> KeyRing.of(1, "sécret*secret", LOOKUP))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("encryption key 1 is not Base64")
        .hasMessageNotContaining("cret*")
        .hasNoCause();
  }

  @Test
  void anIdStandsForOneKey() {
    assertThatThrownBy(() -> KeyRing.of(1, ONE, LOOKUP).withOlder(1, TWO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("two encryption keys with the id 1");
  }

  @Test
  void aRingIsNotChangedByAnotherOrByItsArrays() {
    byte[] key = new byte[32];
    KeyRing ring = KeyRing.of(1, key, new byte[32]);
    key[0] = 1;
    ring.withOlder(2, TWO);

    assertThat(ring.keys().get(1)).isEqualTo(new byte[32]);
    assertThat(ring.ids()).containsExactly(1);
  }

  @Test
  void noKeyIsShown() {
    KeyRing ring = KeyRing.of(2, TWO, LOOKUP).withOlder(1, ONE);

    assertThat(ring).hasToString("KeyRing[current=2, all=[2, 1]]");
    assertThat(PayloadCipher.aes256(ring))
        .hasToString("PayloadCipher[AES-256-GCM, KeyRing[current=2, all=[2, 1]]]");
  }
}
