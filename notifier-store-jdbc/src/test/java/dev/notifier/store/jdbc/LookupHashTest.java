package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.SuppressionTarget;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookupHashTest {
  private static final byte[] ROOT = filled(7);
  private static final LookupHash PLAIN = LookupHash.plain();
  private static final LookupHash KEYED = LookupHash.keyed(KeyRing.of(1, filled(1), ROOT));

  private static byte[] filled(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }

  @Test
  void aPlainHashIsSha256OverTheKindAndTheText() throws Exception {
    byte[] expected =
        MessageDigest.getInstance("SHA-256")
            .digest("\u0004email:ada@example.com".getBytes(StandardCharsets.UTF_8));

    assertThat(PLAIN.target(SuppressionTarget.parse("email:ada@example.com"))).isEqualTo(expected);
  }

  @Test
  void rotatingTheDataKeyChangesNoHash() {
    LookupHash rotated = LookupHash.keyed(KeyRing.of(2, filled(2), ROOT).withOlder(1, filled(1)));

    assertThat(rotated.recipient("#ada")).isEqualTo(KEYED.recipient("#ada"));
    assertThat(rotated.correlation("c")).isEqualTo(KEYED.correlation("c"));
    assertThat(rotated.idempotencyKey("#ada", "k")).isEqualTo(KEYED.idempotencyKey("#ada", "k"));
    assertThat(rotated.target(SuppressionTarget.parse("pager:1")))
        .isEqualTo(KEYED.target(SuppressionTarget.parse("pager:1")));
  }

  @Test
  void anotherLookupKeyChangesEveryHash() {
    LookupHash other = LookupHash.keyed(KeyRing.of(1, filled(1), filled(8)));

    for (LookupHash hash : List.of(other, PLAIN)) {
      assertThat(hash.recipient("#ada")).isNotEqualTo(KEYED.recipient("#ada"));
      assertThat(hash.correlation("c")).isNotEqualTo(KEYED.correlation("c"));
      assertThat(hash.idempotencyKey("#ada", "k")).isNotEqualTo(KEYED.idempotencyKey("#ada", "k"));
      assertThat(hash.target(SuppressionTarget.parse("pager:1")))
          .isNotEqualTo(KEYED.target(SuppressionTarget.parse("pager:1")));
    }
  }

  @Test
  void equalTextsOfTwoKindsHaveUnrelatedHashes() {
    assertThat(PLAIN.recipient("x")).isNotEqualTo(PLAIN.correlation("x"));
    assertThat(KEYED.recipient("x")).isNotEqualTo(KEYED.correlation("x"));
  }

  @Test
  void anIdempotencyKeyIsScopedByItsRecipient() {
    assertThat(PLAIN.idempotencyKey("#ada", "1x")).isNotEqualTo(PLAIN.idempotencyKey("#ada1", "x"));
    assertThat(PLAIN.idempotencyKey("#ada", "1")).hasSize(32);
  }

  @Test
  void theSameTextHashesAlikeOnEveryThread() {
    long expected = KEYED.recipient("#ada");

    assertThat(IntStream.range(0, 1000).parallel().mapToLong(i -> KEYED.recipient("#ada")))
        .containsOnly(expected);
  }
}
