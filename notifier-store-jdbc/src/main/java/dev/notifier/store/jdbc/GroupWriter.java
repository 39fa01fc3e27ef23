package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import dev.notifier.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is accepted, many submissions in one transaction.
 *
 * <p>Whoever comes while nobody writes becomes the leader: it takes everything that waits, writes
 * and commits it, and wakes the others, of whom the next one leads. So one caller alone waits for
 * one commit, and a crowd shares one. A thread of the store leads for those who do not wait.
 *
 * <p>Who must wait for a transaction that has not ended, because it holds an idempotency key, waits
 * beside the others: another thread of the store writes those one by one.
 */
final class GroupWriter implements AutoCloseable {
  private static final int MAX_ROWS = 1000;
  private static final int MAX_BYTES = 1024 * 1024;

  private static final int MOST_WAYS_GIVEN = 20;
  private static final long WAY_NANOS = 1_000_000;

  private static final long MOST_PATIENCE_NANOS = 200_000;

  private static final int MAX_WAITING = 100_000;
  private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;
  private static final int MAX_HELD_UP = 1000;

  private final HeldConnection held;
  private final Acceptance acceptance;
  private final boolean callersLead;
  private final long timeoutNanos;
  private final Duration timeout;

  private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final ReentrantLock leading = new ReentrantLock();
  private final HeldConnection aside;
  private final Acceptance acceptanceAside;
  private final Queue<Entry> heldUp = new LinkedBlockingQueue<>(MAX_HELD_UP);
  private final Set<String> heldKeys = ConcurrentHashMap.newKeySet(); // of those
  private volatile @Nullable Thread standIn; // leads for those who do not wait
  private volatile @Nullable Thread awaiting; // the leader, while it waits for company
  private volatile int expected = 1;
  private long patienceNanos; // guarded by leading
  private volatile @Nullable Thread asideWriter;
  private volatile boolean closed;

  /**
   * Creates it.
   *
   * @param aside for those who are held up, with an acceptance that leaves what it takes free
   * @param callersLead false if only the store's thread may write, whose work no interrupt of a
   *     caller breaks off
   */
  GroupWriter(
      HeldConnection held,
      Acceptance acceptance,
      HeldConnection aside,
      Acceptance acceptanceAside,
      Duration timeout,
      boolean callersLead) {
    this.callersLead = callersLead;
    this.held = held;
    this.acceptance = acceptance;
    this.aside = aside;
    this.acceptanceAside = acceptanceAside;
    this.timeout = timeout;
    this.timeoutNanos = timeout.toNanos();
  }

  /** Some submissions that are accepted together or not at all. */
  private static final class Entry {
    final List<PackedSubmission> submissions;
    final int rows;
    final long bytes;
    final @Nullable Thread owner;
    final CompletableFuture<List<Optional<NotificationId>>> answer = new CompletableFuture<>();
    volatile boolean isHeldUp;
    volatile long heldUpSince;

    Entry(List<PackedSubmission> submissions, @Nullable Thread owner) {
      this.submissions = submissions;
      this.owner = owner;
      int rowCount = 0;
      long size = 0;
      for (PackedSubmission each : submissions) {
        rowCount += each.rows().size();
        size += each.size();
      }
      this.rows = rowCount;
      this.bytes = size;
    }

    List<String> keys() {
      return submissions.stream()
          .map(PackedSubmission::dedupKey)
          .filter(Objects::nonNull)
          .map(Dedup::hex)
          .toList();
    }
  }

  // --- Callers ----------------------------------------------------------------------------------

  /**
   * Writes some submissions, all of them or none, and waits for the commit.
   *
   * @return for each the id of an earlier one with its idempotency key, or nothing
   */
  List<Optional<NotificationId>> write(List<PackedSubmission> submissions) {
    Entry entry = new Entry(submissions, Thread.currentThread());
    // An interrupt must not fail those for whom this caller writes, nor call back a commit.
    boolean interrupted = Thread.interrupted();
    enqueue(entry);
    long end = System.nanoTime() + timeoutNanos;
    wakeStandIn();
    while (!entry.answer.isDone()) {
      if (callersLead && !entry.isHeldUp && leading.tryLock()) {
        lead(entry);
      } else {
        long left = end - System.nanoTime();
        if (left <= 0 && withdraw(entry)) {
          break;
        }
        LockSupport.parkNanos(this, Math.max(left, 1_000_000));
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return answerOf(entry);
  }

  /** Writes a submission without waiting. */
  CompletableFuture<List<Optional<NotificationId>>> writeAsync(PackedSubmission submission) {
    Entry entry = new Entry(List.of(submission), null);
    enqueue(entry);
    if (!leading.isLocked()) {
      LockSupport.unpark(standIn);
    }
    return entry.answer;
  }

  private void wakeStandIn() {
    if (!callersLead && !leading.isLocked()) {
      LockSupport.unpark(standIn);
    }
  }

  /** Does something while no row is between its commit and its registration here. */
  <T> T whileNobodyWrites(HeldConnection.Work<T> work, HeldConnection other) throws SQLException {
    leading.lock();
    try {
      return other.inTransaction(work);
    } finally {
      leading.unlock();
      wakeNext();
    }
  }

  /** Does something with the connection and in the place of the leader. */
  <T> T alone(Alone<T> work) throws SQLException {
    leading.lock();
    try {
      if (closed) {
        throw new StoreException("the store is closed", null);
      }
      return work.with(held);
    } finally {
      leading.unlock();
      wakeNext();
    }
  }

  /**
   * Lets those go first who wait already, for a moment at most: whoever has much to write would
   * otherwise take the lead again before one of them has woken up.
   */
  void giveWay() {
    for (int i = 0; i < MOST_WAYS_GIVEN && !waiting.isEmpty(); i++) {
      LockSupport.parkNanos(this, WAY_NANOS);
    }
  }

  /** What is done while nobody else writes. */
  interface Alone<T> {
    T with(HeldConnection held) throws SQLException;
  }

  private void enqueue(Entry entry) {
    if (closed) {
      throw new StoreException("the store is closed", null);
    }
    int count = waitingCount.addAndGet(1);
    long bytes = waitingBytes.addAndGet(entry.bytes);
    if (count > MAX_WAITING || (bytes > MAX_WAITING_BYTES && count > 1)) {
      dequeued(entry);
      throw new StoreException(
          "the notification was not accepted: "
              + (count - 1)
              + " others wait for the database already, which is slower than they come; send more"
              + " slowly",
          null);
    }
    waiting.add(entry);
    if (count >= expected) {
      LockSupport.unpark(awaiting);
    }
    if (closed && waiting.remove(entry)) { // the thread that would have written it may be gone
      dequeued(entry);
      throw new StoreException("the store is closed", null);
    }
  }

  private void dequeued(Entry entry) {
    waitingCount.decrementAndGet();
    waitingBytes.addAndGet(-entry.bytes);
  }

  private boolean withdraw(Entry entry) {
    if (heldUp.remove(entry)) {
      entry.answer.completeExceptionally(Failures.notAccepted(new HeldKeyException(null)));
      return true;
    }
    if (!waiting.remove(entry)) {
      return false; // it is being written
    }
    dequeued(entry);
    entry.answer.completeExceptionally(
        new StoreException(
            "the notification was not accepted: the database did not answer within " + timeout,
            null));
    wakeNext(); // the call to lead may have been meant for this entry
    return true;
  }

  private static List<Optional<NotificationId>> answerOf(Entry entry) {
    try {
      return entry.answer.get(0, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException failure) {
        throw new StoreException(
            String.valueOf(failure.getMessage()), failure); // with this caller's stack
      }
      throw new StoreException("the notification was not accepted", e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("it was done", e);
    }
  }

  // --- The leader -------------------------------------------------------------------------------

  /** Leads for whoever does not wait, until the store closes. */
  void standIn() {
    standIn = Thread.currentThread();
    while (!closed || !waiting.isEmpty()) {
      if (waiting.isEmpty()) {
        LockSupport.park(this);
        Thread.interrupted(); // only close() ends this
      } else if (leading.tryLock()) {
        lead(null);
      } else {
        LockSupport.park(this);
        Thread.interrupted();
      }
    }
  }

  /** Writes one group, unless the leader's own entry was written before it led. */
  private void lead(@Nullable Entry own) {
    List<Entry> group = List.of();
    List<Runnable> answers = List.of();
    try {
      if (own == null || !own.answer.isDone()) {
        awaitCompany();
        long begun = System.nanoTime();
        group = nextGroup();
        answers = group.isEmpty() ? List.of() : write(group, group.size() > 1);
        expectCompany(group, System.nanoTime() - begun);
      }
    } finally {
      leading.unlock();
      wakeNext();
    }
    answers.forEach(Runnable::run); // what depends on them may run here: not while leading
    group.forEach(entry -> LockSupport.unpark(entry.owner));
  }

  /**
   * Those who were answered last are on their way with their next ones, if they send one after the
   * other, and a group with them costs no more than one without. A group that was waited for in
   * vain is smaller, so that the next one waits for fewer.
   */
  private void awaitCompany() {
    long end = System.nanoTime() + patienceNanos;
    awaiting = Thread.currentThread();
    for (long left = patienceNanos;
        left > 0 && waitingCount.get() < expected && !closed;
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    awaiting = null;
  }

  private void expectCompany(List<Entry> group, long nanos) {
    int callers = (int) group.stream().filter(entry -> entry.owner != null).count();
    expected = callers + waitingCount.get();
    patienceNanos = Math.min(nanos / 2, MOST_PATIENCE_NANOS);
  }

  private void wakeNext() {
    Entry next = waiting.peek();
    if (next != null) {
      LockSupport.unpark(next.owner != null && callersLead ? next.owner : standIn);
    }
  }

  private List<Entry> nextGroup() {
    List<Entry> group = new ArrayList<>();
    long bytes = 0;
    int rows = 0;
    for (Entry next = waiting.peek(); next != null; next = waiting.peek()) {
      boolean fits = rows + next.rows <= MAX_ROWS && bytes + next.bytes <= MAX_BYTES;
      if (!group.isEmpty() && !fits) {
        return group;
      }
      if (waiting.remove(next)) { // its owner may have withdrawn it
        dequeued(next);
        if (!isKnownToBeHeldUp(next) || !putAside(next)) {
          group.add(next);
          rows += next.rows;
          bytes += next.bytes;
        }
      }
    }
    return group;
  }

  /** Returns what answers the callers; one bad submission must not fail its neighbours. */
  private List<Runnable> write(List<Entry> group, boolean oneByOneOnFailure) {
    List<PackedSubmission> all = new ArrayList<>(group.size());
    group.forEach(entry -> all.addAll(entry.submissions));
    try {
      return answers(group, acceptance.accept(held, all));
    } catch (SQLException | RuntimeException | Error e) { // whatever it is, they wait for an answer
      if (oneByOneOnFailure && !Failures.isConnectionLost(e)) {
        return group.stream().flatMap(entry -> write(List.of(entry), false).stream()).toList();
      }
      if (e instanceof HeldKeyException && group.size() == 1 && putAside(group.get(0))) {
        return List.of();
      }
      StoreException failure = Failures.notAccepted(e);
      return group.stream()
          .<Runnable>map(entry -> () -> entry.answer.completeExceptionally(failure))
          .toList();
    }
  }

  private static List<Runnable> answers(List<Entry> group, List<Optional<NotificationId>> all) {
    List<Runnable> answers = new ArrayList<>();
    int next = 0;
    for (Entry entry : group) {
      List<Optional<NotificationId>> own = all.subList(next, next + entry.submissions.size());
      next += own.size();
      answers.add(() -> entry.answer.complete(own));
    }
    return answers;
  }

  // --- Those who are held up --------------------------------------------------------------------

  private boolean isKnownToBeHeldUp(Entry entry) {
    return !heldKeys.isEmpty() && entry.keys().stream().anyMatch(heldKeys::contains);
  }

  private boolean putAside(Entry entry) {
    entry.heldUpSince = System.nanoTime();
    entry.isHeldUp = true; // its caller leads no more
    boolean taken = heldUp.offer(entry);
    if (closed && heldUp.remove(entry)) { // the thread that would have written it may be gone
      taken = false;
    }
    entry.isHeldUp = taken;
    if (taken) {
      heldKeys.addAll(entry.keys());
      LockSupport.unpark(asideWriter);
    }
    return taken;
  }

  /** Tries again and again, in turn, until each got its key or its time is up. */
  void writeAside() {
    asideWriter = Thread.currentThread();
    while (!closed || !heldUp.isEmpty()) {
      Entry next = heldUp.poll();
      if (next != null) {
        writeAside(next);
      } else {
        heldKeys.clear();
        aside.discard(); // it is seldom needed
        LockSupport.park(this);
      }
      Thread.interrupted(); // only close() ends this
    }
    aside.discard();
  }

  private void writeAside(Entry entry) {
    try {
      entry.answer.complete(acceptanceAside.accept(aside, entry.submissions));
    } catch (SQLException | RuntimeException | Error e) { // its caller waits for an answer
      boolean mayWait = System.nanoTime() - entry.heldUpSince < timeoutNanos && !closed;
      if (e instanceof HeldKeyException && mayWait && heldUp.offer(entry)) {
        return; // the database has waited a moment, so that this is no hurry
      }
      entry.answer.completeExceptionally(Failures.notAccepted(e));
    }
    LockSupport.unpark(entry.owner);
  }

  /** What a leader does with a group: the store's side of it. */
  interface Acceptance {
    List<Optional<NotificationId>> accept(HeldConnection held, List<PackedSubmission> group)
        throws SQLException;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(standIn);
    LockSupport.unpark(asideWriter);
  }
}
