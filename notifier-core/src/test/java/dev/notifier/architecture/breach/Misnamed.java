package dev.notifier.architecture.breach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Breaks "test classes end with Test or Contract"; so no build runs it either. */
final class Misnamed {
  @Test
  void neverRuns() {
    assertThat(true).isTrue();
  }
}
