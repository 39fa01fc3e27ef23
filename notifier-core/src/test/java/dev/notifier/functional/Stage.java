package dev.notifier.functional;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.spi.SteppedNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A stepped notifier on a standing clock, with three scripted channels: what most tests need. */
final class Stage {
  static final ChannelPolicy CALM =
      ChannelPolicy.builder().withoutBreakers().jitter(0).concurrency(1).build();
  static final DeliveryResult BUSY = DeliveryResult.transientFailure("451 busy");
  static final DeliveryResult REFUSED = DeliveryResult.permanentFailure("550 no");

  final StandingClock clock = new StandingClock();
  final ScriptedChannel email = new ScriptedChannel(clock);
  final ScriptedChannel sms = new ScriptedChannel(clock);
  final ScriptedChannel pager = new ScriptedChannel(clock);
  final SteppedNotifier notifier;

  private Stage(UnaryOperator<NotifierBuilder> settings) {
    NotifierBuilder builder =
        Notifier.builder()
            .discovery(false)
            .clock(clock)
            .defaultPolicy(CALM)
            .channel("email", email)
            .channel("sms", sms)
            .channel("pager", pager);
    this.notifier = settings.apply(builder).buildStepped();
  }

  static Stage open() {
    return open(builder -> builder);
  }

  static Stage open(UnaryOperator<NotifierBuilder> settings) {
    return new Stage(settings);
  }

  /** Opens a stage whose email channel has this policy. */
  static Stage withEmail(UnaryOperator<ChannelPolicy.Builder> policy) {
    return open(builder -> builder.policy("email", policy.apply(CALM.toBuilder()).build()));
  }

  static Recipient ada() {
    return Recipient.named("ada")
        .email("ada.lovelace@example.com")
        .sms("+4915112345678")
        .address("pager", "pager-of-ada");
  }

  static Notification.Builder toAda(String text) {
    return Notification.to(ada()).text(text);
  }

  static Notification.Builder byEmail(String text) {
    return toAda(text).via("email");
  }

  static Notification.Builder byEmailOrSms(String text) {
    return byEmail(text).orElse("sms");
  }

  Receipt send(Notification.Builder notification) {
    return notifier.send(notification.build());
  }

  /** Does what is due now, without moving the clock. */
  int run() {
    return notifier.runDue();
  }

  /** Moves the clock and does what has become due, all at once. */
  void advance(Duration time) {
    clock.advance(time);
    run();
  }

  /** Goes from one due time to the next until the end, and stays there. */
  void runUntil(Duration end) {
    Instant last = StandingClock.START.plus(end);
    runWhatIsDueBy(last);
    clock.set(last);
  }

  /** Goes on until nothing waits any more, at most for a month. */
  void runToTheEnd() {
    runWhatIsDueBy(StandingClock.START.plus(Duration.ofDays(31)));
  }

  private void runWhatIsDueBy(Instant last) {
    run();
    Optional<Instant> next = notifier.nextDue();
    while (next.isPresent() && !next.get().isAfter(last)) {
      clock.set(next.get().isAfter(clock.instant()) ? next.get() : clock.instant());
      run();
      next = notifier.nextDue();
    }
  }

  DeliveryReport delivery(Receipt receipt) {
    return delivery(receipt.id(), 0);
  }

  DeliveryReport delivery(NotificationId id, int leg) {
    return notifier.find(id).orElseThrow().deliveries().get(leg);
  }

  DeliveryStatus status(Receipt receipt) {
    return notifier.find(receipt.id()).orElseThrow().status();
  }

  ChannelStats stats(String channel) {
    return notifier.stats().channels().get(ChannelId.of(channel));
  }

  long count(String channel, ChannelStats.Event event) {
    return stats(channel).count(event);
  }
}
