package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Batch;
import dev.notifier.BatchItem;
import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.LaneFullException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierClosedException;
import dev.notifier.Priority;
import dev.notifier.RateLimit;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many at once: all or none, or each by itself. */
@ExtendWith(QuietLog.class)
class BatchTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Stage stage = Stage.open();

  private static Notification mail(int number) {
    return byEmail("mail " + number).priority(Priority.LOW).build();
  }

  private static List<Notification> mails(int count) {
    return IntStream.range(0, count).mapToObj(BatchTest::mail).toList();
  }

  @Test
  void anAtomicBatchIsAcceptedAndSentAsAWhole() throws InterruptedException {
    BatchRun run = stage.notifier.sendAll(Batch.atomic(mails(250)));
    assertThat(run.progress().accepted()).isEqualTo(250);
    assertThat(run.progress().pending()).isEqualTo(250);
    assertThat(run.await(Duration.ZERO)).isFalse();

    stage.runToTheEnd();

    assertThat(run.await(Duration.ZERO)).isTrue();
    assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(250);
    assertThat(run.progress().complete()).isTrue();
  }

  @Test
  void allIdsOfABatchEndWithItsId() {
    List<BatchItem> items = new ArrayList<>();
    BatchRun run = stage.notifier.sendAll(Batch.atomic(mails(3)).onItem(items::add));

    assertThat(items).extracting(BatchItem::index).containsExactly(0L, 1L, 2L);
    assertThat(items)
        .allSatisfy(
            item ->
                assertThat(item.id().orElseThrow().toString().replace("-", "")).endsWith(run.id()));
    assertThat(items.stream().map(BatchItem::id).distinct()).hasSize(3);
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(() -> stage.notifier.sendAll(Batch.atomic(List.of())))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> stage.notifier.sendAll(Batch.bestEffort(Stream.of())))
        .isInstanceOf(InvalidNotificationException.class);
  }

  @Test
  void anAtomicBatchNamesTheItemWithoutAnAddressAndAcceptsNothing() {
    saveGreeting();
    List<Batch.Target> targets =
        List.of(
            new Batch.Target(Stage.ada(), Map.of("name", "Ada")),
            new Batch.Target(Recipient.named("bob").sms("+4915112345678"), Map.of("name", "Bob")));

    assertThatThrownBy(
            () ->
                stage.notifier.sendAll(
                    Batch.of("greeting").with(item -> item.via("email")).atomic(targets)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContainingAll("item 1", "bob", "nothing of the batch was accepted");
    assertThat(stage.run()).isZero();
    assertThat(stage.stats("email").waiting()).isZero();
  }

  static Stream<Batch> atomicBatchesWhoseSecondItemIsBroken() {
    List<Integer> numbers = List.of(0, 1, 2);
    return Stream.of(
        Batch.atomic(Arrays.asList(mail(0), null, mail(2))),
        Batch.atomic(numbers, number -> number == 1 ? null : mail(number)),
        Batch.atomic(Arrays.asList(0, null, 2), number -> mail(number)),
        Batch.atomic(
            numbers,
            number -> {
              if (number == 1) {
                throw new IllegalStateException("secret");
              }
              return mail(number);
            }));
  }

  @ParameterizedTest
  @MethodSource("atomicBatchesWhoseSecondItemIsBroken")
  void anAtomicBatchNamesTheItemThatIsNoneAndAcceptsNothing(Batch batch) {
    assertThatThrownBy(() -> stage.notifier.sendAll(batch))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContainingAll("item 1 of", "nothing of the batch was accepted")
        .message()
        .doesNotContain("secret");
    assertThat(stage.run()).isZero();
  }

  @Test
  void anAtomicBatchOfTargetsNamesTheOneThatIsNone() {
    saveGreeting();
    List<Batch.Target> targets =
        Arrays.asList(new Batch.Target(Stage.ada(), Map.of("name", "Ada")), null);
    assertThatThrownBy(
            () ->
                stage.notifier.sendAll(
                    Batch.of("greeting").with(item -> item.via("email")).atomic(targets)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("item 1 of");
  }

  @Test
  void whatIsNullInAnIterableIsRefusedByItself() {
    List<BatchItem> items = new ArrayList<>();
    stage.notifier.sendAll(
        Batch.bestEffort(Arrays.asList(mail(0), null, mail(2))).onItem(items::add));
    assertThat(items).extracting(item -> item.id().isPresent()).containsExactly(true, false, true);
    assertThat(items.get(1).reason()).contains("null");
  }

  @Test
  void anAtomicBatchThatFindsNoRoomLeavesNothingBehind() {
    Stage small = Stage.withEmail(policy -> policy.capacity(10));

    assertThatThrownBy(() -> small.notifier.sendAll(Batch.atomic(mails(11))))
        .isInstanceOf(LaneFullException.class)
        .hasMessageContainingAll("needed=11", "capacity=10", "nothing of it was accepted");
    assertThat(small.run()).isZero();
    assertThat(small.notifier.sendAll(Batch.atomic(mails(10))).progress().accepted()).isEqualTo(10);
  }

  @Test
  void oneTemplateSpeaksToEachWithItsOwnVariables() {
    saveGreeting();
    List<BatchItem> items = new ArrayList<>();
    stage.notifier.sendAll(
        Batch.of("greeting")
            .with(item -> item.via("email"))
            .bestEffort(
                Stream.of("Ada", "Bob")
                    .map(name -> new Batch.Target(Stage.ada(), Map.of("name", name))))
            .onItem(items::add));
    stage.runToTheEnd();

    assertThat(stage.email.calls())
        .extracting(call -> call.attempt().content().text().orElseThrow())
        .containsExactly("Hello Ada", "Hello Bob");
    assertThat(items).extracting(BatchItem::reason).containsOnly("");
  }

  @Test
  void whatMakesNoNotificationIsRefusedOrNamed() {
    List<BatchItem> items = new ArrayList<>();
    List<String> addresses = List.of("ada@example.com", "nobody", "eve@example.com");
    BatchRun run =
        stage.notifier.sendAll(
            Batch.bestEffort(addresses.stream(), BatchTest::mailTo).onItem(items::add));
    stage.runToTheEnd();

    assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(2);
    assertThat(items.get(1).reason()).contains("nobody");
    assertThatThrownBy(() -> stage.notifier.sendAll(Batch.atomic(addresses, BatchTest::mailTo)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContainingAll("item 1", "nobody");
  }

  private static Notification mailTo(String address) {
    return Notification.to(Recipient.named("reader").email(address)).text("hello").build();
  }

  @Test
  void whatIsKnownOfABatchIsFoundByItsId() {
    BatchRun run = stage.notifier.sendAll(Batch.atomic(mails(3)));
    BatchReport sending = stage.notifier.batches().find(run.id()).orElseThrow();
    stage.runToTheEnd();
    BatchReport finished = stage.notifier.batches().find(run.id()).orElseThrow();

    assertThat(sending.state()).isEqualTo(BatchReport.State.SENDING);
    assertThat(finished.state()).isEqualTo(BatchReport.State.FINISHED);
    assertThat(finished.finishedAt()).isPresent();
    assertThat(finished.progress()).isEqualTo(run.progress());
    assertThat(stage.notifier.batches().newest(1)).containsExactly(run.id());
    assertThatThrownBy(() -> stage.notifier.batches().find("no batch"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bestEffortRefusesSingleItemsAndSaysWhy() {
    saveGreeting();
    List<BatchItem> items = new ArrayList<>();
    BatchRun run =
        stage.notifier.sendAll(
            Batch.of("greeting")
                .with(item -> item.via("email"))
                .bestEffort(
                    Stream.of(
                        new Batch.Target(Stage.ada(), Map.of("name", "Ada")),
                        new Batch.Target(Recipient.named("bob"), Map.of("name", "Bob")),
                        new Batch.Target(Stage.ada(), Map.of()),
                        new Batch.Target(Stage.ada(), Map.of("name", "Eve"))))
                .onItem(items::add));
    stage.runToTheEnd();

    assertThat(items).extracting(BatchItem::index).containsExactly(0L, 1L, 2L, 3L);
    assertThat(items.get(1).reason()).contains("bob");
    assertThat(items.get(2).reason()).contains("name");
    assertThat(run.progress().refused()).isEqualTo(2);
    assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(2);
  }

  @Test
  void aRepeatIsCountedAndNotSentAgain() {
    Notification once = byEmail("once").idempotencyKey("k").build();
    BatchRun run = stage.notifier.sendAll(Batch.atomic(List.of(once, once, mail(1))));
    stage.runToTheEnd();

    BatchProgress progress = run.progress();
    assertThat(progress.accepted()).isEqualTo(2);
    assertThat(progress.duplicates()).isEqualTo(1);
    assertThat(progress.complete()).isTrue();
    assertThat(stage.email.calls()).hasSize(2);
  }

  @Test
  void cancelStopsWhatIsNotSent() {
    BatchRun run = stage.notifier.sendAll(Batch.bestEffort(mails(20)));
    run.cancel();
    stage.runToTheEnd();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(run.progress().count(DeliveryStatus.CANCELLED)).isEqualTo(20);
    assertThat(run.progress().complete()).isTrue();
  }

  @Test
  void aRateSpreadsTheBatch() {
    stage.notifier.sendAll(Batch.atomic(mails(30)).rate(RateLimit.perSecond(10)));
    stage.runUntil(Duration.ofMillis(999));
    assertThat(stage.email.calls()).hasSize(10);
    stage.runUntil(Duration.ofMillis(1999));
    assertThat(stage.email.calls()).hasSize(20);
  }

  @Test
  void aListenerThatThrowsDoesNotTakeBackWhatWasAccepted() {
    Batch batch =
        Batch.atomic(mails(2))
            .onItem(
                item -> {
                  throw new IllegalStateException("no");
                });
    BatchRun run = stage.notifier.sendAll(batch);
    stage.runToTheEnd();

    assertThat(run.progress().problem()).contains("listener");
    assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(2);
  }

  @Test
  void aSourceThatThrowsEndsTheBatchAndKeepsWhatWasAccepted() {
    Stream<Notification> broken =
        IntStream.range(0, 10)
            .mapToObj(
                number -> {
                  if (number == 4) {
                    throw new IllegalStateException("no more");
                  }
                  return mail(number);
                });
    BatchRun run = stage.notifier.sendAll(Batch.bestEffort(broken));
    stage.runToTheEnd();

    assertThat(run.progress().problem()).contains("IllegalStateException");
    assertThat(run.progress().complete()).isTrue();
    assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(run.progress().accepted());
  }

  @Test
  void aClosedNotifierRefusesABatch() {
    stage.notifier.close();
    assertThatThrownBy(() -> stage.notifier.sendAll(Batch.bestEffort(mails(1))))
        .isInstanceOf(NotifierClosedException.class);
  }

  @Test
  void aBatchLargerThanTheLaneFlowsThroughAndLeavesHalfOfItToOthers() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger read = new AtomicInteger();
    Channel slow =
        attempt -> {
          try {
            gate.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return DeliveryResult.accepted();
        };
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .channel("email", slow)
            .policy("email", Stage.CALM.toBuilder().capacity(100).build())
            .build()) {
      BatchRun run =
          notifier.sendAll(
              Batch.bestEffort(
                  IntStream.range(0, 2000)
                      .peek(i -> read.incrementAndGet())
                      .mapToObj(BatchTest::mail)));
      assertThat(notifier.sendAll(Batch.atomic(mails(40))).progress().accepted()).isEqualTo(40);
      assertThat(read.get()).isLessThan(200);
      gate.countDown();

      assertThat(run.await(LONG)).isTrue();
      assertThat(run.progress().count(DeliveryStatus.SENT)).isEqualTo(2000);
    }
  }

  private void saveGreeting() {
    stage
        .notifier
        .templates()
        .save(Template.named("greeting").requires("name").email("Hi", "Hello {{name}}").build());
  }
}
