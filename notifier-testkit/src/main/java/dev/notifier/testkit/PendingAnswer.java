package dev.notifier.testkit;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An attempt on a thread of its own, so that a channel that hangs does not hang the test. */
final class PendingAnswer {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final FutureTask<DeliveryResult> call;
  private final Thread thread;

  private PendingAnswer(Channel channel, DeliveryAttempt attempt) {
    call =
        new FutureTask<>(
            () -> {
              begun.countDown();
              return channel.send(attempt);
            });
    thread = new Thread(call, "contract-attempt");
    thread.setDaemon(true);
  }

  static PendingAnswer start(Channel channel, DeliveryAttempt attempt) {
    PendingAnswer pending = new PendingAnswer(channel, attempt);
    pending.thread.start();
    return pending;
  }

  /** Interrupts the thread as a notifier does that is closing. */
  PendingAnswer interrupt() throws InterruptedException {
    begun.await();
    thread.interrupt();
    return this;
  }

  /** Waits for the answer, and fails if there is none in time. */
  Answer await(Duration patience) throws InterruptedException {
    try {
      return new Answer(call.get(patience.toNanos(), TimeUnit.NANOSECONDS), null);
    } catch (ExecutionException e) {
      return new Answer(null, e.getCause());
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new AssertionError(
          "the channel gave no answer within "
              + patience
              + ": every wait in a channel must have an end; give the one under test short"
              + " time-outs, or override patience()",
          e);
    }
  }
}
