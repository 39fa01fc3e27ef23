package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.AttemptReport;
import dev.notifier.Batch;
import dev.notifier.BatchItem;
import dev.notifier.BatchReport;
import dev.notifier.BatchReport.State;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.RateLimit;
import dev.notifier.Recipient;
import dev.notifier.Settlement.Finished;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.StoredBatch;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BatchStore} must do, as tests: by itself, and below a notifier. The author of a
 * store extends this class beside {@link NotificationStoreContract}:
 *
 * <pre>{@code
 * class FileBatchStoreTest extends BatchStoreContract {
 *   @TempDir Path folder;
 *
 *   protected NotificationStore createStore() { return FileStore.open(folder); }
 * }
 * }</pre>
 *
 * <p>Only {@link #createStore} must be there. Without {@link #reopenStore} the test of durability
 * is skipped, and a warning is logged. What no test can bring about by itself is left to the
 * author: that a process that ends in the middle of {@link BatchStore#insertWhole} leaves all or
 * nothing.
 */
public abstract class BatchStoreContract {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MANY = 2500; // more than a store writes in one statement, let us hope

  /** Of an id, after the milliseconds. */
  private static final int COUNTER_BITS = 12;

  private static final AtomicLong lastStamp = new AtomicLong();

  private NotificationStore store;
  private BatchStore batches;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected BatchStoreContract() {}

  /**
   * Makes the store under test; it holds nothing. Called before each test, before the
   * {@code @BeforeEach} methods of the subclass; the contract closes the store afterwards.
   */
  protected abstract NotificationStore createStore() throws Exception;

  /**
   * Opens the store again that was made last and has just been closed in order, as the next start
   * of a process does. The default skips the test of durability.
   */
  protected NotificationStore reopenStore() throws Exception {
    return Skipped.because("override reopenStore() if this store is durable");
  }

  // --- What the tests stand on ------------------------------------------------------------------

  @BeforeEach
  final void openStore() throws Exception {
    store = createStore();
    batches = store.batches();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private static Notification.Builder toAda() {
    return Notification.to("alpha:ada").text("hello");
  }

  private static NotificationId newId(long group) {
    long now = System.currentTimeMillis() << COUNTER_BITS;
    long stamp = lastStamp.updateAndGet(last -> Math.max(last + 1, now));
    long counter = stamp & ((1 << COUNTER_BITS) - 1);
    return new NotificationId(new UUID(stamp >>> COUNTER_BITS << 16 | 0x7000 | counter, group));
  }

  private static long newGroup() {
    return ThreadLocalRandom.current().nextLong() >>> 2 | 0x8000_0000_0000_0000L;
  }

  private static StoredBatch newBatch(boolean isAtomic) {
    NotificationId first = newId(newGroup());
    Instant now = Instant.ofEpochMilli(first.value().getMostSignificantBits() >>> 16);
    return new StoredBatch(first.value().getLeastSignificantBits(), first, now, isAtomic, 0);
  }

  private StoredBatch begun() {
    StoredBatch batch = newBatch(false);
    batches.begin(batch);
    return batch;
  }

  private static Submission submission(long group, Notification notification) {
    NotificationId id = newId(group);
    Instant acceptedAt = Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
    List<QueuedDelivery> deliveries = new ArrayList<>();
    for (int leg = 0; leg < notification.route().legs().size(); leg++) {
      deliveries.add(QueuedDelivery.first(new DeliveryId(id, leg), notification, acceptedAt));
    }
    return new Submission(id, notification, acceptedAt, deliveries);
  }

  private static List<Submission> submissions(StoredBatch batch, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> submission(batch.group(), toAda().build()))
        .toList();
  }

  private void settle(Submission submission, DeliveryStatus status) {
    for (QueuedDelivery delivery : submission.deliveries()) {
      assertThat(store.claim(delivery)).as("claim of %s", delivery).isTrue();
      AttemptReport attempt =
          new AttemptReport(
              delivery.channel(),
              1,
              delivery.due(),
              Duration.ofMillis(1),
              DeliveryResult.accepted("provider-" + submission.id()),
              Optional.empty());
      store.settle(delivery, attempt, new Finished(status, "by contract"));
    }
  }

  private BatchReport found(StoredBatch batch) {
    return batches
        .find(batch.group())
        .orElseThrow(() -> new AssertionError("find(" + batch + ") found nothing"));
  }

  private static String idOf(StoredBatch batch) {
    return HexFormat.of().toHexDigits(batch.group());
  }

  /** Follows the cursors to the end. */
  private List<NotificationId> search(HistoryQuery query) {
    List<NotificationId> ids = new ArrayList<>();
    Optional<String> next = Optional.empty();
    int pages = 0;
    do {
      Page<NotificationReport> page = store.search(next.map(query::after).orElse(query));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(query.pageSize());
      page.items().forEach(report -> ids.add(report.id()));
      next = page.next();
      assertThat(++pages).as("pages of %s", ids).isLessThan(200);
    } while (next.isPresent());
    return ids;
  }

  private static List<NotificationId> newestFirst(List<Submission> submissions) {
    return submissions.stream().map(Submission::id).sorted((a, b) -> b.compareTo(a)).toList();
  }

  // --- The contract -----------------------------------------------------------------------------

  @Nested
  @DisplayName("A batch that is read bit by bit")
  class Reading {
    @Test
    @DisplayName("is known before its first notification")
    void begunIsKnown() {
      StoredBatch batch = begun();

      BatchReport report = found(batch);

      assertThat(report.id()).isEqualTo(idOf(batch));
      assertThat(report.state()).isEqualTo(State.READING);
      assertThat(report.isAtomic()).isFalse();
      assertThat(report.startedAt()).isEqualTo(batch.startedAt());
      assertThat(report.finishedAt()).isEmpty();
      assertThat(report.progress().accepted()).isZero();
      assertThat(report.progress().complete()).isFalse();
    }

    @Test
    @DisplayName("counts what it has accepted, refused and settled, until it is finished")
    void progressIsCounted() {
      StoredBatch batch = begun();
      List<Submission> items = submissions(batch, 3);
      assertThat(batches.insertSome(batch, items.subList(0, 2)))
          .containsExactly(Optional.empty(), Optional.empty());
      assertThat(batches.insertSome(batch.withRefused(1), items.subList(2, 3))).hasSize(1);

      assertThat(found(batch).progress().accepted()).isEqualTo(3);
      assertThat(found(batch).progress().refused()).isEqualTo(1);
      assertThat(found(batch).progress().pending()).isEqualTo(3);

      settle(items.get(0), DeliveryStatus.SENT);
      settle(items.get(1), DeliveryStatus.FAILED);
      batches.end(batch.withRefused(2), "");

      BatchReport sending = found(batch);
      assertThat(sending.state()).isEqualTo(State.SENDING);
      assertThat(sending.progress().refused()).isEqualTo(2);
      assertThat(sending.progress().pending()).isEqualTo(1);
      assertThat(sending.progress().complete()).isFalse();
      assertThat(batches.owes(batch.group())).isTrue();

      settle(items.get(2), DeliveryStatus.SENT);

      BatchReport finished = found(batch);
      assertThat(finished.state()).isEqualTo(State.FINISHED);
      assertThat(finished.progress().settled())
          .isEqualTo(Map.of(DeliveryStatus.SENT, 2L, DeliveryStatus.FAILED, 1L));
      assertThat(finished.progress().complete()).isTrue();
      assertThat(finished.finishedAt().orElseThrow()).isAfterOrEqualTo(batch.startedAt());
      assertThat(batches.owes(batch.group())).isFalse();
      assertThat(batches.cancel(batch.group())).as("too late, but it is there").isTrue();
      assertThat(found(batch).state()).isEqualTo(State.FINISHED);
    }

    @Test
    @DisplayName("counts no notification of others, whenever they were accepted")
    void othersAreNotCounted() {
      StoredBatch batch = begun();
      StoredBatch other = begun();
      List<Submission> items = submissions(batch, 1);
      store.insert(submission(newGroup(), toAda().build()));
      batches.insertSome(other, submissions(other, 2));
      batches.insertSome(batch, items);
      List<Submission> last = submissions(batch, 1);
      batches.insertSome(batch, last);

      assertThat(found(batch).progress().pending()).isEqualTo(2);
      assertThat(found(other).progress().pending()).isEqualTo(2);
    }

    @Test
    @DisplayName("counts deliveries: a fan-out has several")
    void deliveriesAreCounted() {
      StoredBatch batch = begun();
      Recipient ada = Recipient.named("ada").address("alpha", "1").address("beta", "2");
      Submission fanOut =
          submission(
              batch.group(), Notification.to(ada).viaAll("alpha", "beta").text("hello").build());
      batches.insertSome(batch, List.of(fanOut));

      assertThat(found(batch).progress().accepted()).isEqualTo(1);
      assertThat(found(batch).progress().pending()).isEqualTo(2);
      settle(fanOut, DeliveryStatus.SENT);
      assertThat(found(batch).progress().count(DeliveryStatus.SENT)).isEqualTo(2);
    }

    @Test
    @DisplayName("tells repeats, which it does not count as accepted")
    void repeatsAreTold() {
      StoredBatch batch = begun();
      Notification once = toAda().idempotencyKey("once").build();
      Submission first = submission(batch.group(), once);
      Submission again = submission(batch.group(), once);
      batches.insertSome(batch, List.of(first));

      List<Optional<NotificationId>> answers =
          batches.insertSome(batch, List.of(again, submission(batch.group(), toAda().build())));

      assertThat(answers).containsExactly(Optional.of(first.id()), Optional.empty());
      assertThat(found(batch).progress().accepted()).isEqualTo(2);
      assertThat(found(batch).progress().duplicates()).isEqualTo(1);
      assertThat(found(batch).progress().pending()).isEqualTo(2);
    }

    @Test
    @DisplayName("is interrupted if it ends before its last item, and says why")
    void brokenOffIsInterrupted() {
      StoredBatch batch = begun();
      Submission item = submissions(batch, 1).get(0);
      batches.insertSome(batch, List.of(item));
      batches.end(batch, "the source threw");

      assertThat(found(batch).state()).isEqualTo(State.INTERRUPTED);
      assertThat(found(batch).progress().problem()).isEqualTo("the source threw");
      settle(item, DeliveryStatus.SENT);
      assertThat(found(batch).state()).isEqualTo(State.INTERRUPTED);
      assertThat(found(batch).progress().complete()).isTrue();
    }

    @Test
    @DisplayName("counts what a provider reports later")
    void laterReportIsCounted() {
      StoredBatch batch = begun();
      Submission item = submissions(batch, 1).get(0);
      batches.insertSome(batch, List.of(item));
      batches.end(batch, "");
      settle(item, DeliveryStatus.SENT);
      store.update(
          item.deliveries().get(0).channel(),
          DeliveryUpdate.of("provider-" + item.id(), DeliveryStatus.DELIVERED, "read"));

      assertThat(found(batch).progress().settled()).isEqualTo(Map.of(DeliveryStatus.DELIVERED, 1L));
    }
  }

  @Nested
  @DisplayName("A batch that is taken as a whole")
  class Whole {
    @Test
    @DisplayName("is known and read at once, with all of its notifications, however many")
    void allIsTaken() {
      StoredBatch batch = newBatch(true);
      List<Submission> items =
          submissions(batch, MANY).stream().map(Submission::withoutRoom).toList();

      assertThat(batches.insertWhole(batch, items)).hasSize(MANY).allMatch(Optional::isEmpty);

      BatchReport report = found(batch);
      assertThat(report.isAtomic()).isTrue();
      assertThat(report.state()).isEqualTo(State.SENDING);
      assertThat(report.progress().accepted()).isEqualTo(MANY);
      assertThat(report.progress().pending()).isEqualTo(MANY);
      assertThat(store.find(items.get(MANY - 1).id())).isPresent();
    }

    @Test
    @DisplayName("tells repeats, within it and of others")
    void repeatsAreTold() {
      StoredBatch batch = newBatch(true);
      Notification known = toAda().idempotencyKey("known").build();
      Submission before = submission(newGroup(), known);
      store.insert(before);
      Notification once = toAda().idempotencyKey("once").build();
      Submission first = submission(batch.group(), once);

      List<Optional<NotificationId>> answers =
          batches.insertWhole(
              batch,
              List.of(first, submission(batch.group(), once), submission(batch.group(), known)));

      assertThat(answers)
          .containsExactly(Optional.empty(), Optional.of(first.id()), Optional.of(before.id()));
      assertThat(found(batch).progress().accepted()).isEqualTo(1);
      assertThat(found(batch).progress().duplicates()).isEqualTo(2);
    }
  }

  @Nested
  @DisplayName("Cancelling")
  class Cancelling {
    @Test
    @DisplayName("ends what waits, wherever it waits, and takes nothing more")
    void waitingIsCancelled() {
      StoredBatch batch = begun();
      List<Submission> items = submissions(batch, 3);
      batches.insertSome(batch, items.subList(0, 2));
      batches.insertSome(batch, items.subList(2, 3).stream().map(Submission::withoutRoom).toList());
      store.insert(submission(newGroup(), toAda().build()));
      settle(items.get(0), DeliveryStatus.SENT);

      assertThat(batches.cancel(batch.group())).isTrue();
      List<QueuedDelivery> cancelled = new ArrayList<>();
      for (List<QueuedDelivery> some = batches.cancelSome(batch.group());
          !some.isEmpty();
          some = batches.cancelSome(batch.group())) {
        cancelled.addAll(some);
      }

      assertThat(cancelled)
          .extracting(QueuedDelivery::id)
          .containsExactlyInAnyOrder(
              items.get(1).deliveries().get(0).id(), items.get(2).deliveries().get(0).id());
      assertThat(batches.insertSome(batch, submissions(batch, 2))).isEmpty();
      batches.end(batch, "");
      BatchReport report = found(batch);
      assertThat(report.state()).isEqualTo(State.CANCELLED);
      assertThat(report.progress().settled())
          .isEqualTo(Map.of(DeliveryStatus.SENT, 1L, DeliveryStatus.CANCELLED, 2L));
      assertThat(report.progress().accepted()).isEqualTo(3);
      assertThat(report.progress().complete()).isTrue();
      assertThat(batches.cancel(batch.group())).as("again").isTrue();
    }

    @Test
    @DisplayName("leaves alone what is being sent")
    void sendingIsNotCancelled() {
      StoredBatch batch = begun();
      Submission item = submissions(batch, 1).get(0);
      batches.insertSome(batch, List.of(item));
      assertThat(store.claim(item.deliveries().get(0))).isTrue();

      batches.cancel(batch.group());

      assertThat(batches.cancelSome(batch.group())).isEmpty();
      assertThat(found(batch).progress().pending()).isEqualTo(1);
    }

    @Test
    @DisplayName("of what is not known does nothing")
    void unknownIsUnknown() {
      long group = newGroup();

      assertThat(batches.cancel(group)).isFalse();
      assertThat(batches.cancelSome(group)).isEmpty();
      assertThat(batches.find(group)).isEmpty();
      assertThat(batches.owes(group)).isFalse();
    }
  }

  @Nested
  @DisplayName("Looking")
  class Looking {
    @Test
    @DisplayName("lists the newest batches first")
    void newestComesFirst() {
      assertThat(batches.newest(10)).isEmpty();
      StoredBatch first = begun();
      StoredBatch second = newBatch(true);
      batches.insertWhole(second, submissions(second, 1));
      StoredBatch third = begun();

      assertThat(batches.newest(10)).containsExactly(third.group(), second.group(), first.group());
      assertThat(batches.newest(1)).containsExactly(third.group());
    }

    @Test
    @DisplayName("finds what belongs to a batch, page by page, and nothing else")
    void searchByBatch() {
      StoredBatch batch = begun();
      List<Submission> items = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        store.insert(submission(newGroup(), toAda().build()));
        List<Submission> one = submissions(batch, 1);
        batches.insertSome(batch, one);
        items.addAll(one);
      }
      settle(items.get(1), DeliveryStatus.SENT);
      settle(items.get(3), DeliveryStatus.FAILED);
      HistoryQuery.Builder query = HistoryQuery.builder().batch(idOf(batch));

      for (int size = 1; size <= 5; size++) {
        assertThat(search(query.pageSize(size).build()))
            .containsExactlyElementsOf(newestFirst(items));
      }
      assertThat(search(query.status(DeliveryStatus.FAILED).build()))
          .containsExactly(items.get(3).id());
      assertThat(search(query.status(DeliveryStatus.QUEUED).build()))
          .containsExactly(items.get(4).id(), items.get(2).id(), items.get(0).id());
      String unknown = HexFormat.of().toHexDigits(newGroup());
      assertThat(search(HistoryQuery.builder().batch(unknown).build())).isEmpty();
    }

    @Test
    @DisplayName("finds by tags, of which all must be there")
    void searchByTag() {
      Submission both = submission(newGroup(), toAda().tag("spring", "vip").build());
      Submission one = submission(newGroup(), toAda().tag("spring").build());
      Submission other = submission(newGroup(), toAda().tag("Spring").build());
      Submission none = submission(newGroup(), toAda().build());
      for (Submission each : List.of(both, one, other, none)) {
        store.insert(each);
      }
      settle(one, DeliveryStatus.SENT);

      HistoryQuery spring = HistoryQuery.builder().tag("spring").pageSize(1).build();
      assertThat(search(spring)).containsExactly(one.id(), both.id());
      assertThat(search(HistoryQuery.builder().tag("spring").tag("vip").build()))
          .containsExactly(both.id());
      assertThat(search(HistoryQuery.builder().tag("spring").status(DeliveryStatus.SENT).build()))
          .containsExactly(one.id());
      assertThat(search(HistoryQuery.builder().tag("autumn").build())).isEmpty();
      assertThat(store.find(both.id()).orElseThrow().notification().tags())
          .containsExactly("spring", "vip");
    }

    @Test
    @DisplayName("finds a tagged fan-out once")
    void taggedFanOutIsOne() {
      Recipient ada = Recipient.named("ada").address("alpha", "1").address("beta", "2");
      List<Submission> fanOuts =
          IntStream.range(0, 3)
              .mapToObj(
                  i ->
                      submission(
                          newGroup(),
                          Notification.to(ada)
                              .viaAll("alpha", "beta")
                              .text("hello")
                              .tag("spring")
                              .build()))
              .toList();
      fanOuts.forEach(store::insert);
      settle(fanOuts.get(1), DeliveryStatus.SENT);

      for (int size = 1; size <= 4; size++) {
        assertThat(search(HistoryQuery.builder().tag("spring").pageSize(size).build()))
            .containsExactlyElementsOf(newestFirst(fanOuts));
      }
    }

    @Test
    @DisplayName("finds by tag within a batch")
    void searchByTagAndBatch() {
      StoredBatch batch = begun();
      Submission item = submission(batch.group(), toAda().tag("spring").build());
      store.insert(submission(newGroup(), toAda().tag("spring").build()));
      batches.insertSome(batch, List.of(item, submission(batch.group(), toAda().build())));
      store.insert(submission(newGroup(), toAda().tag("spring").build()));

      assertThat(search(HistoryQuery.builder().tag("spring").batch(idOf(batch)).build()))
          .containsExactly(item.id());
    }
  }

  @Nested
  @DisplayName("After a restart")
  class Restarting {
    @Test
    @DisplayName("a batch that was being read is interrupted, and its counts stand")
    void batchesStand() throws Exception {
      StoredBatch reading = begun();
      List<Submission> items = submissions(reading, 3);
      batches.insertSome(reading.withRefused(4), items);
      settle(items.get(0), DeliveryStatus.SENT);
      StoredBatch read = begun();
      batches.insertSome(read, List.of(submission(read.group(), toAda().tag("spring").build())));
      batches.end(read, "");

      store.close();
      store = reopenStore();
      batches = store.batches();

      BatchReport report = found(reading);
      assertThat(report.state()).isEqualTo(State.INTERRUPTED);
      assertThat(report.progress().problem()).isNotEmpty();
      assertThat(report.progress().accepted()).isEqualTo(3);
      assertThat(report.progress().refused()).isEqualTo(4);
      assertThat(report.progress().pending()).isEqualTo(2);
      assertThat(report.progress().settled()).isEqualTo(Map.of(DeliveryStatus.SENT, 1L));
      assertThat(found(read).state()).isEqualTo(State.SENDING);
      assertThat(search(HistoryQuery.builder().tag("spring").build())).hasSize(1);
      assertThat(batches.newest(9)).containsExactly(read.group(), reading.group());
    }
  }

  // --- Below a notifier -------------------------------------------------------------------------

  @Nested
  @DisplayName("Below a notifier")
  class BelowNotifier {
    private final Map<NotificationId, AtomicInteger> sent = new ConcurrentHashMap<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private Notifier notifier;

    @BeforeEach
    void start() {
      notifier =
          Notifier.builder()
              .discovery(false)
              .store(store)
              .channel(
                  "alpha",
                  attempt -> {
                    sent.computeIfAbsent(
                            attempt.delivery().notification(), id -> new AtomicInteger())
                        .incrementAndGet();
                    return DeliveryResult.accepted();
                  })
              .channel(
                  "gate",
                  attempt -> {
                    open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    return DeliveryResult.accepted();
                  })
              .build();
      notifier
          .templates()
          .save(
              Template.named("greeting")
                  .requires("name")
                  .part("alpha", TemplateFormat.TEXT, "Hi {{name}}")
                  .build());
    }

    @AfterEach
    void stop() {
      open.countDown();
      notifier.close(Duration.ofSeconds(5));
    }

    private BatchReport reportOf(BatchRun run) {
      return notifier.batches().find(run.id()).orElseThrow();
    }

    private static Batch.Target target(String name) {
      return new Batch.Target(Recipient.named(name).address("alpha", name), Map.of("name", name));
    }

    @Test
    @DisplayName("an atomic batch is sent as a whole, also a large one, each item once")
    void atomicIsSent() throws Exception {
      List<Notification> items = IntStream.range(0, MANY).mapToObj(i -> toAda().build()).toList();

      BatchRun run = notifier.sendAll(Batch.atomic(items));

      assertThat(run.await(PATIENCE)).isTrue();
      BatchReport report = reportOf(run);
      assertThat(report.state()).isEqualTo(State.FINISHED);
      assertThat(report.progress().settled()).isEqualTo(Map.of(DeliveryStatus.SENT, (long) MANY));
      assertThat(sent).hasSize(MANY);
      assertThat(sent.values()).allSatisfy(times -> assertThat(times).hasValue(1));
    }

    @Test
    @DisplayName("an atomic batch names the item without an address, and nothing is accepted")
    void atomicNamesTheItem() {
      List<Batch.Target> targets =
          List.of(target("ada"), new Batch.Target(Recipient.named("bob"), Map.of("name", "Bob")));

      assertThatThrownBy(
              () ->
                  notifier.sendAll(
                      Batch.of("greeting").with(item -> item.tag("spring")).atomic(targets)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContainingAll("item 1", "bob", "nothing of the batch was accepted");
      assertThat(notifier.batches().newest(10)).isEmpty();
      assertThat(search(HistoryQuery.builder().tag("spring").build())).isEmpty();
      assertThat(search(HistoryQuery.builder().build())).isEmpty();
    }

    @Test
    @DisplayName("a best-effort batch refuses single items, with the reason, and sends the others")
    void bestEffortGivesReasons() throws Exception {
      List<BatchItem> items = new ArrayList<>();
      BatchRun run =
          notifier.sendAll(
              Batch.of("greeting")
                  .with(item -> item.tag("spring"))
                  .bestEffort(
                      Stream.of(
                          target("ada"),
                          new Batch.Target(Recipient.named("bob"), Map.of("name", "Bob")),
                          new Batch.Target(target("eve").recipient(), Map.of()),
                          target("eve")))
                  .onItem(items::add));

      assertThat(run.await(PATIENCE)).isTrue();
      assertThat(items).extracting(BatchItem::index).containsExactly(0L, 1L, 2L, 3L);
      assertThat(items.get(1).reason()).contains("bob");
      assertThat(items.get(2).reason()).contains("name");
      BatchReport report = reportOf(run);
      assertThat(report.progress().refused()).isEqualTo(2);
      assertThat(report.progress().accepted()).isEqualTo(2);
      assertThat(report.progress().count(DeliveryStatus.SENT)).isEqualTo(2);
      assertThat(report.state()).isEqualTo(State.FINISHED);
      assertThat(search(HistoryQuery.builder().batch(run.id()).tag("spring").build())).hasSize(2);
    }

    @Test
    @DisplayName("a rate spreads a batch")
    void rateSpreads() throws Exception {
      long began = System.nanoTime();
      BatchRun run =
          notifier.sendAll(
              Batch.atomic(List.of(toAda().build(), toAda().build(), toAda().build()))
                  .rate(new RateLimit(1, Duration.ofMillis(200))));

      assertThat(run.await(PATIENCE)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(Duration.ofMillis(390));
      assertThat(reportOf(run).progress().count(DeliveryStatus.SENT)).isEqualTo(3);
    }

    @Test
    @DisplayName("a batch is cancelled by its id while it is read")
    void cancelledById() throws Exception {
      AtomicInteger read = new AtomicInteger();
      BatchRun run =
          notifier.sendAll(
              Batch.bestEffort(
                  Stream.generate(
                          () -> {
                            read.incrementAndGet();
                            return Notification.to("gate:ada").text("hello").build();
                          })
                      .limit(20_000))); // so that it ends where nothing is cancelled
      while (read.get() < 1200) {
        Thread.onSpinWait();
      }

      assertThat(notifier.batches().cancel(run.id())).isTrue();
      open.countDown();

      assertThat(run.await(PATIENCE)).isTrue();
      BatchReport report = reportOf(run);
      assertThat(report.state()).isEqualTo(State.CANCELLED);
      assertThat(report.progress().complete()).isTrue();
      assertThat(report.progress().count(DeliveryStatus.CANCELLED)).isGreaterThan(400);
      assertThat(report.progress().accepted())
          .isEqualTo(
              report.progress().count(DeliveryStatus.CANCELLED)
                  + report.progress().count(DeliveryStatus.SENT));
    }
  }
}
