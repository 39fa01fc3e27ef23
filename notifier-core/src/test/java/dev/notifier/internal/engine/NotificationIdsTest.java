package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.NotificationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NotificationIdsTest {
  private static final Instant NOW = Instant.parse("2025-01-01T12:00:00.123Z");

  private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  private final NotificationIds ids = new NotificationIds();

  @Test
  void anIdIsAVersion7UuidOfTheTime() {
    UUID uuid = ids.next(time.get()).value();

    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void theBitsStayRightWhenTheCounterCarriesOver() {
    for (int i = 0; i < 3 * 4096; i++) {
      UUID uuid = ids.next(time.get()).value();
      assertThat(uuid.version()).isEqualTo(7);
      assertThat(uuid.variant()).isEqualTo(2);
    }
  }

  @Test
  void idsRiseWithinAMillisecondAndWhenTheClockIsSetBack() {
    NotificationId last = ids.next(time.get());
    for (int i = 0; i < 10_000; i++) {
      if (i == 5_000) {
        time.set(NOW.minusSeconds(3600));
      }
      NotificationId next = ids.next(time.get());
      assertThat(next).isGreaterThan(last);
      assertThat(next.toString()).as("as text, too").isGreaterThan(last.toString());
      last = next;
    }
  }

  @Test
  void idsThatFollowEachOtherLieSideBySideInAHashTable() {
    int first = ids.next(time.get()).hashCode();
    for (int i = 1; i < 1000; i++) {
      assertThat(ids.next(time.get()).hashCode()).isEqualTo(first + i);
    }
  }

  @Test
  void idsOfManyMillisecondsAreSpreadOverAHashTable() {
    int rows = 1 << 16;
    BitSet taken = new BitSet(rows);
    for (int i = 0; i < rows; i++) {
      time.set(time.get().plusMillis(1));
      int hash = ids.next(time.get()).hashCode();
      taken.set((hash ^ hash >>> 16) & (rows - 1)); // as HashMap chooses the row
    }
    assertThat(taken.cardinality()).isGreaterThan(rows / 2); // 63 % if they were random
  }

  @Test
  @Timeout(60)
  void idsAreUniqueAndRiseUnderManyThreads() throws Exception {
    int threads = 8;
    int each = 20_000;
    NotificationIds shared = new NotificationIds();
    CountDownLatch start = new CountDownLatch(1);
    Callable<List<NotificationId>> taking =
        () -> {
          List<NotificationId> taken = new ArrayList<>(each);
          start.await();
          for (int i = 0; i < each; i++) {
            taken.add(shared.next(Instant.now()));
          }
          return taken;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<NotificationId>>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(taking));
      }
      start.countDown();

      Set<NotificationId> all = new HashSet<>();
      for (Future<List<NotificationId>> result : results) {
        List<NotificationId> taken = result.get(30, TimeUnit.SECONDS);
        assertThat(taken).isSorted();
        all.addAll(taken);
      }
      assertThat(all).hasSize(threads * each);
    } finally {
      pool.shutdownNow();
    }
  }
}
