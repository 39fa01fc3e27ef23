package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryStatus;
import dev.notifier.OnAmbiguity;
import dev.notifier.Priority;
import dev.notifier.Route;
import dev.notifier.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodesTest {
  @ParameterizedTest
  @CsvSource({
    "0, SCHEDULED",
    "1, QUEUED",
    "2, SENDING",
    "3, SENT",
    "4, DELIVERED",
    "5, FAILED",
    "6, BOUNCED",
    "7, CANCELLED",
    "8, EXPIRED",
    "9, SUPPRESSED"
  })
  void aStatusHasItsNumberForEver(short code, DeliveryStatus status) {
    assertThat(Codes.of(status)).isEqualTo(code);
    assertThat(Codes.status(code)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"0, CRITICAL", "1, HIGH", "2, NORMAL", "3, LOW"})
  void aPriorityHasItsNumberForEver(short code, Priority priority) {
    assertThat(Codes.of(priority)).isEqualTo(code);
    assertThat(Codes.priority(code)).isEqualTo(priority);
  }

  @Test
  void everyConstantHasANumber() {
    for (DeliveryStatus status : DeliveryStatus.values()) {
      assertThat(Codes.status(Codes.of(status))).isEqualTo(status);
    }
    for (Route.FallbackOn trigger : Route.FallbackOn.values()) {
      assertThat(Codes.fallbackOn(Codes.of(trigger))).isEqualTo(trigger);
    }
    for (OnAmbiguity choice : OnAmbiguity.values()) {
      assertThat(Codes.onAmbiguity(Codes.of(choice))).isEqualTo(choice);
    }
  }

  @Test
  void anUnknownNumberSaysWhatToDo() {
    assertThatThrownBy(() -> Codes.status(10))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("delivery status 10")
        .hasMessageContaining("upgrade this node");
    assertThatThrownBy(() -> Codes.priority(-1)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Codes.fallbackOn(2)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Codes.onAmbiguity(2)).isInstanceOf(StoreException.class);
  }
}
