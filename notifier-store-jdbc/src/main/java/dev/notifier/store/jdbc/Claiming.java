package dev.notifier.store.jdbc;

import dev.notifier.ChannelId;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes free deliveries that are due for lanes that have little to do, class by class, the urgent
 * ones first but never all of one class alone. Used by one thread.
 */
final class Claiming {
  private static final Logger log = LoggerFactory.getLogger(Claiming.class);

  /** A lane that holds less than this gets more. */
  private static final int LOW_WATER = 2000;

  private static final int MAX_CLAIM = 2000;
  private static final long RESUMED_FOR_MILLIS = 1000;
  private static final Map<Priority, Integer> WEIGHTS =
      Map.of(Priority.CRITICAL, 8, Priority.HIGH, 4, Priority.NORMAL, 2, Priority.LOW, 1);
  private static final int ALL_WEIGHTS = 15;

  /** What becomes due so soon is taken now, so that it leaves on time and not at the next look. */
  static final Duration AHEAD = Duration.ofSeconds(2);

  private final HeldConnection held;
  private final Dialect dialect;
  private final Packing packing;
  private final Lease lease;
  private final OwnedDeliveries owned;
  private final DatabaseClock clock;
  private final DeliveryFeed feed;
  private Set<String> lanes = new TreeSet<>();
  private final Map<Line, Resumption> resumptions = new HashMap<>();
  private boolean mayHaveLostSome;

  /** Those of a lane and class, who wait one behind the other. */
  private record Line(String lane, Priority priority) {}

  /** From what time on the next claim looks, and since when no claim has looked before. */
  private record Resumption(long due, long since) {}

  Claiming(
      HeldConnection held,
      Dialect dialect,
      Packing packing,
      Lease lease,
      OwnedDeliveries owned,
      DatabaseClock clock,
      DeliveryFeed feed) {
    this.held = held;
    this.dialect = dialect;
    this.packing = packing;
    this.lease = lease;
    this.owned = owned;
    this.clock = clock;
    this.feed = feed;
  }

  /** What a round came to: how many deliveries, and whether there may be more of them. */
  record Round(int claimed, boolean mayHaveMore) {}

  /** Looks once for each lane that has little to do. */
  Round claimRound() throws SQLException {
    int claimed = 0;
    boolean more = false;
    for (String lane : lanes) {
      int room = roomOf(lane);
      if (room > 0 && lease.isTrusted()) {
        Round round = claimFor(lane, room);
        claimed += round.claimed();
        more |= round.mayHaveMore();
      } else {
        more |= room == 0 && feed.room(ChannelId.of(lane)) > 0;
      }
    }
    return new Round(claimed, more);
  }

  /** Returns how many deliveries to take for a lane: none while it has enough. */
  private int roomOf(String lane) {
    ChannelId channel = ChannelId.of(lane);
    return feed.waiting(channel) < LOW_WATER ? Math.min(MAX_CLAIM, feed.room(channel)) : 0;
  }

  /** Each class gets its share, the urgent ones the larger; what one leaves goes to the others. */
  private Round claimFor(String lane, int room) throws SQLException {
    int claimed = 0;
    int budget = 0;
    List<Priority> longing = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      int share = Math.max(1, room * WEIGHTS.getOrDefault(priority, 1) / ALL_WEIGHTS);
      budget = Math.min(budget + share, room - claimed);
      int got = budget > 0 ? claim(lane, priority, budget) : 0;
      if (got == budget) {
        longing.add(priority);
      }
      budget -= got;
      claimed += got;
    }
    boolean more = false;
    for (Priority priority : longing) {
      int left = room - claimed;
      boolean worthIt = left > room / 10; // little room is there again for the next look
      int got = worthIt ? claim(lane, priority, left) : 0;
      more |= !worthIt || got == left;
      claimed += got;
    }
    return new Round(claimed, more);
  }

  /**
   * Claims on from where the last claim ended, as long as there is enough: databases are slow to
   * forget those that were taken, and look at each of them again. Those that have come before that
   * meanwhile have their turn when these are all taken, or after a second.
   */
  private int claim(String lane, Priority priority, int limit) throws SQLException {
    long now = clock.millis();
    long until = now + AHEAD.toMillis();
    Line line = new Line(lane, priority);
    Resumption last = resumptions.remove(line);
    if (last == null || now - last.since() >= RESUMED_FOR_MILLIS || now < last.since()) {
      last = new Resumption(FreeRange.START, now);
    }
    Taken taken = claim(new FreeRange(lane, priority, last.due(), until, limit));
    if (taken.rows() == limit) {
      resumptions.put(line, new Resumption(taken.lastDue(), last.since()));
      return limit;
    }
    int missing = limit - taken.rows();
    return last.due() == FreeRange.START
        ? taken.rows()
        : taken.rows()
            + claim(new FreeRange(lane, priority, FreeRange.START, until, missing)).rows();
  }

  /** What a claim came to: how many rows, and when the last of them was due. */
  private record Taken(int rows, long lastDue) {}

  private Taken claim(FreeRange range) throws SQLException {
    boolean isKnown = false;
    try {
      List<OwnedDelivery> taken = new ArrayList<>();
      Taken rows = take(range, taken);
      isKnown = true;
      taken.forEach(each -> feed.bring(each.newest()));
      return rows;
    } finally {
      mayHaveLostSome |= !isKnown; // and no claim after this one makes up for it
    }
  }

  /** Takes some, which are known here then. */
  private Taken take(FreeRange range, List<OwnedDelivery> taken) throws SQLException {
    long node = lease.node();
    List<ClaimedRow> rows = held.inClaim(connection -> dialect.claim(connection, range, node));
    if (rows.size() > range.limit()) {
      throw new AssertionError("claimed " + rows.size() + " rows, but asked for " + range.limit());
    }
    for (ClaimedRow row : rows) {
      QueuedDelivery delivery = restored(row);
      if (delivery != null) {
        taken.add(OwnedDelivery.claimed(row, node, delivery));
      }
    }
    taken.forEach(owned::add);
    if (!lease.holds(node)) {
      owned.dropAllOf(node); // the lease was lost before these were known here
    }
    long lastDue = rows.stream().mapToLong(ClaimedRow::due).max().orElse(range.dueFrom());
    return new Taken(rows.size(), lastDue);
  }

  /**
   * Tells, once, whether a claim broke off in a way that leaves open what it took. What it took
   * lies under this node's name then, and nobody would ever look at it.
   */
  boolean mayHaveLostSome() {
    boolean may = mayHaveLostSome;
    mayHaveLostSome = false;
    return may;
  }

  /** Says that the rows could not be looked for. */
  void stillMayHaveLostSome() {
    mayHaveLostSome = true;
  }

  /** What cannot be read stays under this node's name, so that it holds nobody up. */
  private @Nullable QueuedDelivery restored(ClaimedRow row) throws SQLException {
    var id = DeliveryKey.delivery(row.key());
    try {
      byte[] key = row.content() == null ? DeliveryKey.of(id.notification()) : row.key();
      byte[] content = row.content() == null ? body(key) : row.content();
      Notification notification = packing.unpack(row.key(), row.envelope(), key, content);
      return QueuedDelivery.restored(
          id,
          notification,
          row.step(),
          row.attempts(),
          Instant.ofEpochMilli(row.due()),
          Instant.ofEpochMilli(row.acceptedAt()),
          Instant.ofEpochMilli(row.stepSince()),
          row.marked());
    } catch (RuntimeException e) {
      log.error("delivery {} cannot be read and is left alone until the next start", id, e);
      return null;
    }
  }

  private byte @Nullable [] body(byte[] key) throws SQLException {
    String sql = "SELECT content FROM " + dialect.tables.body() + " WHERE id = ?";
    return held.<Optional<byte[]>>inClaim(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setBytes(1, key);
                try (ResultSet result = statement.executeQuery()) {
                  return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
                }
              }
            })
        .orElse(null);
  }

  // --- Lanes ------------------------------------------------------------------------------------

  /** Finds out which lanes there are: those here, and those of the free rows. */
  void refreshLanes() throws SQLException {
    Set<String> found = new TreeSet<>();
    feed.channels().forEach(channel -> found.add(channel.value()));
    found.addAll(held.inClaim(this::lanesOfFreeRows));
    Set<String> unknown = new TreeSet<>(found);
    unknown.removeAll(lanes);
    for (String lane : unknown) {
      if (!feed.serves(ChannelId.of(lane))) {
        log.warn(
            "deliveries wait in the database for channel '{}', which this notifier does not have;"
                + " they wait until one that has it comes",
            lane);
      }
    }
    lanes = found;
  }

  /** Steps over the index from lane to lane; there are few. */
  private Set<String> lanesOfFreeRows(Connection connection) throws SQLException {
    String sql =
        "SELECT lane FROM "
            + dialect.free()
            + "lane > ? ORDER BY "
            + dialect.orderOfFree()
            + " LIMIT 1";
    Set<String> found = new TreeSet<>();
    String last = "";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      while (last != null) {
        statement.setString(1, last);
        try (ResultSet result = statement.executeQuery()) {
          last = result.next() ? result.getString(1) : null;
        }
        if (last != null) {
          found.add(last);
        }
      }
    }
    return found;
  }

  /**
   * Returns when the next free delivery of a lane that is served here is due; far if none is. Asked
   * once a second at least, and what the host has committed meanwhile is made durable with it.
   */
  long nextDue() throws SQLException {
    String sql =
        "SELECT due FROM "
            + dialect.free()
            + "lane = ? AND priority = ? ORDER BY "
            + dialect.orderOfFree()
            + " LIMIT 1";
    return held.inTransaction(
        connection -> {
          long next = Long.MAX_VALUE;
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (String lane : lanes) {
              if (!feed.serves(ChannelId.of(lane))) {
                continue;
              }
              for (Priority priority : Priority.values()) {
                statement.setString(1, lane);
                statement.setShort(2, Codes.of(priority));
                try (ResultSet result = statement.executeQuery()) {
                  next = Math.min(next, result.next() ? result.getLong(1) : next);
                }
              }
            }
          }
          return next;
        });
  }
}
