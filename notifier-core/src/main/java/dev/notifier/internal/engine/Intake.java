package dev.notifier.internal.engine;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.notifier.ChannelId;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.HostTransaction;
import dev.notifier.InvalidNotificationException;
import dev.notifier.LaneFullException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.Settlement;
import dev.notifier.StoreException;
import dev.notifier.internal.delivery.Announcer;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.event.Listeners;
import dev.notifier.internal.event.LogContext;
import dev.notifier.internal.schedule.RunIntake;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts notifications: check, reserve room, insert into the store, queue. Whatever fails on the
 * way leaves nothing behind.
 */
final class Intake implements RunIntake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);
  private static final Duration JUST_PASSED = Duration.ofMinutes(1);

  /** A larger atomic batch would fill the lanes before anybody else has a place. */
  private static final int MOST_WITH_ROOM = 1000;

  private static final Settlement DROPPED =
      new Settlement.Finished(
          DeliveryStatus.FAILED,
          "dropped: the lane was full and a more important notification came");

  private final Channels channels;
  private final Lanes lanes;
  private final NotificationStore store;
  private final Listeners listeners;
  private final Announcer announcer;
  private final InstantSource clock;
  private final UnaryOperator<Notification> renderer;
  private final NotificationIds ids = new NotificationIds();
  private final LongAdder duplicates = new LongAdder();

  Intake(
      Channels channels,
      Lanes lanes,
      NotificationStore store,
      Listeners listeners,
      Announcer announcer,
      InstantSource clock,
      UnaryOperator<Notification> renderer) {
    this.channels = channels;
    this.lanes = lanes;
    this.store = store;
    this.listeners = listeners;
    this.announcer = announcer;
    this.clock = clock;
    this.renderer = renderer;
  }

  /** What became of a notification: accepted under an id, or recognised as a repeat of one. */
  record Accepted(NotificationId id, boolean duplicate) {}

  /** Accepts a notification; waits for room, and for the store. */
  Accepted accept(Notification notification) {
    Admission admission = admit(prepare(notification), true);
    Optional<NotificationId> earlier;
    try {
      earlier = store.insert(admission.submission());
    } catch (Throwable e) {
      giveBack(admission.room());
      throw e;
    }
    return complete(admission, earlier);
  }

  @Override
  public void check(Notification notification) {
    prepare(notification);
  }

  @Override
  public boolean accept(
      NotificationId id, Notification notification, Predicate<Submission> insert) {
    Admission admission = admit(prepare(id, notification, clock.instant()), false);
    boolean inserted = false;
    try {
      inserted = insert.test(admission.submission());
    } finally {
      if (!inserted) {
        giveBack(admission.room());
      }
    }
    if (inserted) {
      complete(admission, Optional.empty());
    }
    return inserted;
  }

  /** Accepts a notification without waiting. */
  CompletionStage<Accepted> acceptAsync(Notification notification) {
    Admission admission = admit(prepare(notification), false);
    return insertAsync(admission.submission())
        .handle(
            (earlier, failure) -> {
              if (failure != null) {
                giveBack(admission.room());
                throw failure instanceof CompletionException wrapped
                    ? wrapped
                    : new CompletionException(failure);
              }
              return complete(admission, earlier);
            });
  }

  /**
   * Accepts a notification as a part of the application's transaction. Whether that commits is not
   * known here, so nobody is told.
   */
  Accepted accept(Notification notification, HostTransaction transaction) {
    Submission submission = prepare(notification).withoutRoom();
    submission.deliveries().forEach(delivery -> lanes.of(delivery.channel()).checkOpen());
    return store
        .insert(submission, transaction)
        .map(this::duplicateOf)
        .orElseGet(() -> new Accepted(submission.id(), false));
  }

  // --- Batches ----------------------------------------------------------------------------------

  /** Makes sure that the notifier is not closed. */
  void checkOpen() {
    lanes.all().forEach(Lane::checkOpen);
  }

  /** Returns an id for a batch; those of its items are all greater. */
  NotificationId nextId(long group) {
    return ids.next(clock.instant(), group);
  }

  /** Prepares an item of a batch, to be sent no earlier than {@code earliest}. */
  Submission prepare(Notification notification, long group, Instant earliest) {
    Instant now = clock.instant();
    return prepare(ids.next(now, group), notification, now, earliest);
  }

  /** How items of a batch come into the store: all of these or none; empty if it was cancelled. */
  interface Insertion extends Function<List<Submission>, List<Optional<NotificationId>>> {}

  /** Accepts all of these or none, without waiting for room. */
  List<Accepted> acceptAll(List<Submission> submissions, Insertion insertion) {
    return insertAll(admitAll(submissions), insertion);
  }

  private List<Admission> admitAll(List<Submission> submissions) {
    if (submissions.size() > MOST_WITH_ROOM && store.horizon().isPresent()) {
      checkOpen();
      return submissions.stream()
          .map(submission -> new Admission(submission.withoutRoom(), Room.none()))
          .toList();
    }
    List<Admission> admissions = new ArrayList<>(submissions.size());
    for (Submission submission : submissions) {
      Optional<Admission> admission;
      try {
        admission = admitOfBatch(submission, false);
      } catch (Throwable e) {
        giveBackAll(admissions);
        throw e;
      }
      if (admission.isEmpty()) {
        giveBackAll(admissions);
        throw noRoomForAll(submissions);
      }
      admissions.add(admission.get());
    }
    return admissions;
  }

  private LaneFullException noRoomForAll(List<Submission> submissions) {
    Map<ChannelId, Long> needed =
        submissions.stream()
            .flatMap(submission -> submission.deliveries().stream())
            .collect(groupingBy(QueuedDelivery::channel, TreeMap::new, counting()));
    List<String> numbers = new ArrayList<>();
    needed.forEach(
        (channel, places) -> {
          numbers.add(
              "lane "
                  + channel
                  + ": needed="
                  + places
                  + " free="
                  + lanes.of(channel).room()
                  + " capacity="
                  + channels.get(channel).policy().capacity());
          channels.get(channel).counters().count(Event.REJECTED);
        });
    return new LaneFullException(
        "no room for an atomic batch of "
            + submissions.size()
            + "; nothing of it was accepted ("
            + String.join("; ", numbers)
            + "): use Batch.bestEffort, a larger capacity, or a store on disk");
  }

  /**
   * Takes room for an item of a batch without waiting for it.
   *
   * @param leavesHalf whether to leave half of each lane to others
   * @return empty if there is no room, and the store does not keep what has none
   */
  Optional<Admission> admitOfBatch(Submission submission, boolean leavesHalf) {
    Optional<Duration> horizon = store.horizon();
    Room room = Room.none();
    boolean soon = horizon.isEmpty() || isWithin(horizon.get(), submission);
    if (soon && mayEnter(submission, leavesHalf) && findsRoom(submission.deliveries(), room)) {
      return Optional.of(new Admission(submission, room));
    }
    submission.deliveries().forEach(delivery -> lanes.of(delivery.channel()).checkOpen());
    return horizon.map(any -> new Admission(submission.withoutRoom(), room));
  }

  private boolean mayEnter(Submission submission, boolean leavesHalf) {
    return !leavesHalf
        || submission.deliveries().stream()
            .allMatch(delivery -> lanes.of(delivery.channel()).isHalfFree());
  }

  /** Puts all of these into the store, or none; returns nothing if their batch was cancelled. */
  List<Accepted> insertAll(List<Admission> admissions, Insertion insertion) {
    List<Optional<NotificationId>> earlier;
    try {
      earlier = insertion.apply(admissions.stream().map(Admission::submission).toList());
    } catch (Throwable e) {
      giveBackAll(admissions);
      throw e;
    }
    if (earlier.isEmpty()) {
      giveBackAll(admissions);
      return List.of();
    }
    List<Accepted> accepted = new ArrayList<>(admissions.size());
    for (int i = 0; i < admissions.size(); i++) {
      accepted.add(complete(admissions.get(i), earlier.get(i)));
    }
    return accepted;
  }

  // --- Preparing --------------------------------------------------------------------------------

  private Accepted duplicateOf(NotificationId earlier) {
    duplicates.increment();
    return new Accepted(earlier, true);
  }

  private CompletionStage<Optional<NotificationId>> insertAsync(Submission submission) {
    try {
      return store.insertAsync(submission);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Submission prepare(Notification notification) {
    Instant now = clock.instant();
    return prepare(ids.next(now), notification, now);
  }

  private Submission prepare(NotificationId id, Notification notification, Instant now) {
    return prepare(id, notification, now, now);
  }

  /** Renders the template, if there is one, so that everything later sees a finished message. */
  private Submission prepare(
      NotificationId id, Notification unrendered, Instant now, Instant earliest) {
    Notification notification = renderer.apply(unrendered);
    Instant wanted = dueOf(notification, now);
    Instant due = wanted.isBefore(earliest) ? earliest : wanted;
    int legs = notification.route().legs().size();
    List<QueuedDelivery> deliveries =
        legs == 1 // as nearly always
            ? List.of(first(new DeliveryId(id, 0), notification, now, due))
            : IntStream.range(0, legs)
                .mapToObj(leg -> first(new DeliveryId(id, leg), notification, now, due))
                .toList();
    return new Submission(id, notification, now, deliveries);
  }

  private QueuedDelivery first(
      DeliveryId delivery, Notification notification, Instant now, Instant due) {
    check(delivery, notification);
    return QueuedDelivery.first(delivery, notification, now, due);
  }

  /** A time that has only just passed is now: clocks differ, and so do threads. */
  private static Instant dueOf(Notification notification, Instant now) {
    if (notification.sendAt().isEmpty()) {
      return now;
    }
    Instant due = notification.sendAt().get();
    if (due.isBefore(now.minus(JUST_PASSED))) {
      throw new InvalidNotificationException(
          "sendAt must not lie in the past, but was " + due + ", and it is " + now);
    }
    return due.isBefore(now) ? now : due;
  }

  private void check(DeliveryId delivery, Notification notification) {
    for (ChannelId channel : notification.route().legs().get(delivery.leg())) {
      DeliveryAttempt attempt = DeliveryAttempt.of(delivery, notification, channel, 1);
      channels.get(channel).channel().check(attempt);
    }
  }

  /**
   * The room that was taken for a notification.
   *
   * @param deliveries who has a place
   * @param victims who gave way, and leaves for good only when the notification is accepted
   */
  record Room(List<QueuedDelivery> deliveries, List<QueuedDelivery> victims) {
    static Room none() {
      return new Room(new ArrayList<>(), List.of());
    }
  }

  /** What goes into the store, and the room that it has in the lanes. */
  record Admission(Submission submission, Room room) {}

  private Admission admit(Submission submission, boolean mayBlock) {
    Optional<Duration> horizon = store.horizon();
    if (horizon.isEmpty()) {
      return new Admission(submission, reserve(submission.deliveries(), mayBlock));
    }
    Room room = Room.none();
    return isWithin(horizon.get(), submission) && findsRoom(submission.deliveries(), room)
        ? new Admission(submission, room)
        : new Admission(submission.withoutRoom(), room);
  }

  private static boolean isWithin(Duration horizon, Submission submission) {
    Instant end = submission.acceptedAt().plus(horizon);
    return submission.deliveries().stream().noneMatch(delivery -> delivery.due().isAfter(end));
  }

  /** Takes room in the lane of each delivery, or in none, without waiting for it. */
  private boolean findsRoom(List<QueuedDelivery> deliveries, Room room) {
    try {
      for (QueuedDelivery delivery : deliveries) {
        if (!lanes.of(delivery.channel()).tryReserve(delivery.priority())) {
          giveBack(room);
          room.deliveries().clear();
          return false;
        }
        room.deliveries().add(delivery);
      }
      return true;
    } catch (NotifierClosedException e) {
      giveBack(room);
      throw e;
    }
  }

  /** Takes room in the lane of each delivery, or in none. */
  private Room reserve(List<QueuedDelivery> deliveries, boolean mayBlock) {
    return deliveries.size() == 1 // as nearly always, and lists are not free
        ? new Room(deliveries, reserve(deliveries.get(0), mayBlock).map(List::of).orElse(List.of()))
        : reserveAll(deliveries, mayBlock);
  }

  /** In the order of lanes: two fan-outs that wait for room must not wait for each other. */
  private Room reserveAll(List<QueuedDelivery> deliveries, boolean mayBlock) {
    Room room = new Room(new ArrayList<>(), new ArrayList<>());
    List<QueuedDelivery> inOrder =
        deliveries.stream().sorted(Comparator.comparing(QueuedDelivery::channel)).toList();
    try {
      for (QueuedDelivery delivery : inOrder) {
        reserve(delivery, mayBlock).ifPresent(room.victims()::add);
        room.deliveries().add(delivery);
      }
      return room;
    } catch (LaneFullException | NotifierClosedException e) {
      giveBack(room);
      throw e;
    }
  }

  private Optional<QueuedDelivery> reserve(QueuedDelivery delivery, boolean mayBlock) {
    try {
      return lanes.of(delivery.channel()).reserve(delivery.priority(), mayBlock);
    } catch (LaneFullException e) {
      channels.get(delivery.channel()).counters().count(Event.REJECTED);
      throw e;
    }
  }

  private void giveBackAll(List<Admission> admissions) {
    admissions.forEach(admission -> giveBack(admission.room()));
  }

  private void giveBack(Room room) {
    room.victims().forEach(lanes::requeue);
    room.deliveries().forEach(delivery -> lanes.of(delivery.channel()).giveBack());
  }

  /** Settles a delivery that gave way to a more important one. */
  private void drop(QueuedDelivery victim) {
    try {
      if (store.claim(victim)) {
        store.settle(victim, null, DROPPED);
        lanes.forget(victim.id(), victim.leg());
        channels.get(victim.channel()).counters().count(Event.DROPPED);
        announcer.settled(victim, DROPPED, clock.instant());
      }
    } catch (StoreException e) {
      log.error("the store failed on delivery {}, which was to give way", victim.id(), e);
      lanes.requeue(victim);
    }
  }

  private Accepted complete(Admission admission, Optional<NotificationId> earlier) {
    Submission submission = admission.submission();
    Room room = admission.room();
    if (earlier.isPresent()) {
      giveBack(room);
      return duplicateOf(earlier.get());
    }
    listeners.accepted(submission.id(), submission.notification());
    for (QueuedDelivery delivery : submission.deliveries()) {
      channels.get(delivery.channel()).counters().count(Event.ACCEPTED);
    }
    for (QueuedDelivery delivery : room.deliveries()) {
      lanes.fill(delivery);
    }
    for (QueuedDelivery victim : room.victims()) {
      LogContext.run(victim, () -> drop(victim));
    }
    return new Accepted(submission.id(), false);
  }

  /** Returns how many notifications were repeats. */
  long duplicates() {
    return duplicates.sum();
  }
}
