package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.NotificationId;
import dev.notifier.StoreHealth;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one process's store, put together: who writes, who settles, who looks for work, and
 * the lease under which all of them act. Thread-safe.
 */
final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(5);
  private static final long BETWEEN_TRIES_NANOS = Duration.ofMillis(100).toNanos();
  private static final int STRAYS_AT_ONCE = 500;
  private static final int AWAITED_AT_ONCE = 500;

  private final JdbcSettings settings;
  private final ConnectionSource source;
  private final Dialect dialect;
  private final DatabaseClock clock;
  private final OwnedDeliveries owned = new OwnedDeliveries();
  private final StoreThreads threads = new StoreThreads();

  private final Shield shield;
  private final HeldConnection writing;
  private final HeldConnection writingAside;
  private final HeldConnection settling;
  private final HeldConnection polling;
  private final HeldConnection leasing;
  private final HeldConnection tidying;

  private final Packing packing;
  private final Lease lease;
  private final LeaseKeeper keeper;
  private final Dedup dedup;
  private final Accepting accepting;
  private final GroupWriter writer;
  private final SettlementWriter settlements;
  private final SuppressionList suppressions;
  private final HistoryReader reader;
  private final HistoryCounter counter;
  private final Updates updates;
  private final Cancelling cancelling;
  private final Marking marking;
  private final JdbcTemplateStore templates;
  private final JdbcScheduleStore schedules;
  private final JdbcBatchStore batches;
  private final Questions questions;
  private final Forgetting forgetting;
  private final JdbcPreferenceStore preferences;
  private final EncryptionMark encryptionMark;
  private final @Nullable Conversion conversion;
  private final @Nullable Partitions partitions;
  private final Housekeeper housekeeper;
  private volatile @Nullable Poller poller;
  private volatile @Nullable FreeRowListener listener;
  private volatile @Nullable DeliveryFeed feed;
  private volatile long lagMillis;

  private Node(JdbcSettings settings, ConnectionSource source) {
    this.settings = settings;
    this.source = source;
    dialect = Dialect.of(source.kind(), settings.prefix(), settings.keepContent());
    Tables tables = dialect.tables;
    clock = new DatabaseClock(settings.clock(), settings.correctsClock());
    shield = Shield.against(source.kind());
    writing = new HeldConnection(source, dialect);
    writingAside = new HeldConnection(source, dialect);
    settling = new HeldConnection(source, dialect);
    polling = new HeldConnection(source, dialect);
    leasing = new HeldConnection(source, dialect);
    tidying = new HeldConnection(source, dialect);
    Payloads payloads = settings.payloads();
    packing = new Packing(payloads);
    lease =
        new Lease(
            leasing,
            dialect,
            clock,
            settings.trustClock(),
            settings.nodeName(),
            settings.lease(),
            owned::dropAllOf);
    keeper = new LeaseKeeper(lease, settings.lease(), System::nanoTime, this::freeRowsWritten);
    dedup = new Dedup(dialect, settings.idempotencyWindow(), settings.historyAge());
    accepting = new Accepting(dialect, dedup, lease, owned, this::freeRowsWritten);
    boolean callersLead = source.kind() != DatabaseKind.H2; // see Shield
    writer =
        new GroupWriter(
            writing,
            accepting::accept,
            writingAside,
            accepting::acceptFree,
            settings.acceptTimeout(),
            callersLead);
    settlements = new SettlementWriter(settling, dialect, owned, this::freeRowsWritten);
    suppressions = new SuppressionList(source, dialect, payloads);
    reader =
        new HistoryReader(
            source,
            settings.prefix(),
            payloads,
            id -> Optional.ofNullable(owned.get(id)).flatMap(OwnedDelivery::held));
    PurgeMark purgeMark = new PurgeMark(dialect, settings.historyAge());
    counter =
        new HistoryCounter(source, settings.prefix(), clock, settings.historyAge(), purgeMark);
    updates = new Updates(source, dialect, payloads.hash(), reader, suppressions, clock);
    cancelling =
        new Cancelling(source, dialect, owned, settlements, reader, lease, clock, System::nanoTime);
    marking = new Marking(source, dialect);
    questions = new Questions(source, dialect, shield);
    templates = new JdbcTemplateStore(questions, tables);
    preferences = new JdbcPreferenceStore(questions, dialect, payloads);
    schedules =
        new JdbcScheduleStore(
            questions,
            tables,
            payloads,
            (decision, run) ->
                writer.alone(held -> accepting.acceptIf(decision, held, packing.pack(run))));
    batches =
        new JdbcBatchStore(
            questions,
            dialect,
            packing,
            this::acceptOfBatch,
            new BatchCancelling(source, dialect, packing, owned, cancelling, clock),
            () -> settlements.awaitWritten(WRITE_PATIENCE),
            lease,
            clock);
    encryptionMark =
        new EncryptionMark(
            polling, dialect, settings.encrypts() ? payloads.hash() : null, settings.lease());
    conversion =
        settings.encrypts()
            ? new Conversion(
                new ReEncryption(source, settings.prefix(), payloads),
                dedup,
                clock,
                settings.idempotencyWindow(),
                this::isTidiedEnough)
            : null;
    Purge purge = new Purge(dialect, clock, settings.historyAge(), this::isTidiedEnough);
    forgetting = new Forgetting(source, dialect, settings.prefix(), payloads, purge, purgeMark);
    partitions =
        source.kind() == DatabaseKind.POSTGRESQL
            ? new Partitions(dialect.tables, clock, purge, this::isTidiedEnough)
            : null;
    housekeeper = new Housekeeper(tidying, chores(purge, partitions, conversion));
  }

  /** Very many would hold up everybody else: they have a connection and a transaction for them. */
  private List<Optional<NotificationId>> acceptOfBatch(
      List<PackedSubmission> group, Accepting.Note note) {
    try {
      if (group.size() <= Accepting.MAX_TOGETHER) {
        return acceptSome(group, note);
      }
      return shield.call(
          () -> {
            try (HeldConnection held = new HeldConnection(source, dialect)) {
              return accepting.acceptMany(held, group, note);
            }
          });
    } catch (SQLException e) {
      throw Failures.notAccepted(e);
    }
  }

  /** Waits for a transaction that holds an idempotency key without keeping others from writing. */
  private List<Optional<NotificationId>> acceptSome(
      List<PackedSubmission> group, Accepting.Note note) throws SQLException {
    long end = System.nanoTime() + settings.acceptTimeout().toNanos();
    while (true) {
      try {
        writer.giveWay();
        return shield.call(() -> writer.alone(held -> accepting.acceptSome(held, group, note)));
      } catch (HeldKeyException e) {
        if (System.nanoTime() - end >= 0) {
          throw e;
        }
        LockSupport.parkNanos(this, BETWEEN_TRIES_NANOS);
      }
    }
  }

  private boolean isTidiedEnough() {
    return housekeeper.isStopped();
  }

  private static List<Housekeeper.Chore> chores(
      Purge purge, @Nullable Partitions partitions, @Nullable Conversion conversion) {
    List<Housekeeper.Chore> chores = new ArrayList<>();
    if (partitions != null) {
      chores.add(partitions::keep);
    }
    chores.add(purge::history);
    chores.add(purge::idempotencyKeys);
    chores.add(purge::earlyUpdates);
    chores.add(purge::cancelRequests);
    chores.add(purge::liftedSuppressions);
    chores.add(purge::batches);
    if (conversion != null) {
      chores.add(held -> conversion.goOn());
    }
    return chores;
  }

  /** Registers this node in the database and starts its threads, but for the poller. */
  static Node open(JdbcSettings settings, ConnectionSource source) throws SQLException {
    Node node = new Node(settings, source);
    try {
      node.encryptionMark.check();
      node.lease.acquire();
      if (node.conversion != null) {
        node.conversion.begin();
      }
      node.refreshPermissions();
      node.makeDays();
    } catch (SQLException | RuntimeException | Error e) {
      node.closeConnections();
      throw e;
    }
    node.threads.start("lease", node.keeper::run);
    node.threads.start("writer", node.writer::standIn);
    node.threads.start("writer-aside", node.writer::writeAside);
    node.threads.start("settler", node.settlements::run);
    node.threads.start("housekeeper", node.housekeeper::run);
    return node;
  }

  /** Before anything is settled: a day on which something was has no table of its own. */
  private void makeDays() {
    if (partitions == null) {
      return;
    }
    try {
      partitions.makeDays(tidying);
    } catch (SQLException e) {
      log.warn("the history has no table for today; what is settled lies in the rest", e);
    } finally {
      tidying.discard();
    }
  }

  // --- Parts ------------------------------------------------------------------------------------

  DatabaseClock clock() {
    return clock;
  }

  OwnedDeliveries owned() {
    return owned;
  }

  Packing packing() {
    return packing;
  }

  Lease lease() {
    return lease;
  }

  Accepting accepting() {
    return accepting;
  }

  GroupWriter writer() {
    return writer;
  }

  SettlementWriter settlements() {
    return settlements;
  }

  SuppressionList suppressions() {
    return suppressions;
  }

  HistoryReader reader() {
    return reader;
  }

  HistoryCounter counter() {
    return counter;
  }

  Updates updates() {
    return updates;
  }

  Cancelling cancelling() {
    return cancelling;
  }

  Forgetting forgetting() {
    return forgetting;
  }

  Questions questions() {
    return questions;
  }

  Dedup dedup() {
    return dedup;
  }

  Marking marking() {
    return marking;
  }

  JdbcTemplateStore templates() {
    return templates;
  }

  JdbcScheduleStore schedules() {
    return schedules;
  }

  JdbcBatchStore batches() {
    return batches;
  }

  JdbcPreferenceStore preferences() {
    return preferences;
  }

  Shield shield() {
    return shield;
  }

  /** Returns who keeps the lease, for tests. */
  LeaseKeeper keeper() {
    return keeper;
  }

  /** Returns what is known of the database without asking it. */
  StoreHealth health() {
    int unwritten = settlements.unwritten();
    Throwable failure = keeper.failure();
    String reason = "";
    if (failure != null) {
      reason = "the lease could not be renewed: " + Failures.describe(failure);
    } else if (!lease.isTrusted()) {
      reason = "the lease has ended and is not renewed yet; nothing is sent until it is";
    } else if (unwritten >= SettlementWriter.MAX_WAITING) {
      reason = unwritten + " results wait for the database; nothing is sent until there are fewer";
    }
    return new StoreHealth(
        reason.isEmpty(),
        reason,
        unwritten,
        owned.lost(),
        Duration.ofMillis(lagMillis),
        lease.isTrusted() ? StoreHealth.Lease.HELD : StoreHealth.Lease.LOST);
  }

  Housekeeper housekeeper() {
    return housekeeper;
  }

  /**
   * Tells whether this node goes on holding an entry: it is due soon, on a channel that is here.
   */
  boolean keeps(QueuedDelivery entry) {
    DeliveryFeed lanes = feed;
    return !entry.due().isAfter(clock.instant().plus(settings.horizon()))
        && (lanes == null || lanes.serves(entry.channel()));
  }

  // --- Polling ----------------------------------------------------------------------------------

  void startPolling(DeliveryFeed lanes) {
    feed = lanes;
    Claiming claiming = new Claiming(polling, dialect, packing, lease, owned, clock, lanes);
    Poller made =
        new Poller(polling, dialect, claiming, errands(lanes, claiming), clock, System::nanoTime);
    poller = made;
    threads.start("poller", made::run);
    if (source.kind() == DatabaseKind.POSTGRESQL) {
      FreeRowListener ears = new FreeRowListener(source, dialect.tables, made::wake);
      listener = ears;
      threads.start("listener", ears::run);
    }
  }

  private List<Poller.Errand> errands(DeliveryFeed lanes, Claiming claiming) {
    return List.of(
        this::freeStrays,
        () -> freeLostOnes(claiming),
        this::refreshPermissions,
        () -> updates.applyEarlyOnes().forEach(lanes::updated),
        () -> cancelling.answerRequests().forEach(lanes::cancelled),
        () -> batches.goOnCancelling().forEach(lanes::cancelled),
        () -> tellWhoWaits(lanes),
        () -> lagMillis = Math.max(0, clock.millis() - claiming.nextDue()));
  }

  private void freeStrays() throws SQLException {
    for (List<OwnedDeliveries.Stray> strays = owned.takeStrays(STRAYS_AT_ONCE);
        !strays.isEmpty();
        strays = owned.takeStrays(STRAYS_AT_ONCE)) {
      List<byte[]> keys = strays.stream().map(OwnedDeliveries.Stray::key).toList();
      long holder = strays.get(0).node();
      try {
        polling.inTransaction(connection -> dialect.free(connection, keys, holder));
      } catch (SQLException | RuntimeException e) {
        owned.addStrays(keys, holder);
        throw e;
      }
    }
  }

  /** After a claim that broke off: frees what this node holds by the table, but not here. */
  private void freeLostOnes(Claiming claiming) throws SQLException {
    if (!claiming.mayHaveLostSome()) {
      return;
    }
    long holder = lease.node();
    try {
      List<byte[]> lost =
          writer.whileNobodyWrites(connection -> notKnownHere(connection, holder), polling);
      owned.addStrays(lost, holder);
      freeStrays();
    } catch (SQLException | RuntimeException e) {
      claiming.stillMayHaveLostSome();
      throw e;
    }
  }

  private List<byte[]> notKnownHere(Connection connection, long holder) throws SQLException {
    List<byte[]> unknown = new ArrayList<>();
    String sql = "SELECT id FROM " + dialect.tables.queue() + " WHERE owner = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, holder);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          byte[] key = result.getBytes(1);
          if (owned.get(DeliveryKey.delivery(key)) == null) {
            unknown.add(key);
          }
        }
      }
    }
    return unknown;
  }

  private void refreshPermissions() throws SQLException {
    polling.inTransaction(
        connection -> {
          suppressions.refresh(connection);
          preferences.refresh(connection);
          return true;
        });
  }

  /** What somebody waits for here may have been settled by another node. */
  private void tellWhoWaits(DeliveryFeed lanes) {
    Collection<NotificationId> awaited = lanes.awaited();
    List<NotificationId> elsewhere = new ArrayList<>();
    for (NotificationId id : awaited) {
      if (elsewhere.size() < AWAITED_AT_ONCE && !isHeld(id)) {
        elsewhere.add(id);
      }
    }
    for (NotificationId id : elsewhere) {
      if (reader.find(id).filter(report -> report.status().isSettled()).isPresent()) {
        lanes.settledElsewhere(id);
      }
    }
  }

  private boolean isHeld(NotificationId id) {
    return owned.get(new DeliveryId(id, 0)) != null;
  }

  void wakePoller() {
    Poller made = poller;
    if (made != null) {
      made.wake();
    }
  }

  private void freeRowsWritten() {
    Poller made = poller;
    if (made != null) {
      made.freeRowsWritten();
    }
  }

  void stopPolling() {
    FreeRowListener ears = listener;
    if (ears != null) {
      ears.stop(); // it ends by the last hint, see close()
    }
    Poller made = poller;
    if (made != null) {
      made.stop();
      threads.join("poller", GRACE);
    }
  }

  // --- The end ----------------------------------------------------------------------------------

  /**
   * In the only right order: no new rows, what was settled is written, what is left is given back,
   * and only then the lease.
   */
  @Override
  public void close() {
    housekeeper.stop();
    stopPolling();
    threads.join("housekeeper", GRACE);
    writer.close();
    threads.join("writer", GRACE);
    threads.join("writer-aside", GRACE);
    settlements.close();
    threads.join("settler", GRACE);
    keeper.stop();
    if (threads.join("lease", GRACE)) {
      giveBack();
      leasing.close();
    } else { // whoever touches its connection might wait as long as it does
      log.warn("what this node holds is not given back: the others take it over in a while");
    }
    tellOthers();
    threads.join("listener", GRACE);
    closeConnections();
    shield.close();
    source.close();
  }

  private void giveBack() {
    try {
      int freed = 0;
      int more;
      do {
        more = lease.sweep(lease.node());
        freed += more;
      } while (more > 0);
      lease.release();
      log.info("node {} is closed; {} deliveries wait in the database", settings.nodeName(), freed);
    } catch (SQLException | RuntimeException | Error e) { // the connections are closed all the same
      log.warn(
          "what this node holds could not be given back; the others take it over when its lease has"
              + " ended",
          e);
    }
  }

  /** That there are free rows; which also wakes the listener of this node. */
  private void tellOthers() {
    if (listener == null) {
      return;
    }
    try {
      polling.inTransaction(
          connection -> {
            dialect.notifyFreeRows(connection);
            return true;
          });
    } catch (SQLException | RuntimeException e) {
      log.debug("the others find what was given back by looking", e);
    }
  }

  private void closeConnections() {
    writing.close();
    settling.close();
    polling.close();
    tidying.close();
  }
}
