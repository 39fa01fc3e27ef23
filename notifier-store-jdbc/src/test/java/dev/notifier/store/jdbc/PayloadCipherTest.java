package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCipherTest {
  private static final byte[] ROW = {1, 2, 3};
  private static final byte[] PLAIN = "\u0011secret text".getBytes(StandardCharsets.UTF_8);
  private static final KeyRing RING = KeyRing.of(1, filled(1), filled(9));
  private static final PayloadCipher CIPHER = PayloadCipher.aes256(RING);

  private static byte[] filled(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 1000, 2_000_000})
  void whatIsSealedIsOpenedAgain(int length) {
    byte[] plain = new byte[length];
    plain[0] = 0x11;

    byte[] sealed = CIPHER.seal(plain, ROW);

    assertThat(sealed).hasSize(length + PayloadCipher.OVERHEAD);
    assertThat(CIPHER.open(sealed, ROW)).isEqualTo(plain);
  }

  @Test
  void nothingOfThePlainTextIsInTheRow() {
    String sealed = new String(CIPHER.seal(PLAIN, ROW), StandardCharsets.ISO_8859_1);

    assertThat(sealed).doesNotContain("secret").doesNotContain("text");
  }

  @Test
  void noNonceIsUsedTwice() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] sealed = CIPHER.seal(PLAIN, ROW);
      nonces.add(new String(sealed, 5, 12, StandardCharsets.ISO_8859_1));
    }

    assertThat(nonces).hasSize(10_000);
  }

  @Test
  void rowsFromBeforeEncryptionStayReadable() {
    assertThat(CIPHER.open(PLAIN, ROW)).isEqualTo(PLAIN);
    assertThat(CIPHER.isCurrent(PLAIN)).isFalse();
  }

  @Test
  void anOlderKeyStillReadsAndTheCurrentOneWrites() {
    byte[] old = CIPHER.seal(PLAIN, ROW);
    PayloadCipher rotated =
        PayloadCipher.aes256(KeyRing.of(2, filled(2), filled(9)).withOlder(1, filled(1)));

    assertThat(rotated.open(old, ROW)).isEqualTo(PLAIN);
    assertThat(rotated.isCurrent(old)).isFalse();
    assertThat(rotated.isCurrent(rotated.seal(PLAIN, ROW))).isTrue();
  }

  @Test
  void anUnknownKeyIdIsNamedWithWhatToDo() {
    byte[] sealed = PayloadCipher.aes256(KeyRing.of(7, filled(7), filled(9))).seal(PLAIN, ROW);

    assertThatThrownBy(() -> CIPHER.open(sealed, ROW))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("under key 7")
        .hasMessageContaining("only [1]")
        .hasMessageContaining("add it to notifier.store.jdbc.encryption.keys");
  }

  @Test
  void anotherKeyUnderTheSameIdIsNamed() {
    byte[] sealed = PayloadCipher.aes256(KeyRing.of(1, filled(3), filled(9))).seal(PLAIN, ROW);

    assertThatThrownBy(() -> CIPHER.open(sealed, ROW))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("under key 1")
        .hasMessageContaining("put that key back");
  }

  @Test
  void aRowCannotStandInForAnother() {
    byte[] sealed = CIPHER.seal(PLAIN, ROW);

    assertThatThrownBy(() -> CIPHER.open(sealed, new byte[] {1, 2, 4}))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the row was changed");
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] sealed = CIPHER.seal(PLAIN, ROW);

    for (int i = 1; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> CIPHER.open(changed, ROW)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void everyCutIsNoticed() {
    byte[] sealed = CIPHER.seal(PLAIN, ROW);

    for (int length = 1; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> CIPHER.open(cut, ROW)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void manyThreadsSealAndOpenSideBySide() {
    assertThat(
            IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> CIPHER.open(CIPHER.seal(PLAIN, ROW), ROW)))
        .allSatisfy(plain -> assertThat(plain).isEqualTo(PLAIN));
  }
}
