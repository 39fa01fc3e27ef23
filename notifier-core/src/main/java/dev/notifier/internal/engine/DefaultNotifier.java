package dev.notifier.internal.engine;

import dev.notifier.Analytics;
import dev.notifier.Batch;
import dev.notifier.BatchRun;
import dev.notifier.Batches;
import dev.notifier.Callbacks;
import dev.notifier.ChannelHealth;
import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelHealth.State;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelPreview;
import dev.notifier.ChannelStats;
import dev.notifier.DeadLetters;
import dev.notifier.History;
import dev.notifier.HistoryQuery;
import dev.notifier.HostTransaction;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.NotifierHealth;
import dev.notifier.NotifierStats;
import dev.notifier.Page;
import dev.notifier.Preferences;
import dev.notifier.Receipt;
import dev.notifier.Schedules;
import dev.notifier.ShutdownReport;
import dev.notifier.Suppressions;
import dev.notifier.Templates;
import dev.notifier.Verification;
import dev.notifier.internal.delivery.Announcer;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.delivery.ConfiguredChannel;
import dev.notifier.internal.delivery.DeliveryWorker;
import dev.notifier.internal.delivery.Permissions;
import dev.notifier.internal.delivery.SettlementRules;
import dev.notifier.internal.engine.NotifierSettings.ChannelSetting;
import dev.notifier.internal.event.Listeners;
import dev.notifier.internal.event.Outcomes;
import dev.notifier.internal.resilience.PauseGate;
import dev.notifier.internal.schedule.Scheduler;
import dev.notifier.internal.schedule.StoredSchedules;
import dev.notifier.internal.store.InMemoryPreferenceStore;
import dev.notifier.internal.store.InMemoryScheduleStore;
import dev.notifier.internal.store.InMemoryTemplateStore;
import dev.notifier.internal.template.StoredTemplates;
import dev.notifier.internal.template.TemplateLibrary;
import dev.notifier.internal.template.TemplateRenderer;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.SteppedNotifier;
import dev.notifier.spi.TemplateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The notifier: puts its parts together, and passes each call on to the part that answers it. */
public final class DefaultNotifier implements SteppedNotifier {
  private static final Logger log = LoggerFactory.getLogger(DefaultNotifier.class);
  private final NotificationStore store;
  private final Channels channels;
  private final Lanes lanes;
  private final Outcomes outcomes;
  private final StoreFeed feed;
  private final Intake intake;
  private final BatchSender batchSender;
  private final Batches batches;
  private final Resending resending;
  private final TemplateRenderer renderer;
  private final Previews previews;
  private final Templates templates;
  private final Callbacks callbacks;
  private final Preferences preferences;
  private final Schedules schedules;
  private final Engine engine;
  private final InstantSource clock;
  private volatile boolean closed;
  private @Nullable ShutdownReport shutdownReport; // Guarded by this.

  private DefaultNotifier(NotifierSettings settings) {
    store = settings.store();
    clock = store.clock(settings.clock());
    Listeners listeners = new Listeners(settings.listeners());
    channels = channels(settings, listeners, clock);
    lanes = new Lanes(channels, clock);
    outcomes = new Outcomes(store);
    Announcer announcer = new Announcer(store, channels, listeners, outcomes);
    feed = new StoreFeed(channels, lanes, listeners, announcer, outcomes, clock);
    TemplateStore templateStore = store.templates().orElseGet(InMemoryTemplateStore::new);
    TemplateLibrary library =
        new TemplateLibrary(
            templateStore,
            settings.templates().classPath(),
            settings.templates().directory(),
            clock);
    renderer = new TemplateRenderer(library);
    previews = new Previews(channels);
    templates =
        new StoredTemplates(templateStore, library, new Specimens(previews, renderer)::of, clock);
    intake = new Intake(channels, lanes, store, listeners, announcer, clock, renderer::render);
    StoredBatches stored = new StoredBatches(store.batches(), feed::cancelled);
    batchSender = new BatchSender(intake, outcomes, store.batches(), clock, stored::cancel);
    batches = stored;
    resending = new Resending(store, again -> receiptOf(intake.accept(again)));
    callbacks = new CallbackIntake(channels, store, listeners);
    SettlementRules rules =
        new SettlementRules(
            id -> channels.get(id).policy(), settings.longestLife(), settings.random());
    PreferenceStore preferenceStore = store.preferences().orElseGet(InMemoryPreferenceStore::new);
    Permissions permissions = new Permissions(store, preferenceStore, settings.optInCategories());
    preferences = new StoredPreferences(preferenceStore, permissions, channels, clock);
    DeliveryWorker worker =
        new DeliveryWorker(store, channels, permissions, rules, announcer, lanes, clock);
    ScheduleStore scheduleStore =
        store.schedules().orElseGet(() -> new InMemoryScheduleStore(store::insert));
    Scheduler scheduler = new Scheduler(scheduleStore, intake, settings.runs(), clock);
    schedules = new StoredSchedules(scheduleStore, scheduler, intake, settings.runs(), clock);
    engine = new Engine(lanes, worker, scheduler, clock, store.horizon().isEmpty());
  }

  private static Channels channels(
      NotifierSettings settings, Listeners listeners, InstantSource clock) {
    if (settings.channels().isEmpty()) {
      ChannelSetting log =
          new ChannelSetting(ChannelId.of("log"), new LogChannel(), ChannelPolicy.defaults());
      return Channels.standIn(configure(log, settings, listeners, clock));
    }
    return Channels.of(
        settings.channels().stream()
            .map(channel -> configure(channel, settings, listeners, clock))
            .toList());
  }

  private static ConfiguredChannel configure(
      ChannelSetting channel, NotifierSettings settings, Listeners listeners, InstantSource clock) {
    return new ConfiguredChannel(
        channel.id(),
        channel.channel(),
        channel.policy(),
        settings.interceptors(),
        listeners,
        settings.store(),
        clock);
  }

  /** Returns a notifier whose work is done when it is told to. */
  public static SteppedNotifier stepped(NotifierSettings settings) {
    DefaultNotifier notifier = new DefaultNotifier(settings);
    notifier.store.start(notifier.feed);
    return notifier;
  }

  /** Returns a notifier whose workers are running. */
  public static DefaultNotifier started(NotifierSettings settings) {
    DefaultNotifier notifier = new DefaultNotifier(settings);
    notifier.engine.start(settings.name(), notifier.channels.all());
    notifier.store.start(notifier.feed);
    notifier.engine.startScheduler(settings.name());
    return notifier;
  }

  // --- Sending ----------------------------------------------------------------------------------

  @Override
  public Receipt send(Notification notification) {
    return receiptOf(intake.accept(Objects.requireNonNull(notification, "notification")));
  }

  @Override
  public CompletionStage<Receipt> sendAsync(Notification notification) {
    Objects.requireNonNull(notification, "notification");
    try {
      return intake.acceptAsync(notification).thenApply(this::receiptOf);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Receipt send(Notification notification, HostTransaction transaction) {
    Objects.requireNonNull(notification, "notification");
    return receiptOf(
        intake.accept(notification, Objects.requireNonNull(transaction, "transaction")));
  }

  @Override
  public BatchRun sendAll(Batch batch) {
    return batchSender.send(Objects.requireNonNull(batch, "batch"), engine.isThreaded());
  }

  private Receipt receiptOf(Intake.Accepted accepted) {
    return new DefaultReceipt(accepted.id(), accepted.duplicate(), outcomes);
  }

  @Override
  public boolean cancel(NotificationId id) {
    Cancellation cancellation = store.cancel(Objects.requireNonNull(id, "id"));
    cancellation.cancelled().forEach(feed::cancelled);
    return cancellation.isComplete();
  }

  @Override
  public Receipt resend(NotificationId id) {
    return resending.resend(Objects.requireNonNull(id, "id"));
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<NotificationReport> find(NotificationId id) {
    return store.find(Objects.requireNonNull(id, "id"));
  }

  @Override
  public Page<NotificationReport> search(HistoryQuery query) {
    return store.search(Objects.requireNonNull(query, "query"));
  }

  @Override
  public Batches batches() {
    return batches;
  }

  @Override
  public Suppressions suppressions() {
    return new StoredSuppressions(store, channels, clock);
  }

  @Override
  public Preferences preferences() {
    return preferences;
  }

  @Override
  public DeadLetters deadLetters() {
    return new StoredDeadLetters(store, resending, history());
  }

  @Override
  public History history() {
    return new StoredHistory(store, clock);
  }

  @Override
  public Templates templates() {
    return templates;
  }

  @Override
  public List<ChannelPreview> preview(Notification notification) {
    return previews.of(renderer.render(Objects.requireNonNull(notification, "notification")));
  }

  @Override
  public Map<ChannelId, Verification> verify() {
    Map<ChannelId, Verification> verifications = new TreeMap<>();
    for (ConfiguredChannel channel : channels.all()) {
      verifications.put(channel.id(), verify(channel));
    }
    return verifications;
  }

  private static Verification verify(ConfiguredChannel channel) {
    try {
      return channel.channel().verify();
    } catch (Throwable e) { // one channel's fault must not hide what the others answer
      return new Verification(
          Verification.Verdict.UNKNOWN, "verify() threw " + e.getClass().getName());
    }
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public Callbacks callbacks() {
    return callbacks;
  }

  @Override
  public Analytics analytics() {
    return new StoredAnalytics(store, channels, clock);
  }

  @Override
  public NotifierStats stats() {
    Map<ChannelId, ChannelStats> stats = new TreeMap<>();
    for (ConfiguredChannel channel : channels.all()) {
      stats.put(channel.id(), statsOf(channel, lanes.of(channel.id())));
    }
    return new NotifierStats(stats, intake.duplicates());
  }

  private static ChannelStats statsOf(ConfiguredChannel channel, Lane lane) {
    Lane.Load load = lane.load();
    return new ChannelStats(
        load.waiting(),
        load.delayed(),
        load.busy(),
        channel.policy().capacity(),
        lane.oldestWait(),
        channel.counters().snapshot());
  }

  @Override
  public NotifierHealth health() {
    Map<ChannelId, ChannelHealth> health = new TreeMap<>();
    for (ConfiguredChannel channel : channels.all()) {
      health.put(channel.id(), healthOf(channel, lanes.of(channel.id())));
    }
    return new NotifierHealth(!closed, health, store.health());
  }

  private static ChannelHealth healthOf(ConfiguredChannel channel, Lane lane) {
    Optional<PauseGate.Pause> pause = channel.pause().pause();
    Breaker breaker = channel.breaker().state();
    State state =
        pause.isPresent() ? State.PAUSED : breaker == Breaker.OPEN ? State.FAILING : State.UP;
    String reason =
        pause
            .map(PauseGate.Pause::reason)
            .orElse(breaker == Breaker.OPEN ? "its circuit breaker is open" : "");
    Lane.Load load = lane.load();
    return new ChannelHealth(
        state,
        reason,
        breaker,
        pause.map(PauseGate.Pause::until),
        channel.counters().lastAccepted(),
        load.waiting() + load.delayed(),
        lane.oldestWait());
  }

  // --- Stepping ---------------------------------------------------------------------------------

  @Override
  public int runDue() {
    return engine.runDue();
  }

  @Override
  public Optional<Instant> nextDue() {
    return engine.nextDue();
  }

  // --- Closing ----------------------------------------------------------------------------------

  @Override
  public synchronized ShutdownReport close(Duration timeout) {
    if (shutdownReport == null) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("timeout must not be negative, but was " + timeout);
      }
      closed = true;
      shutdownReport = shutDown(timeout);
    }
    return shutdownReport;
  }

  /** In the only right order: no new work, the workers home, and only then what they use. */
  private ShutdownReport shutDown(Duration timeout) {
    stopStore();
    ShutdownReport left =
        engine.shutDown(timeout, () -> channels.all().forEach(DefaultNotifier::close));
    outcomes.close();
    closeStore();
    if (left.isClean()) {
      log.info("closed; nothing was left");
    } else {
      log.warn("closed after {}; left behind: {}", timeout, left);
    }
    return left;
  }

  private static void close(ConfiguredChannel channel) {
    try {
      channel.channel().close();
    } catch (Throwable e) { // even an error of foreign code must not leave the rest open
      log.warn("channel {} did not close: {}", channel.id(), e.getClass().getName());
    }
  }

  private void stopStore() {
    try {
      store.stop();
    } catch (RuntimeException e) {
      log.error("the store did not stop bringing deliveries", e);
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException e) {
      log.error("the store did not close", e);
    }
  }
}
