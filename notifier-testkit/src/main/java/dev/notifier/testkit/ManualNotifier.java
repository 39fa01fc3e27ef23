package dev.notifier.testkit;

import dev.notifier.Analytics;
import dev.notifier.Batch;
import dev.notifier.BatchRun;
import dev.notifier.Batches;
import dev.notifier.Callbacks;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelPreview;
import dev.notifier.DeadLetters;
import dev.notifier.History;
import dev.notifier.HistoryQuery;
import dev.notifier.HostTransaction;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
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
import dev.notifier.spi.SteppedNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * A notifier without threads and with a clock of its own, for tests: nothing is delivered until the
 * test says so, and hours of retries pass in no time.
 *
 * <pre>{@code
 * ScriptedChannel sms = new ScriptedChannel().then(transientFailure("busy")).thenAlways(accepted());
 * ManualNotifier notifier = ManualNotifier.create(builder -> builder.channel("sms", sms));
 * Receipt receipt = notifier.send(notification);
 *
 * notifier.tick(Duration.ofSeconds(9));   // the retry of a NORMAL notification is due after 10 s
 * notifier.tick(Duration.ofSeconds(1));   // now it is made, and accepted
 * }</pre>
 *
 * <p>So that runs are alike, the default policy has no jitter and no circuit breakers, and channels
 * are not looked for on the class path. The configuration may set all of that otherwise. A {@link
 * dev.notifier.RetryPolicy} that it brings has its own jitter, ±20 % unless it says {@code
 * withJitter(0)}; {@code ChannelPolicy.builder().retry(...).jitter(0)}, in this order, does the
 * same. Breakers and rate limits measure real time, not the clock of this notifier.
 *
 * <p>One thread at a time may step it. {@link Receipt#await} waits for real: step first.
 */
public final class ManualNotifier implements SteppedNotifier {
  private static final ChannelPolicy PREDICTABLE =
      ChannelPolicy.builder().jitter(0).withoutBreakers().build();

  /** Two months of waits of a minute each; what needs more will never end. */
  private static final int MOST_STEPS = 100_000;

  private final SteppedNotifier notifier;
  private final SettableClock clock;

  private ManualNotifier(SteppedNotifier notifier, SettableClock clock) {
    this.notifier = notifier;
    this.clock = clock;
  }

  /**
   * Makes a notifier whose clock stands at {@link SettableClock#START}.
   *
   * @param configuration adds channels, a store, policies; a clock that it sets is not used
   * @throws dev.notifier.ConfigurationException as {@link NotifierBuilder#build} does
   */
  public static ManualNotifier create(UnaryOperator<NotifierBuilder> configuration) {
    return create(new SettableClock(), configuration);
  }

  /** Makes a notifier on a clock that others may read or move as well. */
  public static ManualNotifier create(
      SettableClock clock, UnaryOperator<NotifierBuilder> configuration) {
    NotifierBuilder predictable = Notifier.builder().discovery(false).defaultPolicy(PREDICTABLE);
    return new ManualNotifier(configuration.apply(predictable).clock(clock).buildStepped(), clock);
  }

  /** Returns the clock by which deliveries are due. */
  public SettableClock clock() {
    return clock;
  }

  // --- Stepping ---------------------------------------------------------------------------------

  /** Makes every run of a schedule and every attempt that is due now; the clock stands still. */
  @Override
  public int runDue() {
    return notifier.runDue();
  }

  @Override
  public Optional<Instant> nextDue() {
    return notifier.nextDue();
  }

  /**
   * Lets time pass. The clock stops at every instant at which something is due, so that each
   * attempt is made exactly then; at the end it has moved by {@code time}.
   *
   * @return how many deliveries were worked on
   * @throws IllegalArgumentException if {@code time} is negative
   * @throws IllegalStateException if there is no end after 100,000 stops
   */
  public int tick(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time must not be negative, but was " + time);
    }
    Instant end = clock.instant().plus(time);
    int total = runUntil(end);
    clock.advanceTo(end);
    return total;
  }

  /**
   * Lets time pass, as {@link #tick} does, until nothing waits any more. The clock ends at the last
   * attempt. A schedule without an end always waits: use {@link #tick}.
   *
   * @return how many deliveries were worked on
   * @throws IllegalArgumentException if {@code atMost} is negative
   * @throws AssertionError if something still waits after that much time
   * @throws IllegalStateException if there is no end after 100,000 stops
   */
  public int runUntilSettled(Duration atMost) {
    if (atMost.isNegative()) {
      throw new IllegalArgumentException("atMost must not be negative, but was " + atMost);
    }
    int total = runUntil(clock.instant().plus(atMost));
    nextDue().ifPresent(next -> failAsUnsettled(atMost, next));
    return total;
  }

  private void failAsUnsettled(Duration atMost, Instant next) {
    throw new AssertionError(
        "something still waits after " + atMost + ": it is due at " + next + "; " + stats());
  }

  private int runUntil(Instant end) {
    int total = runDue();
    Optional<Instant> next = nextDueBy(end);
    for (int steps = 0; next.isPresent(); steps++) {
      checkSteps(steps, next.get());
      clock.advanceTo(next.get());
      total += runDue();
      next = nextDueBy(end);
    }
    return total;
  }

  private Optional<Instant> nextDueBy(Instant end) {
    return nextDue().filter(next -> !next.isAfter(end));
  }

  private static void checkSteps(int steps, Instant next) {
    if (steps == MOST_STEPS) {
      throw new IllegalStateException(
          "there is no end after "
              + MOST_STEPS
              + " stops of the clock; the next one is at "
              + next
              + ": does a channel defer for ever?");
    }
  }

  // --- As any notifier --------------------------------------------------------------------------

  @Override
  public Receipt send(Notification notification) {
    return notifier.send(notification);
  }

  @Override
  public Receipt send(Notification notification, HostTransaction transaction) {
    return notifier.send(notification, transaction);
  }

  @Override
  public CompletionStage<Receipt> sendAsync(Notification notification) {
    return notifier.sendAsync(notification);
  }

  @Override
  public BatchRun sendAll(Batch batch) {
    return notifier.sendAll(batch);
  }

  @Override
  public Batches batches() {
    return notifier.batches();
  }

  @Override
  public boolean cancel(NotificationId id) {
    return notifier.cancel(id);
  }

  @Override
  public Receipt resend(NotificationId id) {
    return notifier.resend(id);
  }

  @Override
  public Optional<NotificationReport> find(NotificationId id) {
    return notifier.find(id);
  }

  @Override
  public Page<NotificationReport> search(HistoryQuery query) {
    return notifier.search(query);
  }

  @Override
  public Suppressions suppressions() {
    return notifier.suppressions();
  }

  @Override
  public Preferences preferences() {
    return notifier.preferences();
  }

  @Override
  public DeadLetters deadLetters() {
    return notifier.deadLetters();
  }

  @Override
  public History history() {
    return notifier.history();
  }

  @Override
  public Templates templates() {
    return notifier.templates();
  }

  @Override
  public List<ChannelPreview> preview(Notification notification) {
    return notifier.preview(notification);
  }

  @Override
  public Map<ChannelId, Verification> verify() {
    return notifier.verify();
  }

  @Override
  public Callbacks callbacks() {
    return notifier.callbacks();
  }

  @Override
  public Schedules schedules() {
    return notifier.schedules();
  }

  @Override
  public Analytics analytics() {
    return notifier.analytics();
  }

  @Override
  public NotifierStats stats() {
    return notifier.stats();
  }

  @Override
  public NotifierHealth health() {
    return notifier.health();
  }

  /** Makes the attempts that are due, then closes. It does not wait. */
  @Override
  public ShutdownReport close(Duration timeout) {
    return notifier.close(timeout);
  }
}
