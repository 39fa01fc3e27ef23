package dev.notifier.store.jdbc;

import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import dev.notifier.StoreException;
import dev.notifier.spi.PreferenceStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps preferences in a table. A hash of each recipient who has one lies in memory (some 50
 * bytes): the table is asked for those only, and what other nodes add is read every second.
 * Thread-safe.
 */
final class JdbcPreferenceStore implements PreferenceStore {
  private static final int MAX_TRIES = 5;
  private static final String ALL_CHANNELS = "*";
  private static final String COLUMNS = "key_hash, subject, category, lane, choice, since";

  static final String COVERING =
      " WHERE recipient = ? AND category IN (?, '*') AND lane IN (?, '*')";
  static final String PAGE = " WHERE key_hash > ? ORDER BY key_hash LIMIT ?";
  static final String PAGE_OF_RECIPIENT =
      " WHERE recipient = ? AND key_hash > ? ORDER BY recipient, key_hash LIMIT ?";

  private static final int KEY_LENGTH = 32;

  private final Questions questions;
  private final Dialect dialect;
  private final String table;
  private final Payloads payloads;
  private final LookupHash hash;
  private final RecentChanges changes;
  private final Set<Long> knownRecipients = ConcurrentHashMap.newKeySet();

  JdbcPreferenceStore(Questions questions, Dialect dialect, Payloads payloads) {
    this.questions = questions;
    this.dialect = dialect;
    this.table = dialect.tables.preference();
    this.payloads = payloads;
    this.hash = payloads.hash();
    this.changes = new RecentChanges("recipient", table);
  }

  /** Reads who has preferences by now; called by one thread. */
  void refresh(Connection connection) throws SQLException {
    changes.read(connection, row -> knownRecipients.add(row.getLong(2)));
  }

  private static String lane(Optional<ChannelId> channel) {
    return channel.map(ChannelId::value).orElse(ALL_CHANNELS);
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<Preference> find(
      Recipient recipient, String category, Optional<ChannelId> channel) {
    byte[] key = hash.preference(recipient.key(), category, lane(channel));
    return select(" WHERE key_hash = ?", statement -> statement.setBytes(1, key)).stream()
        .findFirst();
  }

  @Override
  public List<Preference> covering(Recipient recipient, String category, ChannelId channel) {
    if (knownRecipients.isEmpty()) {
      return List.of();
    }
    String key = recipient.key();
    long recipientHash = hash.recipient(key);
    if (!knownRecipients.contains(recipientHash)) {
      return List.of();
    }
    return select(
            COVERING,
            statement -> {
              statement.setLong(1, recipientHash);
              statement.setString(2, category);
              statement.setString(3, channel.value());
            })
        .stream()
        .filter(preference -> preference.recipient().key().equals(key))
        .toList();
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private List<Preference> select(String which, Binding values) {
    return questions
        .ask("look for preferences", connection -> select(connection, which, values))
        .stream()
        .map(TablePage.Row::value)
        .toList();
  }

  private List<TablePage.Row<Preference>> select(
      Connection connection, String which, Binding values) throws SQLException {
    String sql = sql(table, which);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      values.bind(statement);
      List<TablePage.Row<Preference>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          String cursor = HexFormat.of().formatHex(result.getBytes(1));
          rows.add(new TablePage.Row<>(cursor, preferenceIn(result)));
        }
      }
      return rows;
    }
  }

  static String sql(String table, String which) {
    return "SELECT " + COLUMNS + " FROM " + table + which;
  }

  private Preference preferenceIn(ResultSet row) throws SQLException {
    String lane = row.getString(4);
    return new Preference(
        payloads.recipient(row.getBytes(2), row.getBytes(1)),
        row.getString(3),
        lane.equals(ALL_CHANNELS) ? Optional.empty() : Optional.of(ChannelId.of(lane)),
        Codes.choice(row.getInt(5)),
        Instant.ofEpochMilli(row.getLong(6)));
  }

  @Override
  public Page<Preference> list(PreferenceQuery query) {
    return questions.ask(
        "list preferences",
        connection ->
            TablePage.of(
                query.cursor(),
                query.limit(),
                query::matches,
                (cursor, count) -> step(connection, query, cursor, count)));
  }

  private List<TablePage.Row<Preference>> step(
      Connection connection, PreferenceQuery query, Optional<String> cursor, int count)
      throws SQLException {
    byte[] after = cursor.map(JdbcPreferenceStore::key).orElseGet(() -> new byte[KEY_LENGTH]);
    if (query.recipient().isEmpty()) {
      return select(
          connection,
          PAGE,
          statement -> {
            statement.setBytes(1, after);
            statement.setInt(2, count);
          });
    }
    long recipient = hash.recipient(query.recipient().get().key());
    return select(
        connection,
        PAGE_OF_RECIPIENT,
        statement -> {
          statement.setLong(1, recipient);
          statement.setBytes(2, after);
          statement.setInt(3, count);
        });
  }

  private static byte[] key(String cursor) {
    try {
      byte[] key = HexFormat.of().parseHex(cursor);
      if (key.length == KEY_LENGTH) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw (IllegalArgumentException) TablePage.badCursor().initCause(e);
    }
    throw TablePage.badCursor();
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public void put(Preference preference) {
    String recipient = preference.recipient().key();
    long recipientHash = hash.recipient(recipient);
    byte[] key = hash.preference(recipient, preference.category(), lane(preference.channel()));
    for (int tries = 1;
        !questions.change(
            "keep a preference",
            connection ->
                update(connection, key, preference)
                    || insert(connection, key, recipientHash, preference));
        tries++) {
      if (tries == MAX_TRIES) {
        throw new StoreException(
            "a preference is being changed by others again and again: say it again", null);
      }
    }
    knownRecipients.add(recipientHash);
  }

  private boolean update(Connection connection, byte[] key, Preference preference)
      throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET choice = ?, since = ?, changed_at = "
            + dialect.nowMillis()
            + " WHERE key_hash = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setShort(1, Codes.of(preference.choice()));
      update.setLong(2, preference.since().toEpochMilli());
      update.setBytes(3, key);
      return update.executeUpdate() == 1;
    }
  }

  private boolean insert(Connection connection, byte[] key, long recipient, Preference preference)
      throws SQLException {
    String sql =
        "INSERT INTO "
            + table
            + " (key_hash, recipient, subject, category, lane, choice, since, changed_at) VALUES ("
            + Dialect.marks(7)
            + ", "
            + dialect.nowMillis()
            + ")";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setBytes(1, key);
      insert.setLong(2, recipient);
      insert.setBytes(3, payloads.protect(preference.recipient(), key));
      insert.setString(4, preference.category());
      insert.setString(5, lane(preference.channel()));
      insert.setShort(6, Codes.of(preference.choice()));
      insert.setLong(7, preference.since().toEpochMilli());
      return insert.executeUpdate() == 1;
    }
  }

  @Override
  public boolean remove(Recipient recipient, String category, Optional<ChannelId> channel) {
    byte[] key = hash.preference(recipient.key(), category, lane(channel));
    return questions.transaction(
            "forget a preference", connection -> delete(connection, List.of(key)))
        == 1;
  }

  @Override
  public int erase(Recipient recipient) {
    return questions.transaction(
        "erase the preferences of a recipient",
        connection -> delete(connection, keysOf(connection, recipient.key())));
  }

  /** Two recipients may have the same hash of 64 bits. */
  private List<byte[]> keysOf(Connection connection, String recipient) throws SQLException {
    long recipientHash = hash.recipient(recipient);
    return select(
            connection, " WHERE recipient = ?", statement -> statement.setLong(1, recipientHash))
        .stream()
        .filter(row -> row.value().recipient().key().equals(recipient))
        .map(row -> HexFormat.of().parseHex(row.cursor()))
        .toList();
  }

  private int delete(Connection connection, List<byte[]> keys) throws SQLException {
    String sql = "DELETE FROM " + table + " WHERE key_hash = ?";
    int deleted = 0;
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      for (byte[] key : keys) {
        delete.setBytes(1, key);
        deleted += delete.executeUpdate();
      }
    }
    return deleted;
  }
}
