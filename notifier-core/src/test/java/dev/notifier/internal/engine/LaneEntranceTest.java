package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.QueuedDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaneEntranceTest {
  private static final QueuedDelivery DELIVERY =
      QueuedDelivery.first(
          new DeliveryId(new NotificationId(new UUID(0, 1)), 0),
          Notification.to("email:ada@example.com").text("x").build(),
          Instant.EPOCH);

  private final LaneEntrance entrance = new LaneEntrance();

  private List<Long> taken() {
    List<Long> ranks = new ArrayList<>();
    for (LaneEntrance.Arrival next = entrance.takeArrivals(); next != null; next = next.next) {
      ranks.add(next.rank);
    }
    return ranks;
  }

  @Test
  void arrivalsAreTakenInOnceAndInTheOrderInWhichTheyCame() {
    assertThat(entrance.hasArrivals()).isFalse();
    assertThat(taken()).isEmpty();
    for (long rank : new long[] {3, 1, 2}) {
      entrance.bring(rank, DELIVERY);
    }

    assertThat(entrance.hasArrivals()).isTrue();
    assertThat(taken()).containsExactly(3L, 1L, 2L);
    assertThat(entrance.hasArrivals()).isFalse();
    assertThat(taken()).isEmpty();
  }

  @Test
  void whoBringsSomethingHearsWhetherAWorkerIsWanted() {
    assertThat(entrance.bring(1, DELIVERY)).isFalse();
    entrance.workerWanted(true);
    assertThat(entrance.bring(2, DELIVERY)).isTrue();
    entrance.workerWanted(false);
    assertThat(entrance.bring(3, DELIVERY)).isFalse();
  }

  @Test
  void nowAndThenASenderTakesInWhatNoWorkerComesFor() {
    int asked = 0;
    for (int i = 1; i <= 1024; i++) {
      asked += entrance.bring(i, DELIVERY) ? 1 : 0;
    }

    assertThat(asked).isEqualTo(4);
  }

  @Test
  void noMoreEnterThanTheLimitSaysButThoseWhoMust() {
    assertThat(entrance.tryEnter()).isFalse();
    entrance.admitUpTo(2);
    assertThat(entrance.tryEnter()).isTrue();
    assertThat(entrance.tryEnter()).isTrue();
    assertThat(entrance.tryEnter()).isFalse();

    entrance.enter();

    assertThat(entrance.entered()).isEqualTo(3);
    assertThat(entrance.tryEnter()).isFalse();
    entrance.admitUpTo(4);
    assertThat(entrance.tryEnter()).isTrue();
    assertThat(entrance.entered()).isEqualTo(4);
  }
}
