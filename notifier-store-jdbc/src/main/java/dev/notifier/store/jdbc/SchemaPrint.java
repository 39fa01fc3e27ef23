package dev.notifier.store.jdbc;

import java.util.List;

/** The schema as a script for other tools. */
final class SchemaPrint {
  private final TablePrefix prefix;
  private final SchemaHistory history;
  private final List<SchemaScript> scripts;

  SchemaPrint(DatabaseKind kind, TablePrefix prefix) {
    this.prefix = prefix;
    this.history = new SchemaHistory(kind, prefix);
    this.scripts = SchemaScript.all(kind);
  }

  String all() {
    return of(0, scripts.size());
  }

  String of(int from, int to) {
    checkKnown(from);
    checkKnown(to);
    StringBuilder sql = new StringBuilder();
    if (from == 0 && to > 0) {
      sql.append(history.createStatement()).append(";\n\n");
    }
    for (int version = from + 1; version <= to; version++) {
      SchemaScript script = scripts.get(version - 1);
      add(sql, script, script.up(), history.insertStatement(script));
    }
    for (int version = from; version > to; version--) {
      SchemaScript script = scripts.get(version - 1);
      add(sql, script, script.down(), history.deleteStatement(script));
    }
    return sql.toString();
  }

  private void checkKnown(int version) {
    if (version < 0 || version > scripts.size()) {
      throw new IllegalArgumentException(
          "version must be from 0 to " + scripts.size() + ", but was " + version);
    }
  }

  private void add(StringBuilder sql, SchemaScript script, String text, String record) {
    sql.append("-- ").append(script).append('\n');
    sql.append(prefix.fill(text).strip()).append('\n');
    sql.append(record).append(";\n\n");
  }
}
