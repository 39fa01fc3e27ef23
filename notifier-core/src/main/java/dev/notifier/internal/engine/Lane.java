package dev.notifier.internal.engine;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryId;
import dev.notifier.LaneFullException;
import dev.notifier.NotifierClosedException;
import dev.notifier.OverflowPolicy;
import dev.notifier.OverflowPolicy.Action;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one channel: what is due, in order, and what waits for its time.
 *
 * <p>Nobody moves entries from the second to the first but the workers themselves, when they look
 * for work: there is no timer thread. One idle worker at a time, the leader, waits until the next
 * entry is due; the others wait to be woken.
 *
 * <p>Senders come in through {@link LaneEntrance}, mostly without a lock. All else is guarded by
 * one lock, which is held only to move entries, never while foreign code runs; whoever wants to
 * know what is due takes in what was brought first. Thread-safe.
 */
final class Lane {
  /** How long the leader waits at most, so that a wall clock that was set is noticed. */
  private static final long LONGEST_WAIT_MILLIS = 1000;

  /** How many entries become due under one hold of the lock, so that a million do not block it. */
  private static final int MAX_PROMOTED = 1000;

  private static final int FEW_DISCARDED = 64;

  /** How many places a sender waits for that finds no room, if they come soon. */
  private static final int MANY_PLACES = 512;

  /** What is soon; from then on it is woken for a single place. */
  private static final long PATIENCE_NANOS = 1_000_000;

  /**
   * How often a worker tries the lock, less than a microsecond in all, before it sleeps for it. Two
   * that go on trying slow each other down more than the sleep of one costs.
   */
  private static final int TRIES = 10;

  private static final long NEVER = Long.MAX_VALUE;
  private static final Instant EARLIEST = Instant.EPOCH;
  static final Instant LATEST = Instant.ofEpochMilli(NEVER);

  /** As long as the longest rate limit; whoever asks for more is asked again after it. */
  private static final long LONGEST_HOLD_MILLIS = 24 * 60 * 60 * 1000;

  private final String name;
  private final int capacity;
  private final int manyPlaces;
  private final OverflowPolicy overflow;
  private final InstantSource clock;

  private final LaneEntrance entrance = new LaneEntrance();
  private volatile boolean closing; // Written under lock.

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition quiet = lock.newCondition();

  // All below: guarded by lock.
  private final Tally busy = new Tally();
  private final Tally left = new Tally(); // of those that entered
  private final LaneOrder order;
  private final ReadyQueue<QueuedDelivery> ready = new ReadyQueue<>(LaneOrder.CLASSES);
  private final DeliveryHeap<QueuedDelivery> delayed = new DeliveryHeap<>(64);
  private final Set<DeliveryId> discarded = new HashSet<>();

  /** Entries of deliveries that still belong to another channel; by identity, they take no room. */
  private final Set<QueuedDelivery> alarms = Collections.newSetFromMap(new IdentityHashMap<>());

  private @Nullable Thread leader;
  private int idle;
  private int impatient; // senders that wait for any place
  private boolean waking; // a worker was signalled and has not looked yet
  private long heldSince;
  private long heldUntil;
  private boolean stopped;

  Lane(String name, ChannelPolicy policy, InstantSource clock) {
    this.name = name;
    this.capacity = policy.capacity();
    this.manyPlaces = Math.min(MANY_PLACES, (capacity + 1) / 2);
    this.overflow = policy.overflow();
    this.clock = clock;
    this.order = new LaneOrder(clock.millis());
  }

  // --- Room -------------------------------------------------------------------------------------

  /**
   * Takes room for one delivery, which {@link #fill} or {@link #giveBack} must follow.
   *
   * @param mayBlock whether to wait for room where the overflow policy says so
   * @return the delivery that gave way, which the caller must settle or {@link #add} again
   * @throws LaneFullException if there is no room
   * @throws NotifierClosedException if the lane is closing
   */
  Optional<QueuedDelivery> reserve(Priority priority, boolean mayBlock) {
    if (!entrance.tryEnter()) {
      return reserveUnderLock(priority, mayBlock);
    }
    if (closing) { // asked only now: whoever waits for quiet has seen that this one entered
      giveBack();
      checkOpen();
    }
    return Optional.empty();
  }

  private Optional<QueuedDelivery> reserveUnderLock(Priority priority, boolean mayBlock) {
    lock.lock();
    try {
      checkOpen();
      if (enterIfRoom()) {
        return Optional.empty();
      }
      takeInArrivals();
      purge(); // what is settled elsewhere takes no room
      return enterIfRoom() ? Optional.empty() : makeRoom(priority, mayBlock);
    } finally {
      lock.unlock();
    }
  }

  private boolean enterIfRoom() {
    entrance.admitUpTo(left.get() + capacity);
    return entrance.tryEnter();
  }

  /**
   * Takes room for one delivery if there is some; then {@link #fill} or {@link #giveBack} must
   * follow. A CRITICAL one always finds room.
   *
   * @throws NotifierClosedException if the lane is closing
   */
  boolean tryReserve(Priority priority) {
    lock.lock();
    try {
      checkOpen();
      if (enterIfRoom()) {
        return true;
      }
      if (priority == Priority.CRITICAL) {
        entrance.enter();
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many deliveries have a place in it. */
  int size() {
    lock.lock();
    try {
      return (int) (entrance.entered() - left.get());
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many more deliveries it would take. */
  int room() {
    return closing ? 0 : Math.max(0, capacity - size());
  }

  /** Tells whether less than half of it is taken: a batch leaves the rest to others. */
  boolean isHalfFree() {
    return size() < (capacity + 1) / 2;
  }

  /**
   * Makes sure that it is not closing.
   *
   * @throws NotifierClosedException if it is
   */
  void checkOpen() {
    if (closing) {
      throw new NotifierClosedException("the notifier is closed and accepts no notification");
    }
  }

  private long freePlaces() {
    return capacity - (entrance.entered() - left.get());
  }

  private Optional<QueuedDelivery> makeRoom(Priority priority, boolean mayBlock) {
    if (overflow.action() == Action.DROP_LEAST_IMPORTANT && hasLessImportantThan(priority)) {
      entrance.enter(); // and the other one leaves
      left.add(1);
      return Optional.of(ready.popGreatest());
    }
    if (priority == Priority.CRITICAL) {
      entrance.enter(); // above the capacity
      return Optional.empty();
    }
    if (overflow.action() == Action.BLOCK && mayBlock) {
      awaitRoom(overflow.timeout());
      return Optional.empty();
    }
    throw full("");
  }

  private boolean hasLessImportantThan(Priority priority) {
    return !ready.isEmpty()
        && ready.greatestKey() > order.arrive(order.rank(priority, clock.millis()));
  }

  private void awaitRoom(Duration timeout) {
    try {
      long remaining = awaitManyPlaces(timeout.toNanos());
      checkOpen();
      while (!enterIfRoom()) {
        if (remaining <= 0) {
          throw full(" after waiting " + timeout + " for room");
        }
        remaining = awaitAnyPlace(remaining);
        checkOpen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw full("; the caller was interrupted while it waited for room");
    }
  }

  /**
   * Waits a moment for many places: a quick channel frees one in less time than it takes to wake a
   * sender for it, and has enough to do meanwhile.
   *
   * @return how many of the nanoseconds are left
   */
  @SuppressWarnings("WaitNotInLoop") // the caller looks for room in a loop
  private long awaitManyPlaces(long nanos) throws InterruptedException {
    long patience = Math.min(nanos, PATIENCE_NANOS);
    return nanos - patience + room.awaitNanos(patience);
  }

  /** Waits for a single place; returns how many of the nanoseconds are left. */
  @SuppressWarnings("WaitNotInLoop") // as above
  private long awaitAnyPlace(long nanos) throws InterruptedException {
    impatient++;
    try {
      return room.awaitNanos(nanos);
    } finally {
      impatient--;
    }
  }

  private LaneFullException full(String circumstances) {
    return new LaneFullException(
        "lane '"
            + name
            + "' is full"
            + circumstances
            + ": "
            + (ready.size() + delayed.size() - alarms.size())
            + " waiting ("
            + (delayed.size() - alarms.size())
            + " of them for a later time), capacity "
            + capacity
            + ", "
            + busy.get()
            + " workers busy, next in line has waited "
            + oldestWait()
            + "; send more slowly, or raise the capacity or concurrency of its ChannelPolicy");
  }

  /** Puts a delivery into the room that was reserved for it. */
  void fill(QueuedDelivery delivery) {
    if (delivery.due().isAfter(delivery.acceptedAt())) {
      lock.lock();
      try {
        insert(delivery.due(), delivery);
      } finally {
        lock.unlock();
      }
    } else if (entrance.bring(rankOf(delivery), delivery)) {
      wakeWorker();
    }
  }

  private void wakeWorker() {
    lock.lock();
    try {
      takeInArrivals();
      if (!ready.isEmpty()) {
        signalWork();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives reserved room back. */
  void giveBack() {
    lock.lock();
    try {
      left.add(1);
      signalRoom();
      signalIfQuiet();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a delivery that was accepted before, whether or not there is room. */
  void add(QueuedDelivery delivery) {
    addAt(delivery.due(), delivery);
  }

  /** Adds a delivery that is to be looked at only then, whenever it is due. */
  void addAt(Instant time, QueuedDelivery delivery) {
    lock.lock();
    try {
      entrance.enter();
      insert(time, delivery);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds an entry for a delivery that belongs to another channel until the entry is due. It takes
   * no room: the delivery has its place elsewhere.
   */
  void addAlarm(QueuedDelivery alarm) {
    lock.lock();
    try {
      alarms.add(alarm);
      insert(alarm.due(), alarm);
    } finally {
      lock.unlock();
    }
  }

  private void insert(Instant time, QueuedDelivery delivery) {
    takeInArrivals();
    long due = millisOf(time);
    if (due <= clock.millis()) {
      noLongerAlarm(delivery);
      addReady(order.arrive(order.rank(delivery.priority(), due)), delivery);
      signalWork();
    } else {
      addDelayed(order.delayKey(due), delivery);
    }
  }

  /** Adds a delivery that was taken, but must wait: it keeps its place, before all its equals. */
  void putBack(QueuedDelivery delivery) {
    lock.lock();
    try {
      entrance.enter();
      addReady(rankOf(delivery), delivery);
      signalWork();
    } finally {
      lock.unlock();
    }
  }

  private long rankOf(QueuedDelivery delivery) {
    return order.rank(delivery.priority(), millisOf(delivery.due()));
  }

  /** A channel may name any time, also one that has no milliseconds. */
  private static long millisOf(Instant time) {
    return time.isBefore(EARLIEST) ? 0 : time.isAfter(LATEST) ? NEVER : time.toEpochMilli();
  }

  /** What is due is a delivery of this lane like any other. */
  private void noLongerAlarm(QueuedDelivery delivery) {
    if (alarms.remove(delivery)) {
      entrance.enter();
    }
  }

  private void takeInArrivals() {
    if (entrance.hasArrivals()) {
      LaneEntrance.Arrival arrival = entrance.takeArrivals();
      while (arrival != null) {
        addReady(order.arrive(arrival.rank), arrival.delivery);
        arrival = arrival.next;
      }
    }
  }

  private void addReady(long key, QueuedDelivery delivery) {
    ready.push(LaneOrder.classOf(delivery.priority()), key, delivery);
    if (heldUntil > 0 && clock.millis() < heldUntil) {
      leader = null; // it may wait for something later than the end of the hold
    }
  }

  private void addDelayed(long key, QueuedDelivery delivery) {
    delayed.push(key, delivery);
    if (delayed.leastKey() == key) {
      leader = null; // it waits for a later entry: whoever wakes now leads
      signalWork();
    }
  }

  /** Wakes one worker at a time: it wakes the next one if it leaves work behind. */
  private void signalWork() {
    if (idle > 0 && !waking) {
      waking = true;
      entrance.workerWanted(false);
      work.signal();
    }
  }

  private void signalRoom() {
    if (lock.hasWaiters(room) && freePlaces() >= (impatient > 0 ? 1 : manyPlaces)) {
      room.signal();
    }
  }

  // --- Work -------------------------------------------------------------------------------------

  /**
   * Waits for the next delivery.
   *
   * @param afterOne whether the caller is done with a delivery that it took before
   * @return the delivery; null when the lane is stopped
   */
  @Nullable QueuedDelivery take(boolean afterOne) throws InterruptedException {
    lockSoon();
    try {
      if (afterOne) {
        finishOne();
      }
      while (!stopped) {
        QueuedDelivery next = next();
        if (next != null) {
          return next;
        }
        awaitWork();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Going to sleep and being woken costs far more than anything that is done under the lock. */
  private void lockSoon() {
    for (int i = 0; i < TRIES; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** Returns the next delivery if one can go now; {@link #finish} must follow. */
  @Nullable QueuedDelivery poll() {
    lock.lock();
    try {
      return next();
    } finally {
      lock.unlock();
    }
  }

  /** Says that a delivery which was polled is done with. */
  void finish() {
    lock.lock();
    try {
      finishOne();
    } finally {
      lock.unlock();
    }
  }

  private void finishOne() {
    busy.add(-1);
    signalIfQuiet();
  }

  private @Nullable QueuedDelivery next() {
    takeInArrivals();
    promoteDue();
    while (!ready.isEmpty() && !isHeld()) {
      QueuedDelivery next = ready.pop();
      left.add(1);
      signalRoom();
      if (discarded.isEmpty() || !discarded.remove(next.id())) {
        busy.add(1);
        passOn();
        return next;
      }
    }
    return null;
  }

  /** Reads the clock only if something waits: it costs as much as all else in a quick lane. */
  private void promoteDue() {
    if (delayed.isEmpty()) {
      return;
    }
    long now = clock.millis();
    for (int i = 0; i < MAX_PROMOTED && !delayed.isEmpty(); i++) {
      long due = order.dueMillis(delayed.leastKey());
      if (due > now) {
        return;
      }
      QueuedDelivery delivery = delayed.pop();
      noLongerAlarm(delivery);
      addReady(order.arrive(order.rank(delivery.priority(), due)), delivery);
    }
  }

  /** A clock that was set back ends the hold: nobody knows how much of it is left. */
  private boolean isHeld() {
    if (heldUntil > 0) {
      long now = clock.millis();
      if (now >= heldUntil || now < heldSince) {
        heldUntil = 0;
      }
    }
    return heldUntil > 0;
  }

  /** A worker that leaves with an entry makes sure that somebody looks after the rest. */
  private void passOn() {
    if (!ready.isEmpty() || (leader == null && !delayed.isEmpty())) {
      signalWork();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller looks for work in a loop
  private void awaitWork() throws InterruptedException {
    long wait = Math.min(nextChange() - clock.millis(), LONGEST_WAIT_MILLIS);
    idle++;
    entrance.workerWanted(!waking);
    try {
      if (entrance.hasArrivals()) {
        return; // brought before anybody could know that a worker is wanted
      }
      if (leader != null || nextChange() == NEVER) {
        work.await();
      } else {
        lead(Math.max(wait, 1));
      }
    } finally {
      idle--;
      waking = false;
      entrance.workerWanted(idle > 0);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // as above
  private void lead(long waitMillis) throws InterruptedException {
    leader = Thread.currentThread();
    try {
      work.awaitNanos(Duration.ofMillis(waitMillis).toNanos());
    } finally {
      if (leader == Thread.currentThread()) {
        leader = null;
      }
    }
  }

  /** Returns when there may be work again without anybody adding some. */
  private long nextChange() {
    long nextDue = delayed.isEmpty() ? NEVER : order.dueMillis(delayed.leastKey());
    if (ready.isEmpty()) {
      return nextDue;
    }
    return heldUntil;
  }

  /** Lets everything wait until then, in its order. */
  void hold(Instant until) {
    lock.lock();
    try {
      heldSince = clock.millis();
      long end = Math.min(millisOf(until), heldSince + LONGEST_HOLD_MILLIS);
      heldUntil = Math.max(heldUntil, end);
      leader = null; // as in addReady
      signalWork();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a delivery that is settled elsewhere, at the latest when it is the next one. */
  void discard(DeliveryId id) {
    lock.lock();
    try {
      discarded.add(id);
      int many = Math.max(FEW_DISCARDED, (ready.size() + delayed.size()) / 4);
      if (discarded.size() > many || lock.hasWaiters(room)) {
        purge();
      }
      signalIfQuiet();
    } finally {
      lock.unlock();
    }
  }

  private void purge() {
    if (discarded.isEmpty()) {
      return;
    }
    int before = alarms.size();
    alarms.removeIf(delivery -> discarded.contains(delivery.id()));
    int alarmsGone = before - alarms.size();
    left.add(ready.removeIf(delivery -> discarded.contains(delivery.id())));
    left.add(delayed.removeIf(delivery -> discarded.contains(delivery.id())) - alarmsGone);
    discarded.clear();
    room.signalAll();
  }

  // --- Shutdown ---------------------------------------------------------------------------------

  /** Refuses whatever is sent from now on, also by those who wait for room. */
  void refuse() {
    lock.lock();
    try {
      closing = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no worker is busy and nothing is due before {@code end}.
   *
   * @return the nanoseconds that are left of {@code timeoutNanos}; 0 or less if the time is up
   */
  long awaitQuiet(long timeoutNanos, Instant end) throws InterruptedException {
    lock.lock();
    try {
      long remaining = timeoutNanos;
      while (!isQuiet(end) && remaining > 0) {
        remaining = quiet.awaitNanos(remaining);
      }
      return remaining;
    } finally {
      lock.unlock();
    }
  }

  private boolean isQuiet(Instant end) {
    takeInArrivals();
    purge(); // an alarm of a delivery that is settled keeps nobody waiting
    return busy.get() == 0
        && entrance.entered() - left.get() == ready.size() + delayed.size() - alarms.size()
        && (ready.isEmpty() || (isHeld() && heldUntil > end.toEpochMilli()))
        && (delayed.isEmpty() || order.dueMillis(delayed.leastKey()) > end.toEpochMilli());
  }

  private void signalIfQuiet() {
    if (closing && busy.get() == 0) {
      quiet.signalAll();
    }
  }

  /** Sends every worker home as soon as it looks for work. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // --- Numbers ----------------------------------------------------------------------------------

  /**
   * What a lane holds: a snapshot.
   *
   * @param nextDue when there is something to do; far in the future if nothing waits
   */
  record Load(int waiting, int delayed, int busy, Instant nextDue) {}

  Load load() {
    lock.lock();
    try {
      takeInArrivals();
      purge(); // what is settled elsewhere does not count
      promoteDue();
      return new Load(
          ready.size(),
          delayed.size() - alarms.size(),
          (int) busy.get(),
          Instant.ofEpochMilli(nextChange()));
    } finally {
      lock.unlock();
    }
  }

  /** Returns how long the oldest entry has waited whose time has come; looks at every entry. */
  Duration oldestWait() {
    lock.lock();
    try {
      takeInArrivals();
      purge();
      Oldest oldest = new Oldest();
      ready.forEach(oldest);
      delayed.forEach(oldest);
      Duration wait = Duration.between(oldest.since, clock.instant());
      return wait.isNegative() ? Duration.ZERO : wait.truncatedTo(ChronoUnit.MILLIS);
    } finally {
      lock.unlock();
    }
  }

  private final class Oldest implements Consumer<QueuedDelivery> {
    private Instant since = Instant.MAX;

    @Override
    public void accept(QueuedDelivery delivery) {
      if (delivery.livesFrom().isBefore(since) && !alarms.contains(delivery)) {
        since = delivery.livesFrom();
      }
    }
  }
}
