package dev.notifier.internal.engine;

import dev.notifier.ShutdownReport;
import dev.notifier.StoreException;
import dev.notifier.internal.delivery.ConfiguredChannel;
import dev.notifier.internal.delivery.DeliveryWorker;
import dev.notifier.internal.event.LogContext;
import dev.notifier.internal.schedule.Scheduler;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets workers to the lanes, and brings them home again. */
final class Engine {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration STORE_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_GRACE = Duration.ofSeconds(5);

  private final Lanes lanes;
  private final DeliveryWorker worker;
  private final Scheduler scheduler;
  private final InstantSource clock;
  private final boolean waitsForLater;
  private final EngineThreads threads = new EngineThreads();
  private boolean threaded;

  /**
   * Creates an engine that stands still.
   *
   * @param waitsForLater whether a shutdown waits, as long as it may, for what is due later: it
   *     would be lost
   */
  Engine(
      Lanes lanes,
      DeliveryWorker worker,
      Scheduler scheduler,
      InstantSource clock,
      boolean waitsForLater) {
    this.lanes = lanes;
    this.worker = worker;
    this.scheduler = scheduler;
    this.clock = clock;
    this.waitsForLater = waitsForLater;
  }

  // --- Work -------------------------------------------------------------------------------------

  /** Starts the workers of every channel. */
  void start(String name, Collection<ConfiguredChannel> channels) {
    threaded = true;
    for (ConfiguredChannel channel : channels) {
      Lane lane = lanes.of(channel.id());
      threads.start(name + "-" + channel.id(), channel.policy().concurrency(), () -> workOn(lane));
    }
  }

  /** Starts to make the runs of schedules. The store must be ready to take them. */
  void startScheduler(String name) {
    threads.start(name + "-scheduler", 1, scheduler::run);
  }

  /** Tells whether workers run. */
  boolean isThreaded() {
    return threaded;
  }

  private void workOn(Lane lane) {
    QueuedDelivery next = takeFrom(lane, false);
    while (next != null) {
      deliver(lane, next);
      // A flag that foreign code left behind would break off the next delivery, which is innocent.
      // One that was set by shutDown is not missed: the lane is stopped by then.
      Thread.interrupted();
      next = takeFrom(lane, true);
    }
  }

  private static @Nullable QueuedDelivery takeFrom(Lane lane, boolean afterOne) {
    boolean done = afterOne;
    while (true) {
      try {
        return lane.take(done);
      } catch (InterruptedException e) {
        // Only a lane that is stopped ends a worker.
        done = false;
      }
    }
  }

  private void deliver(Lane lane, QueuedDelivery delivery) {
    try {
      worker.deliver(delivery);
    } catch (StoreException e) {
      logError(delivery, "the store failed on delivery {}; it is tried again", e);
      lane.addAt(clock.instant().plus(STORE_RETRY), delivery);
    } catch (Throwable e) { // a worker that died would silently narrow its lane
      logError(delivery, "delivery {} could not be worked on: this is a bug", e);
    }
  }

  private static void logError(QueuedDelivery delivery, String message, Throwable failure) {
    LogContext.run(delivery, () -> log.error(message, delivery.id(), failure));
  }

  /** Does everything that is due on the calling thread. */
  int runDue() {
    if (threaded) {
      throw new IllegalStateException("this notifier has threads of its own; it is not stepped");
    }
    int total = 0;
    int runs;
    int deliveries;
    do {
      runs = scheduler.runDue();
      deliveries = lanes.all().stream().mapToInt(this::runDue).sum();
      total += deliveries;
    } while (runs + deliveries > 0);
    return total;
  }

  private int runDue(Lane lane) {
    int count = 0;
    LogContext outer = LogContext.save();
    try {
      for (QueuedDelivery next = lane.poll(); next != null; next = lane.poll()) {
        deliver(lane, next);
        lane.finish();
        count++;
      }
    } finally {
      outer.close();
    }
    return count;
  }

  /** Returns when there is something to do next. */
  Optional<Instant> nextDue() {
    Stream<Instant> deliveries =
        lanes.all().stream()
            .map(lane -> lane.load().nextDue())
            .filter(due -> due.isBefore(Lane.LATEST));
    return Stream.concat(deliveries, scheduler.nextDue().stream()).min(Instant::compareTo);
  }

  // --- Shutdown ---------------------------------------------------------------------------------

  /**
   * Lets what can be settled in time be settled, then stops every worker and closes the channels.
   */
  ShutdownReport shutDown(Duration timeout, Runnable closeChannels) {
    scheduler.stop();
    lanes.all().forEach(Lane::refuse);
    try {
      drain(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller wants to go now
    }
    lanes.all().forEach(Lane::stop);
    ShutdownReport left = whatIsLeft();
    if (left.interrupted() > 0) {
      threads.interrupt();
      closeChannels.run(); // a call that ignores an interrupt ends with its connection
      joinThreads();
    } else {
      joinThreads();
      closeChannels.run();
    }
    return left;
  }

  private void drain(Duration timeout) throws InterruptedException {
    if (!threaded) {
      runDue();
      return;
    }
    long remaining = TimeUnit.NANOSECONDS.convert(timeout); // at most 292 years
    Instant end = clock.instant().plusNanos(waitsForLater ? remaining : 0);
    long handovers;
    do { // a lane that was quiet may have been given work by a later one
      handovers = lanes.handovers();
      for (Lane lane : lanes.all()) {
        remaining = lane.awaitQuiet(remaining, end);
      }
    } while (remaining > 0 && handovers != lanes.handovers());
  }

  private ShutdownReport whatIsLeft() {
    int waiting = 0;
    int delayed = 0;
    int busy = 0;
    for (Lane lane : lanes.all()) {
      Lane.Load load = lane.load();
      waiting += load.waiting();
      delayed += load.delayed();
      busy += load.busy();
    }
    return new ShutdownReport(waiting, delayed, busy);
  }

  private void joinThreads() {
    boolean interrupted = Thread.interrupted(); // the threads must be gone, even so
    try {
      threads.join(LAST_GRACE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
