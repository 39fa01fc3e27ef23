package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The days of the history on PostgreSQL. A table for each, made before its day begins, so that an
 * old day is dropped as a whole and leaves no dead rows behind. What has no day of its own lies in
 * the rest, and is deleted row by row.
 *
 * <p>Making and dropping a day needs a lock for a moment. It is waited for a fraction of a second
 * and tried again the next minute, since whoever settles would wait behind it. Used by one thread.
 */
final class Partitions {
  private static final Logger log = LoggerFactory.getLogger(Partitions.class);

  private static final int DAYS_AHEAD = 3;
  private static final int MAX_STEPS = 400;
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
  private static final String BRIEFLY = "SET LOCAL lock_timeout = '250ms'";

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String NO_RIGHT = "42501";
  private static final String IS_THERE = "42P07";
  private static final String ROWS_IN_THE_REST = "23514"; // after some tries

  private final Tables tables;
  private final DatabaseClock clock;
  private final Purge purge;
  private final BooleanSupplier stopping;
  private final Map<String, byte[]> walkedUntil = new HashMap<>();
  private boolean permitted = true;

  Partitions(Tables tables, DatabaseClock clock, Purge purge, BooleanSupplier stopping) {
    this.tables = tables;
    this.clock = clock;
    this.purge = purge;
    this.stopping = stopping;
  }

  /** Makes the days that begin soon, and drops those that are old enough. */
  void keep(HeldConnection held) throws SQLException {
    makeDays(held);
    dropDays(held);
  }

  /** Makes today, so far as nothing was settled on it yet, and the days that follow. */
  void makeDays(HeldConnection held) throws SQLException {
    List<LocalDate> there = held.inTransaction(this::days);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    for (int ahead = 0; ahead <= DAYS_AHEAD && permitted; ahead++) {
      LocalDate day = today.plusDays(ahead);
      if (!there.contains(day)) {
        briefly(held, "make " + name(day), connection -> make(connection, day));
      }
    }
  }

  private void dropDays(HeldConnection held) throws SQLException {
    for (LocalDate day : held.inTransaction(this::days)) {
      if (end(day) <= purge.oldest() && !stopping.getAsBoolean() && walk(held, day)) {
        briefly(held, "drop " + name(day), connection -> drop(connection, day));
      }
    }
  }

  private List<LocalDate> days(Connection connection) throws SQLException {
    String sql =
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            + " WHERE i.inhparent = CAST(? AS regclass) ORDER BY c.relname";
    List<LocalDate> days = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tables.history());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          day(result.getString(1)).ifPresent(days::add);
        }
      }
    }
    return days;
  }

  private String name(LocalDate day) {
    return tables.history() + "_p" + DAY.format(day);
  }

  /** Returns nothing for the rest, and for what somebody else attached. */
  private Optional<LocalDate> day(String name) {
    String start = tables.history() + "_p";
    try {
      return name.startsWith(start)
          ? Optional.of(LocalDate.parse(name.substring(start.length()), DAY))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static long start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  private static long end(LocalDate day) {
    return start(day.plusDays(1));
  }

  /** Does what needs a lock; puts it off if somebody else has that. */
  private void briefly(HeldConnection held, String what, HeldConnection.Work<Boolean> work)
      throws SQLException {
    try {
      held.inTransaction(
          connection -> {
            execute(connection, BRIEFLY);
            return work.in(connection);
          });
    } catch (SQLException e) {
      switch (String.valueOf(e.getSQLState())) {
        case LOCK_NOT_AVAILABLE -> log.debug("could not {} now; in a minute again", what);
        case IS_THERE, ROWS_IN_THE_REST -> log.debug("did not {}: {}", what, e.getSQLState());
        case NO_RIGHT -> goWithout(what);
        default -> throw e;
      }
    }
  }

  private void goWithout(String what) {
    permitted = false;
    log.info(
        "could not {}: the user of the database does not own table {}; what is settled lies in"
            + " {}_rest, and old rows are deleted one by one",
        what,
        tables.history(),
        tables.history());
  }

  private boolean make(Connection connection, LocalDate day) throws SQLException {
    if (!isAlone(connection, day) || hasRowsInTheRest(connection, day)) {
      return false;
    }
    // Not by PARTITION OF, whose lock stops everybody who settles.
    execute(connection, "CREATE TABLE " + name(day) + " (LIKE " + tables.history() + ")");
    execute(
        connection,
        "ALTER TABLE "
            + tables.history()
            + " ATTACH PARTITION "
            + name(day)
            + " FOR VALUES FROM ("
            + start(day)
            + ") TO ("
            + end(day)
            + ")");
    log.debug("made {}", name(day));
    return true;
  }

  /** Of several nodes, one makes a day. */
  private boolean isAlone(Connection connection, LocalDate day) throws SQLException {
    String sql = "SELECT pg_try_advisory_xact_lock(hashtext(?)) AND to_regclass(?) IS NULL";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name(day));
      statement.setString(2, name(day));
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  /** Then it stays without a table: to move them would stop everybody who settles. */
  private boolean hasRowsInTheRest(Connection connection, LocalDate day) throws SQLException {
    String sql =
        "SELECT 1 FROM " + tables.history() + "_rest WHERE settled_at >= ? AND settled_at < ?";
    try (PreparedStatement statement = connection.prepareStatement(sql + " LIMIT 1")) {
      statement.setLong(1, start(day));
      statement.setLong(2, end(day));
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  /** Deletes what belongs to the rows of a day; returns whether that is all of it. */
  private boolean walk(HeldConnection held, LocalDate day) throws SQLException {
    String sql = "SELECT id FROM " + name(day) + " WHERE id > ? ORDER BY id LIMIT " + Purge.STEP;
    String name = name(day);
    for (int i = 0; i < MAX_STEPS && !stopping.getAsBoolean(); i++) {
      byte[] after = walkedUntil.getOrDefault(name, new byte[0]);
      List<byte[]> keys =
          held.inTransaction(
              connection -> {
                List<byte[]> found = new ArrayList<>();
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                  statement.setBytes(1, after);
                  Purge.readKeys(statement, found);
                }
                if (!found.isEmpty()) {
                  purge.forget(connection, found, end(day));
                }
                return found;
              });
      if (keys.size() < Purge.STEP) {
        walkedUntil.remove(name);
        return true;
      }
      walkedUntil.put(name, keys.get(keys.size() - 1));
    }
    return false;
  }

  private boolean drop(Connection connection, LocalDate day) throws SQLException {
    execute(connection, "DROP TABLE IF EXISTS " + name(day));
    log.info("dropped {}: everything in it was settled before {}", name(day), until(day));
    return true;
  }

  private static Instant until(LocalDate day) {
    return Instant.ofEpochMilli(end(day));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
