package dev.notifier.internal.engine;

import dev.notifier.Batch;
import dev.notifier.BatchItem;
import dev.notifier.BatchRun;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.NotifierException;
import dev.notifier.RateLimit;
import dev.notifier.internal.event.Outcomes;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.StoredBatch;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends batches: an atomic one on the calling thread, another on a thread of its own. */
final class BatchSender {
  private static final Logger log = LoggerFactory.getLogger(BatchSender.class);
  private static final int MAX_AT_ONCE = 16;
  private static final int CHUNK = 500;
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private final Intake intake;
  private final Outcomes outcomes;
  private final BatchStore store;
  private final InstantSource clock;
  private final LongConsumer canceller;
  private final AtomicInteger reading = new AtomicInteger();

  BatchSender(
      Intake intake,
      Outcomes outcomes,
      BatchStore store,
      InstantSource clock,
      LongConsumer canceller) {
    this.intake = intake;
    this.outcomes = outcomes;
    this.store = store;
    this.clock = clock;
    this.canceller = canceller;
  }

  /**
   * Sends a batch.
   *
   * @param threaded whether there are workers, which make room while this waits for it
   */
  BatchRun send(Batch batch, boolean threaded) {
    if (!batch.items().hasNext()) {
      throw new InvalidNotificationException(
          "the batch is empty: give it one notification or more");
    }
    intake.checkOpen();
    return batch.isAtomic() ? sendAtomic(batch) : sendEach(batch, threaded);
  }

  private BatchTally watched() {
    long group = ThreadLocalRandom.current().nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    BatchTally tally =
        new BatchTally(
            group,
            () -> canceller.accept(group),
            () -> store.owes(group),
            () -> outcomes.unwatch(group));
    outcomes.watch(group, tally::settled);
    return tally;
  }

  private StoredBatch begun(Batch batch, long group) {
    return new StoredBatch(group, intake.nextId(group), clock.instant(), batch.isAtomic(), 0);
  }

  // --- All or nothing ---------------------------------------------------------------------------

  private BatchRun sendAtomic(Batch batch) {
    BatchTally tally = watched();
    List<Submission> submissions = new ArrayList<>();
    List<Intake.Accepted> accepted;
    StoredBatch stored = begun(batch, tally.group());
    try {
      prepareAll(batch, tally, submissions);
      submissions.forEach(item -> tally.expect(item.deliveries().size()));
      accepted = intake.acceptAll(submissions, items -> store.insertWhole(stored, items));
    } catch (Throwable e) {
      outcomes.unwatch(tally.group());
      throw e;
    }
    for (int i = 0; i < accepted.size(); i++) {
      count(tally, submissions.get(i), accepted.get(i));
    }
    tally.end(tellAll(batch, tally, accepted));
    return tally;
  }

  /** What is accepted stays so, whatever the listener throws. */
  private static String tellAll(Batch batch, BatchTally tally, List<Intake.Accepted> accepted) {
    try {
      for (int i = 0; i < accepted.size(); i++) {
        tell(batch, i, accepted.get(i));
      }
      return "";
    } catch (RuntimeException e) {
      log.error("batch {}: its listener threw {}", tally.id(), e.getClass().getName());
      return "all was accepted, but its listener threw " + e.getClass().getName();
    }
  }

  private void prepareAll(Batch batch, BatchTally tally, List<Submission> submissions) {
    Instant start = clock.instant();
    Iterator<Supplier<Notification>> items = batch.items();
    for (int i = 0; items.hasNext(); i++) {
      try {
        submissions.add(intake.prepare(items.next().get(), tally.group(), due(batch, start, i)));
      } catch (NotifierClosedException e) {
        throw e;
      } catch (NotifierException e) {
        throw refused(i, String.valueOf(e.getMessage()), e);
      } catch (RuntimeException e) { // foreign words may hold what must not be seen
        throw refused(i, couldNotBePrepared(e), e);
      }
    }
  }

  private static InvalidNotificationException refused(
      int index, String reason, RuntimeException cause) {
    InvalidNotificationException refused =
        new InvalidNotificationException(
            "item "
                + index
                + " of the atomic batch (counted from 0): "
                + reason
                + "; nothing of the batch was accepted");
    refused.initCause(cause);
    return refused;
  }

  private static String couldNotBePrepared(RuntimeException failure) {
    return "it could not be prepared: " + failure.getClass().getName();
  }

  private static Instant due(Batch batch, Instant start, long index) {
    Optional<RateLimit> rate = batch.rate();
    return rate.isEmpty()
        ? start
        : start.plus(rate.get().period().multipliedBy(index).dividedBy(rate.get().permits()));
  }

  private static void count(BatchTally tally, Submission item, Intake.Accepted accepted) {
    if (accepted.duplicate()) {
      tally.unexpect(item.deliveries().size());
      tally.countDuplicate();
    } else {
      tally.countAccepted();
    }
  }

  private static void tell(Batch batch, long index, Intake.Accepted accepted) {
    batch
        .listener()
        .accept(new BatchItem(index, Optional.of(accepted.id()), accepted.duplicate(), ""));
  }

  // --- Each by itself ---------------------------------------------------------------------------

  private BatchRun sendEach(Batch batch, boolean threaded) {
    if (reading.incrementAndGet() > MAX_AT_ONCE) {
      reading.decrementAndGet();
      throw new IllegalStateException(
          "at most " + MAX_AT_ONCE + " batches can be read at once: await one of them first");
    }
    BatchTally tally = watched();
    StoredBatch stored = begun(batch, tally.group());
    try {
      store.begin(stored);
    } catch (Throwable e) {
      reading.decrementAndGet();
      outcomes.unwatch(tally.group());
      throw e;
    }
    Runnable work = () -> readAll(new Reading(batch, stored, tally, threaded));
    if (threaded) {
      EngineThreads.startPassing("notifier-batch-" + tally.id(), work);
    } else {
      work.run();
    }
    return tally;
  }

  private void readAll(Reading batch) {
    String problem = "";
    try {
      batch.run();
    } catch (NotifierClosedException e) {
      problem = "the notifier was closed before the batch was read to its end";
    } catch (Throwable e) { // of the application's iterator or listener
      problem = "the batch could not be read to its end: " + e.getClass().getName();
      log.error("batch {}: {}", batch.tally.id(), problem);
    } finally {
      reading.decrementAndGet();
      end(batch, problem);
    }
  }

  private void end(Reading batch, String problem) {
    BatchTally tally = batch.tally;
    try {
      store.end(batch.stored.withRefused(tally.refused()), problem);
    } catch (RuntimeException e) {
      log.error("that batch {} was read to its end could not be recorded", tally.id(), e);
    }
    try {
      tally.end(problem);
    } catch (RuntimeException e) {
      log.error("batch {} was not cancelled to its end: cancel it again", tally.id(), e);
    }
  }

  /** One pass through a batch, in bounded memory. */
  private final class Reading {
    private final Batch batch;
    private final StoredBatch stored;
    private final BatchTally tally;
    private final boolean waits;
    private final List<Intake.Admission> chunk = new ArrayList<>();
    private final List<Long> indexes = new ArrayList<>();

    Reading(Batch batch, StoredBatch stored, BatchTally tally, boolean waits) {
      this.batch = batch;
      this.stored = stored;
      this.tally = tally;
      this.waits = waits;
    }

    void run() {
      Instant start = clock.instant();
      try {
        for (long i = 0; !tally.isStopped() && batch.items().hasNext(); i++) {
          read(batch.items().next(), i, due(batch, start, i));
        }
      } finally {
        flush(); // what has room already
      }
    }

    private void read(Supplier<Notification> item, long index, Instant due) {
      try {
        Submission submission = intake.prepare(item.get(), tally.group(), due);
        Optional<Intake.Admission> admission = admit(submission);
        if (admission.isPresent()) {
          chunk.add(admission.get());
          indexes.add(index);
        } else if (!tally.isStopped()) {
          refuse(index, "the lane is full");
        }
      } catch (NotifierClosedException e) {
        throw e;
      } catch (NotifierException e) {
        refuse(index, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) { // foreign words may hold what must not be seen
        refuse(index, couldNotBePrepared(e));
      }
      if (chunk.size() >= CHUNK) {
        flush();
      }
    }

    private Optional<Intake.Admission> admit(Submission submission) {
      Optional<Intake.Admission> admission = intake.admitOfBatch(submission, waits);
      while (admission.isEmpty() && waits && !tally.isStopped()) {
        flush(); // it may be what fills the lane
        LockSupport.parkNanos(PAUSE_NANOS);
        Thread.interrupted(); // nobody interrupts this thread but the application's own code
        admission = intake.admitOfBatch(submission, true);
      }
      return admission;
    }

    private void refuse(long index, String reason) {
      flush(); // in order
      countRefused(index, reason);
    }

    private void countRefused(long index, String reason) {
      tally.countRefused();
      batch.listener().accept(new BatchItem(index, Optional.empty(), false, reason));
    }

    private void flush() {
      List<Intake.Admission> ready = List.copyOf(chunk);
      List<Long> places = List.copyOf(indexes);
      chunk.clear();
      indexes.clear();
      if (!ready.isEmpty() && !isInserted(ready, places)) {
        for (int i = 0; i < ready.size(); i++) {
          insertAlone(ready.get(i).submission(), places.get(i));
        }
      }
    }

    /** Returns false if the store refused them for one of them. */
    private boolean isInserted(List<Intake.Admission> ready, List<Long> places) {
      ready.forEach(item -> tally.expect(deliveriesOf(item)));
      List<Intake.Accepted> accepted;
      try {
        accepted = intake.insertAll(ready, this::insert);
      } catch (NotifierException e) {
        ready.forEach(item -> tally.unexpect(deliveriesOf(item)));
        if (e instanceof InvalidNotificationException && ready.size() > 1) {
          return false;
        }
        places.forEach(place -> countRefused(place, String.valueOf(e.getMessage())));
        return true;
      }
      if (accepted.isEmpty()) { // another process has cancelled the batch
        ready.forEach(item -> tally.unexpect(deliveriesOf(item)));
        tally.stop();
        return true;
      }
      for (int i = 0; i < ready.size(); i++) {
        count(tally, ready.get(i).submission(), accepted.get(i));
      }
      for (int i = 0; i < ready.size(); i++) {
        tell(batch, places.get(i), accepted.get(i));
      }
      return true;
    }

    private void insertAlone(Submission submission, long place) {
      Optional<Intake.Admission> admission = intake.admitOfBatch(submission, false);
      if (admission.isPresent()) {
        isInserted(List.of(admission.get()), List.of(place));
      } else {
        countRefused(place, "the lane is full");
      }
    }

    private List<Optional<NotificationId>> insert(List<Submission> items) {
      return store.insertSome(stored.withRefused(tally.refused()), items);
    }

    private static int deliveriesOf(Intake.Admission item) {
      return item.submission().deliveries().size();
    }
  }
}
