package dev.notifier.store.jdbc;

import dev.notifier.ChannelId;
import dev.notifier.StoreException;
import dev.notifier.Template;
import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.spi.TemplateStore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps templates in two tables: where each stands, and what each version says, in the text form.
 * Templates are not encrypted: they hold nobody's data. Thread-safe.
 */
final class JdbcTemplateStore implements TemplateStore {
  private static final String SUMMARY =
      "name, revision, latest_version, active_version, channels, includes, created_at, changed_at";

  private final Questions questions;
  private final String template;
  private final String version;

  JdbcTemplateStore(Questions questions, Tables tables) {
    this.questions = questions;
    this.template = tables.template();
    this.version = tables.templateVersion();
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<TemplateSummary> find(String name) {
    String sql = "SELECT " + SUMMARY + " FROM " + template + " WHERE name = ?";
    return summaries(sql, List.of(name)).stream().findFirst();
  }

  @Override
  public List<TemplateSummary> list(TemplateQuery query) {
    StringBuilder sql =
        new StringBuilder("SELECT " + SUMMARY + " FROM " + template + " WHERE name > ?");
    List<Object> values = new ArrayList<>(List.of(query.after().orElse("")));
    query
        .nameContains()
        .ifPresent(
            part -> {
              sql.append(" AND POSITION(? IN name) > 0");
              values.add(part);
            });
    query
        .channel()
        .ifPresent(
            channel -> {
              sql.append(" AND POSITION(? IN channels) > 0");
              values.add("," + channel.value() + ",");
            });
    query
        .active()
        .ifPresent(
            active -> sql.append(" AND active_version IS ").append(active ? "NOT NULL" : "NULL"));
    sql.append(" ORDER BY name LIMIT ?");
    values.add(query.limit());
    return summaries(sql.toString(), values);
  }

  private List<TemplateSummary> summaries(String sql, List<Object> values) {
    return questions.ask(
        "look for templates",
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, values);
            List<TemplateSummary> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.add(summary(rows));
              }
            }
            return found;
          }
        });
  }

  private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else {
        statement.setString(i + 1, (String) values.get(i));
      }
    }
  }

  private static TemplateSummary summary(ResultSet row) throws SQLException {
    int active = row.getInt(4);
    OptionalInt activeVersion = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(active);
    return new TemplateSummary(
        row.getString(1),
        row.getLong(2),
        row.getInt(3),
        activeVersion,
        channels(row.getString(5)),
        includes(row.getBytes(6)),
        Instant.ofEpochMilli(row.getLong(7)),
        Instant.ofEpochMilli(row.getLong(8)));
  }

  @Override
  public Optional<TemplateVersion> version(String name, int number) {
    return versions(name, "version = ?", number, 1).stream().findFirst();
  }

  @Override
  public List<TemplateVersion> versions(String name, int before, int limit) {
    return versions(name, "version < ? ORDER BY version DESC", before, limit);
  }

  private List<TemplateVersion> versions(String name, String which, int number, int limit) {
    String sql =
        "SELECT version, created_at, source FROM "
            + version
            + " WHERE name = ? AND "
            + which
            + " LIMIT ?";
    return questions.ask(
        "read a template",
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, name);
            select.setInt(2, number);
            select.setInt(3, limit);
            List<TemplateVersion> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                found.add(version(name, rows));
              }
            }
            return found;
          }
        });
  }

  private static TemplateVersion version(String name, ResultSet row) throws SQLException {
    int number = row.getInt(1);
    String source = new String(row.getBytes(3), StandardCharsets.UTF_8);
    try {
      return new TemplateVersion(
          Template.parse(name, source), number, Instant.ofEpochMilli(row.getLong(2)));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "version "
              + number
              + " of template "
              + name
              + " cannot be read: the row is damaged, or a newer version wrote it; upgrade this"
              + " node, or restore the row from a backup",
          e);
    }
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public boolean replace(TemplateSummary next, Optional<TemplateVersion> added) {
    return questions.change(
        "change a template",
        connection -> {
          boolean first = next.revision() == 1;
          if (!(first ? insert(connection, next) : update(connection, next))) {
            return false;
          }
          if (added.isPresent()) {
            insert(connection, added.get());
          }
          return true;
        });
  }

  private boolean insert(Connection connection, TemplateSummary next) throws SQLException {
    String sql =
        "INSERT INTO "
            + template
            + " (revision, latest_version, active_version, channels, includes, created_at,"
            + " changed_at, name) VALUES ("
            + Dialect.marks(8)
            + ")";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      bind(insert, next);
      return insert.executeUpdate() == 1;
    }
  }

  private boolean update(Connection connection, TemplateSummary next) throws SQLException {
    String sql =
        "UPDATE "
            + template
            + " SET revision = ?, latest_version = ?, active_version = ?, channels = ?,"
            + " includes = ?, created_at = ?, changed_at = ? WHERE name = ? AND revision = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      bind(update, next);
      update.setLong(9, next.revision() - 1);
      return update.executeUpdate() == 1;
    }
  }

  private static void bind(PreparedStatement statement, TemplateSummary next) throws SQLException {
    statement.setLong(1, next.revision());
    statement.setInt(2, next.latestVersion());
    if (next.activeVersion().isPresent()) {
      statement.setInt(3, next.activeVersion().getAsInt());
    } else {
      statement.setNull(3, Types.INTEGER);
    }
    statement.setString(4, column(next.channels()));
    statement.setBytes(5, column(new TreeSet<>(next.includes())));
    statement.setLong(6, next.createdAt().toEpochMilli());
    statement.setLong(7, next.changedAt().toEpochMilli());
    statement.setString(8, next.name());
  }

  private void insert(Connection connection, TemplateVersion added) throws SQLException {
    String sql =
        "INSERT INTO " + version + " (name, version, created_at, source) VALUES (?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, added.template().name());
      insert.setInt(2, added.version());
      insert.setLong(3, added.createdAt().toEpochMilli());
      insert.setBytes(4, added.template().toText().getBytes(StandardCharsets.UTF_8));
      insert.executeUpdate();
    }
  }

  @Override
  public boolean delete(String name, long revision) {
    return questions.change(
        "delete a template",
        connection -> delete(connection, name, revision) && deleteVersions(connection, name));
  }

  private boolean delete(Connection connection, String name, long revision) throws SQLException {
    String sql = "DELETE FROM " + template + " WHERE name = ? AND revision = ?";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, name);
      delete.setLong(2, revision);
      return delete.executeUpdate() == 1;
    }
  }

  private boolean deleteVersions(Connection connection, String name) throws SQLException {
    String sql = "DELETE FROM " + version + " WHERE name = ?";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setString(1, name);
      delete.executeUpdate();
      return true;
    }
  }

  // --- Sets in columns --------------------------------------------------------------------------

  /** A comma before and after each, so that one can be looked for: {@code ,email,sms,}. */
  private static String column(Set<ChannelId> channels) {
    return channels.stream()
        .map(ChannelId::value)
        .sorted()
        .collect(Collectors.joining(",", ",", ","));
  }

  private static Set<ChannelId> channels(String column) {
    Set<ChannelId> channels = new HashSet<>();
    for (String id : column.split(",", -1)) {
      if (!id.isEmpty()) {
        channels.add(ChannelId.of(id));
      }
    }
    return channels;
  }

  private static byte[] column(SortedSet<String> names) {
    return String.join("\n", names).getBytes(StandardCharsets.UTF_8);
  }

  private static Set<String> includes(byte[] column) {
    return column.length == 0
        ? Set.of()
        : Set.of(new String(column, StandardCharsets.UTF_8).split("\n", -1));
  }
}
