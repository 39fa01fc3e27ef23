package dev.notifier.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One version of the tables: what {@link JdbcSchema#status()} tells. Immutable. */
public final class SchemaVersion {
  private final int number;
  private final String description;
  private final String checksum;
  private final State state;
  private final @Nullable Instant installedAt;
  private final @Nullable Duration took;

  private SchemaVersion(
      int number,
      String description,
      String checksum,
      State state,
      SchemaHistory.@Nullable Row row) {
    this.number = number;
    this.description = description;
    this.checksum = checksum;
    this.state = state;
    this.installedAt = row == null ? null : Instant.ofEpochMilli(row.installedAt());
    this.took = row == null || !row.success() ? null : Duration.ofMillis(row.executionMillis());
  }

  static SchemaVersion known(SchemaScript script, SchemaHistory.@Nullable Row row) {
    return new SchemaVersion(
        script.version(), script.description(), script.checksum(), state(script, row), row);
  }

  private static State state(SchemaScript script, SchemaHistory.@Nullable Row row) {
    if (row == null) {
      return State.PENDING;
    }
    if (!row.success()) {
      return State.UNFINISHED;
    }
    return row.checksum().equals(script.checksum()) ? State.APPLIED : State.CHANGED;
  }

  static SchemaVersion unknown(SchemaHistory.Row row) {
    return new SchemaVersion(row.version(), row.description(), row.checksum(), State.UNKNOWN, row);
  }

  /** Returns its number, from 1. */
  public int number() {
    return number;
  }

  /** Returns what it brings, in a word or two. */
  public String description() {
    return description;
  }

  /** Returns the SHA-256 of its script: of the one here, or as recorded if there is none here. */
  public String checksum() {
    return checksum;
  }

  /** Returns how it stands in this database. */
  public State state() {
    return state;
  }

  /** Returns when it was installed, on the database's clock; for an unfinished one, when begun. */
  public Optional<Instant> installedAt() {
    return Optional.ofNullable(installedAt);
  }

  /** Returns how long that took, to the millisecond. */
  public Optional<Duration> took() {
    return Optional.ofNullable(took);
  }

  /** Returns one line with all of it. */
  @Override
  public String toString() {
    return "V"
        + number
        + " "
        + description
        + ": "
        + state
        + installedAt().map(at -> " " + at).orElse("")
        + took().map(time -> " in " + time.toMillis() + " ms").orElse("")
        + ", sha256 "
        + checksum;
  }

  /** How a version stands in a database. */
  public enum State {
    /** It is installed. */
    APPLIED,
    /** It is not installed yet. */
    PENDING,
    /** It was begun and not finished: it is under way right now, or was broken off. */
    UNFINISHED,
    /** It was installed by a script other than the one that is here. */
    CHANGED,
    /** It was installed by a newer library. */
    UNKNOWN
  }
}
