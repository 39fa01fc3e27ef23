package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.HistoryQuery;
import dev.notifier.HostTransaction;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.OnAmbiguity;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.StoreException;
import dev.notifier.StoreHealth;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.BatchStore;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.Submission;
import dev.notifier.spi.TemplateStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps notifications in a database: H2, PostgreSQL, MariaDB or MySQL. What {@code send} has
 * accepted is committed; no crash of a process, a machine or the database loses it. Any number of
 * processes may share one database.
 *
 * <p>What is due soon lies in the lanes of the process that accepted it, and is written twice only:
 * when it is accepted and when it is settled, each time together with many others. The rest, and
 * what a dead process held, is free for whichever process has room.
 *
 * <p>It keeps four connections (five on PostgreSQL) for itself, whatever the number of workers, and
 * borrows others for a moment to answer questions. Thread-safe.
 */
public final class JdbcNotificationStore implements NotificationStore {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final JdbcSettings settings;
  private final Node node;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JdbcNotificationStore(JdbcSettings settings, Node node) {
    this.settings = settings;
    this.node = node;
  }

  /**
   * Opens a store with default settings on the application's own DataSource, which stays the
   * application's to close.
   *
   * @throws dev.notifier.NotifierException if the database is away, or its tables are not what they
   *     must be; the message says what to do
   */
  public static JdbcNotificationStore on(DataSource dataSource) {
    return open(JdbcSettings.on(dataSource).build());
  }

  /** Starts the settings of a store on the application's own DataSource. */
  public static JdbcStoreBuilder builder(DataSource dataSource) {
    return new JdbcStoreBuilder(JdbcSettings.on(dataSource));
  }

  /**
   * Starts the settings of a store that makes a pool of connections for itself.
   *
   * @param url such as {@code jdbc:h2:file:./notifier}
   */
  public static JdbcStoreBuilder builder(
      String url, @Nullable String user, @Nullable String password) {
    return new JdbcStoreBuilder(JdbcSettings.on(url, user, password));
  }

  static JdbcNotificationStore open(JdbcSettings settings) {
    ConnectionSource source = settings.connect();
    try {
      return new JdbcNotificationStore(settings, Node.open(settings, source));
    } catch (SQLException e) {
      source.close();
      throw Failures.failed("open the store", e);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  // --- Life -------------------------------------------------------------------------------------

  @Override
  public Optional<Duration> horizon() {
    return Optional.of(settings.horizon());
  }

  @Override
  public InstantSource clock(InstantSource local) {
    return settings.correctsClock() ? node.clock() : local;
  }

  @Override
  public void start(DeliveryFeed feed) {
    node.startPolling(feed);
  }

  @Override
  public void stop() {
    node.stopPolling();
  }

  @Override
  public StoreHealth health() {
    return node.health();
  }

  // --- Accept -----------------------------------------------------------------------------------

  @Override
  public Optional<NotificationId> insert(Submission submission) {
    return node.writer().write(List.of(node.packing().pack(submission))).get(0);
  }

  @Override
  public CompletionStage<Optional<NotificationId>> insertAsync(Submission submission) {
    return node.writer()
        .writeAsync(node.packing().pack(submission))
        .thenApply(answers -> answers.get(0));
  }

  @Override
  public List<Optional<NotificationId>> insertAll(List<Submission> submissions) {
    return submissions.isEmpty()
        ? List.of()
        : node.writer().write(submissions.stream().map(node.packing()::pack).toList());
  }

  @Override
  public Optional<NotificationId> insert(Submission submission, HostTransaction transaction) {
    if (!(transaction instanceof JdbcTransaction own)) {
      return NotificationStore.super.insert(submission, transaction);
    }
    own.wakeUpBy(node::wakePoller);
    PackedSubmission packed = node.packing().pack(submission.withoutRoom());
    try {
      if (own.connection().getAutoCommit()) {
        throw new IllegalStateException(
            "the connection commits each statement by itself, so that there is no transaction to"
                + " take part in: call setAutoCommit(false) first");
      }
      return node.accepting().insert(own.connection(), List.of(packed)).get(0);
    } catch (SQLException e) {
      throw Failures.failed("insert the notification into your transaction", e);
    }
  }

  // --- Work -------------------------------------------------------------------------------------

  @Override
  public boolean claim(QueuedDelivery delivery) {
    OwnedDelivery owned = node.owned().get(delivery.id());
    if (owned == null || !mayWork(owned)) {
      return false;
    }
    return owned.claim(delivery);
  }

  /** Waits while the lease is in doubt or too much is unwritten; false if it is another's now. */
  private boolean mayWork(OwnedDelivery owned) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!node.lease().isTrusted(owned.node())) {
      if (owned.node() != node.lease().node()) {
        return false; // of an incarnation that has ended: it is free, or another's
      }
      if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
        throw new StoreException(
            "nothing is sent, because this process has lost touch with the database", null);
      }
      LockSupport.parkNanos(this, Duration.ofMillis(50).toNanos());
    }
    try {
      if (!node.settlements().awaitRoom(owned.newest().priority(), PATIENCE)) {
        throw new StoreException(
            "nothing is sent, because "
                + SettlementWriter.MAX_WAITING
                + " results wait for the"
                + " database already",
            null);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting for the database", e);
    }
  }

  @Override
  public boolean begin(DeliveryAttempt attempt) {
    OwnedDelivery owned = node.owned().get(attempt.delivery());
    if (owned == null
        || !owned.isSending(attempt.notification())
        || !node.lease().isTrusted(owned.node())) {
      return false;
    }
    return attempt.notification().onAmbiguity() != OnAmbiguity.GIVE_UP || mark(owned);
  }

  /** Writes that an attempt begins which must not be repeated; then looks again. */
  private boolean mark(OwnedDelivery owned) {
    if (owned.isUnwritten()) {
      node.settlements().awaitWritten(PATIENCE); // or the end of the last attempt unmarks this one
    }
    try {
      return node.shield().call(() -> node.marking().mark(owned))
          && node.lease().isTrusted(owned.node());
    } catch (SQLException e) {
      throw Failures.failed("record that an attempt begins", e);
    }
  }

  @Override
  public Optional<QueuedDelivery> settle(
      QueuedDelivery claimed, @Nullable AttemptReport attempt, Settlement settlement) {
    OwnedDelivery owned = node.owned().get(claimed.id());
    if (owned == null) {
      return Optional.empty(); // the lease was lost meanwhile, or this is a repeat
    }
    OwnedDelivery.Settled settled =
        owned.settle(claimed, attempt, settlement, node.clock().millis(), node::keeps);
    if (settled.mustBeWritten()) {
      node.settlements().add(owned);
    }
    return settled.next();
  }

  @Override
  public boolean owes(DeliveryId id) {
    OwnedDelivery owned = node.owned().get(id);
    if (owned != null) {
      return owned.owes();
    }
    return find(id.notification())
        .flatMap(report -> report.delivery(id))
        .filter(delivery -> !delivery.status().isSettled())
        .isPresent();
  }

  @Override
  public Cancellation cancel(NotificationId id) {
    try {
      return node.shield().call(() -> node.cancelling().cancel(id));
    } catch (SQLException e) {
      throw Failures.failed("cancel the notification", e);
    }
  }

  @Override
  public Optional<AppliedUpdate> update(ChannelId channel, DeliveryUpdate update) {
    node.settlements().awaitWritten(PATIENCE);
    try {
      return node.shield().call(() -> node.updates().apply(channel, update));
    } catch (SQLException e) {
      throw Failures.failed("record a provider's update", e);
    }
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<NotificationReport> find(NotificationId id) {
    OwnedDelivery only = node.owned().get(new DeliveryId(id, 0));
    if (only != null && only.isAlone() && only.knowsAllAttempts()) {
      return Optional.of(reportOf(only)); // nothing about it is anywhere else
    }
    awaitWritten();
    return read(() -> node.reader().find(id));
  }

  private <T> T read(Shield.Work<T> question) {
    return node.questions().guarded("answer", question);
  }

  private static NotificationReport reportOf(OwnedDelivery only) {
    QueuedDelivery delivery = only.newest();
    return new NotificationReport(
        delivery.id().notification(),
        delivery.notification(),
        delivery.acceptedAt(),
        List.of(only.report()));
  }

  /** What is settled here must be seen here, even if it is not written yet. */
  private void awaitWritten() {
    if (node.settlements().unwritten() > 0) {
      node.settlements().awaitWritten(PATIENCE);
    }
  }

  @Override
  public List<NotificationReport> deadLetters(int limit) {
    awaitWritten();
    return read(() -> node.reader().deadLetters(limit));
  }

  @Override
  public Page<NotificationReport> search(HistoryQuery query) {
    awaitWritten();
    return read(() -> node.reader().search(query));
  }

  @Override
  public AnalyticsSummary summarize(AnalyticsWindow window) {
    awaitWritten();
    return read(() -> node.counter().summarize(window));
  }

  @Override
  public List<AnalyticsStep> summarize(AnalyticsWindow window, Duration step) {
    awaitWritten();
    return read(() -> node.counter().summarize(window, step));
  }

  @Override
  public Map<NotificationId, NotificationId> replays(Collection<NotificationId> ids) {
    return node.questions()
        .ask("look for replays", connection -> node.dedup().replays(connection, ids));
  }

  @Override
  public PurgeStep purge(PurgeRequest request) {
    awaitWritten();
    return node.questions().guarded("purge the history", () -> node.forgetting().purge(request));
  }

  @Override
  public boolean forget(NotificationId id) {
    awaitWritten();
    return node.questions().guarded("forget the notification", () -> node.forgetting().forget(id));
  }

  @Override
  public int suppress(List<Suppression> added) {
    return node.questions().guarded("suppress", () -> node.suppressions().addAll(added));
  }

  @Override
  public boolean unsuppress(SuppressionTarget target) {
    return node.questions().guarded("lift a suppression", () -> node.suppressions().remove(target));
  }

  @Override
  public Optional<Suppression> suppression(SuppressionTarget target) {
    return node.questions()
        .guarded("look for a suppression", () -> node.suppressions().find(List.of(target)));
  }

  @Override
  public Optional<Suppression> suppression(Recipient recipient, Address address) {
    List<SuppressionTarget> candidates = node.suppressions().candidates(recipient, address);
    return candidates.isEmpty()
        ? Optional.empty()
        : node.questions()
            .guarded("look for a suppression", () -> node.suppressions().find(candidates));
  }

  @Override
  public Page<Suppression> suppressions(SuppressionQuery query) {
    return node.questions().guarded("list the suppressions", () -> node.suppressions().list(query));
  }

  @Override
  public Optional<PreferenceStore> preferences() {
    return Optional.of(node.preferences());
  }

  @Override
  public Optional<TemplateStore> templates() {
    return Optional.of(node.templates());
  }

  @Override
  public Optional<ScheduleStore> schedules() {
    return Optional.of(node.schedules());
  }

  @Override
  public BatchStore batches() {
    return node.batches();
  }

  /** Does at once what happens every second or a moment later, for tests. */
  void catchUp() {
    try {
      awaitWritten();
      node.updates().applyEarlyOnes();
    } catch (SQLException e) {
      throw Failures.failed("catch up", e);
    }
  }

  /** Returns what this process holds, for tests. */
  Node node() {
    return node;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      node.close();
    }
  }
}
