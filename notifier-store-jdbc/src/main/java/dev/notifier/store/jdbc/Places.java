package dev.notifier.store.jdbc;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where deliveries lie in H2's table, so that those of a recipient are found without an index,
 * which would be rewritten all over at every commit (docs/decisions/0031).
 *
 * <p>A place is the hour in the delivery's id (21 bits), the number of a block in that hour (18),
 * some of the recipient's hash (14) and a number within the block (10). A block is filled by one
 * process, so that what is written together lies together; whoever looks for a recipient looks once
 * into each block. Thread-safe.
 */
final class Places {
  /** Of a row whose place nobody here knows: it is found by its key. */
  static final long UNKNOWN = -1;

  private static final int NUMBER_BITS = 10;
  private static final int HASH_BITS = 14;
  private static final int BLOCK_BITS = 18;
  private static final int IN_BLOCK_BITS = NUMBER_BITS + HASH_BITS;
  private static final int IN_HOUR_BITS = IN_BLOCK_BITS + BLOCK_BITS;
  private static final long IN_BLOCK = (1L << IN_BLOCK_BITS) - 1;
  private static final long IN_HOUR = (1L << IN_HOUR_BITS) - 1;
  private static final long BLOCKS = 1L << BLOCK_BITS;
  private static final long HASHES = 1L << HASH_BITS;
  private static final int NUMBERS = 1 << NUMBER_BITS;
  private static final long LAST_HOUR = (1L << (63 - IN_HOUR_BITS)) - 1;
  private static final long HOUR_MILLIS = 3_600_000;

  /** Ids are of now, but for those of schedules that catch up. */
  private static final int OPEN_BLOCKS = 4;

  private final String delivery;
  private final Map<Long, Block> open = new LinkedHashMap<>(); // by hour; guarded by this
  private long lastBlock; // guarded by this

  Places(Tables tables) {
    this(tables, ThreadLocalRandom.current().nextLong(BLOCKS));
  }

  /** Creates it with the block to begin after: others hardly begin at the same. */
  Places(Tables tables, long lastBlock) {
    this.delivery = tables.queue();
    this.lastBlock = lastBlock;
  }

  private static final class Block {
    private final long start;
    private int used;

    Block(long start) {
      this.start = start;
    }
  }

  /** Returns a place that nobody has, and nobody else will be given. */
  synchronized long next(Connection connection, byte[] key, long recipient) throws SQLException {
    long hour = hourOf(key);
    Block block = open.get(hour);
    if (block == null || block.used == NUMBERS) {
      block = open(connection, hour);
    }
    return block.start | inBlock(recipient) | block.used++;
  }

  private Block open(Connection connection, long hour) throws SQLException {
    Block block = new Block(nextStart(hour));
    while (isTaken(connection, block.start)) {
      block = new Block(nextStart(hour));
    }
    open.remove(hour);
    open.put(hour, block);
    if (open.size() > OPEN_BLOCKS) {
      Iterator<Long> oldest = open.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return block;
  }

  private long nextStart(long hour) {
    lastBlock = (lastBlock + 1) % BLOCKS;
    return (hour << IN_HOUR_BITS) | (lastBlock << IN_BLOCK_BITS);
  }

  private boolean isTaken(Connection connection, long start) throws SQLException {
    return last(connection, start | IN_BLOCK) >= start;
  }

  /** The first 48 bits of an id are milliseconds; an hour beyond our time counts as the last. */
  private static long hourOf(byte[] key) {
    return Math.min(LAST_HOUR, (ByteBuffer.wrap(key).getLong() >>> 16) / HOUR_MILLIS);
  }

  private static long inBlock(long recipient) {
    return (recipient & (HASHES - 1)) << NUMBER_BITS;
  }

  /** An expression for where a delivery goes when its recipient's hash becomes {@code ?3}. */
  static String moved() {
    long others = ~((HASHES - 1) << NUMBER_BITS);
    return "BITOR(BITAND(place, "
        + others
        + "), LSHIFT(BITAND(?3, "
        + (HASHES - 1)
        + "), "
        + NUMBER_BITS
        + "))";
  }

  // --- Looking for a recipient ------------------------------------------------------------------

  /** Returns the newest keys of a recipient's deliveries that are not beyond the bounds. */
  List<byte[]> keysOf(Connection connection, long recipient, byte[] from, byte[] before, int limit)
      throws SQLException {
    TreeSet<byte[]> newest = new TreeSet<>(Arrays::compareUnsigned);
    long first = hourOf(from) << IN_HOUR_BITS;
    long place = last(connection, (hourOf(before) << IN_HOUR_BITS) | IN_HOUR);
    String inBlock =
        "SELECT id FROM "
            + delivery
            + " WHERE place BETWEEN ? AND ? AND recipient = ? AND id >= ? AND id < ?";
    try (PreparedStatement statement = connection.prepareStatement(inBlock)) {
      while (place >= first && (newest.size() < limit || mayHaveNewer(place, newest.first()))) {
        long block = place & ~IN_BLOCK;
        statement.setLong(1, block | inBlock(recipient));
        statement.setLong(2, block | inBlock(recipient) | (NUMBERS - 1));
        statement.setLong(3, recipient);
        statement.setBytes(4, from);
        statement.setBytes(5, before);
        List<byte[]> found = new ArrayList<>();
        Purge.readKeys(statement, found);
        newest.addAll(found);
        while (newest.size() > limit) {
          newest.pollFirst();
        }
        place = last(connection, block - 1);
      }
    }
    return List.copyOf(newest.descendingSet());
  }

  private static boolean mayHaveNewer(long place, byte[] key) {
    return place >> IN_HOUR_BITS >= hourOf(key);
  }

  /** Returns the last place that is taken up to a bound; -1 if none is. */
  private long last(Connection connection, long bound) throws SQLException {
    String sql = "SELECT place FROM " + delivery + " WHERE place <= ? ORDER BY place DESC LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, bound);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : -1;
      }
    }
  }
}
