package dev.notifier.examples;

import dev.notifier.AttemptReport;
import dev.notifier.DeadLetter;
import dev.notifier.DeadLetters;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.HistoryExport;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.ReplayReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an operator does after a bad night: sees what failed and why, mends it, sends it again. */
public final class OperatorsWalk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HistoryQuery ALL = HistoryQuery.builder().channel("pager").build();

  private OperatorsWalk() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    AtomicBoolean broken = new AtomicBoolean(true);
    Settled settled = new Settled();
    try (Notifier notifier =
        Notifier.builder()
            .channel(
                "pager",
                attempt ->
                    broken.get()
                        ? DeliveryResult.permanentFailure("403: the account has no credit")
                        : DeliveryResult.accepted())
            .listener(settled)
            .build()) {
      for (String order : new String[] {"1001", "1002", "1003"}) {
        notifier.send(shipped(order)).await(PATIENCE);
      }
      System.out.println("Failed:");
      inspect(notifier.deadLetters());

      broken.set(false); // somebody has paid the bill
      settled.expect(3);
      Receipt one = notifier.deadLetters().replay(newest(notifier.deadLetters()));
      ReplayReport rest = notifier.deadLetters().replayAll(ALL);
      settled.await();
      System.out.printf(
          "Replayed one as %s, then %d more; %d had been replayed before.%n",
          one.id(), rest.replayed(), rest.replayedBefore());
      inspect(notifier.deadLetters());

      System.out.println("The history as JSON lines:");
      notifier.history().export(HistoryExport.of(ALL), (String line) -> System.out.println(line));
      long purged = notifier.deadLetters().purgeOlderThan(Duration.ZERO);
      System.out.printf("Purged %d dead letters.%n", purged);
    }
  }

  private static Notification shipped(String order) {
    return Notification.to("pager:42")
        .text("Order " + order + " has shipped.")
        .correlationId("order-" + order)
        .priority(Priority.LOW)
        .build();
  }

  private static NotificationId newest(DeadLetters deadLetters) {
    return deadLetters.list(ALL).items().get(0).id();
  }

  private static void inspect(DeadLetters deadLetters) {
    for (DeadLetter deadLetter : deadLetters.list(ALL).items()) {
      System.out.printf(
          "  %s %s%n",
          deadLetter.report().notification().correlationId().orElse("-"),
          deadLetter.replayedAs().map(id -> "was replayed as " + id).orElse("is a dead letter"));
      for (DeliveryReport delivery : deadLetter.failures()) {
        for (AttemptReport attempt : delivery.attempts()) {
          System.out.printf(
              "    attempt %d on %s: %s%n",
              attempt.number(), attempt.channel(), attempt.result().reason());
        }
      }
    }
  }

  /** Waits for the replays. */
  private static final class Settled implements NotificationListener {
    private volatile CountDownLatch expected = new CountDownLatch(0);

    void expect(int replays) {
      expected = new CountDownLatch(replays);
    }

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      expected.countDown();
    }

    void await() throws InterruptedException {
      expected.await(30, TimeUnit.SECONDS);
    }
  }
}
