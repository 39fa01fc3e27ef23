package dev.notifier.store.jdbc;

import java.util.Optional;

/**
 * The statements of {@link ReEncryption}. Those that step read only the first bytes of payloads.
 */
final class ReEncryptionSql {
  private final Tables tables;
  private final DatabaseKind kind;
  private final String body;
  private final String suppression;
  private final String dedup;
  private final String schedule;
  private final String tag;
  private final String preference;

  ReEncryptionSql(TablePrefix prefix, DatabaseKind kind) {
    this.kind = kind;
    tables = Tables.of(prefix, kind);
    body = prefix.text() + "body";
    suppression = prefix.text() + "suppression";
    dedup = prefix.text() + "dedup";
    schedule = prefix.text() + "schedule";
    tag = prefix.text() + "tag";
    preference = prefix.text() + "preference";
  }

  Deliveries queue() {
    return new Deliveries(tables.queue(), tables.owed(), kind);
  }

  Deliveries history() {
    return new Deliveries(tables.history(), tables.settled(), kind);
  }

  /** The statements for queue or history. */
  record Deliveries(String table, String condition, DatabaseKind kind) {
    String steps() {
      return "SELECT id, "
          + start("envelope")
          + ", "
          + start("content")
          + " FROM "
          + table
          + " WHERE "
          + condition
          + "id > ? ORDER BY id LIMIT ?";
    }

    String select() {
      return "SELECT envelope, content FROM " + table + " WHERE " + condition + "id = ?";
    }

    String update(boolean withContent) {
      if (kind == DatabaseKind.H2) {
        return "UPDATE "
            + table
            + " SET envelope = ?1, content = ?2, recipient = ?3, correlation = ?4, place = "
            + Places.moved()
            + " WHERE id = ?5 AND envelope = ?6 AND content "
            + (withContent ? "= ?7" : "IS NULL");
      }
      return "UPDATE "
          + table
          + " SET envelope = ?, content = ?, recipient = ?, correlation = ?"
          + " WHERE id = ? AND envelope = ? AND content "
          + (withContent ? "= ?" : "IS NULL");
    }
  }

  String bodySteps() {
    return "SELECT id, "
        + start("content")
        + ", NULL FROM "
        + body
        + " WHERE id > ? ORDER BY id LIMIT ?";
  }

  String bodySelect() {
    return "SELECT content FROM " + body + " WHERE id = ?";
  }

  String bodyUpdate() {
    return "UPDATE " + body + " SET content = ? WHERE id = ?";
  }

  String suppressionSteps() {
    return "SELECT address_hash, "
        + start("address")
        + ", NULL FROM "
        + suppression
        + " WHERE address_hash > ? ORDER BY address_hash LIMIT ?";
  }

  String suppressionSelect() {
    return "SELECT address FROM " + suppression + " WHERE address_hash = ?";
  }

  String suppressionUpdate() {
    return "UPDATE "
        + suppression
        + " SET address_hash = ?, address = ? WHERE address_hash = ? AND address = ?";
  }

  String suppressionDelete() {
    return "DELETE FROM " + suppression + " WHERE address_hash = ?";
  }

  String preferenceSteps() {
    return "SELECT key_hash, "
        + start("subject")
        + ", NULL FROM "
        + preference
        + " WHERE key_hash > ? ORDER BY key_hash LIMIT ?";
  }

  String preferenceSelect() {
    return "SELECT subject, category, lane FROM " + preference + " WHERE key_hash = ?";
  }

  String preferenceUpdate() {
    return "UPDATE "
        + preference
        + " SET key_hash = ?, recipient = ?, subject = ? WHERE key_hash = ? AND subject = ?";
  }

  String preferenceDelete() {
    return "DELETE FROM " + preference + " WHERE key_hash = ?";
  }

  String rekeyDedup() {
    return "UPDATE " + dedup + " SET key_hash = ? WHERE key_hash = ? AND id = ?";
  }

  /** Nothing where a correlation id has an index. */
  Optional<String> rekeyLookup() {
    return kind == DatabaseKind.H2
        ? Optional.of("UPDATE " + tables.lookup() + " SET hash = ? WHERE hash = ? AND id = ?")
        : Optional.empty();
  }

  String rekeyTag() {
    return "UPDATE " + tag + " SET tag = ? WHERE tag = ? AND id = ?";
  }

  String scheduleSteps() {
    return "SELECT name, "
        + start("definition")
        + ", NULL FROM "
        + schedule
        + " WHERE name > ? ORDER BY name LIMIT ?";
  }

  String scheduleSelect() {
    return "SELECT definition, version FROM " + schedule + " WHERE name = ?";
  }

  String scheduleUpdate() {
    return "UPDATE " + schedule + " SET definition = ? WHERE name = ? AND version = ?";
  }

  private static String start(String column) {
    return "SUBSTRING(" + column + ", 1, " + PayloadCipher.HEADER_LENGTH + ")";
  }
}
