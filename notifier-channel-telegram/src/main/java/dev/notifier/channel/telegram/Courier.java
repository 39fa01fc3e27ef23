package dev.notifier.channel.telegram;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.NoReply;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends the steps of a message in order, and on a retry goes on where it stopped. Thread-safe, as
 * long as no two attempts of one delivery are made at a time, which the engine sees to.
 */
final class Courier {
  /** As long as a notification lives, unless the notifier is set otherwise. */
  private static final Duration MEMORY = Duration.ofDays(5);

  private static final long MEMORY_BYTES = 64L * 1024 * 1024;

  private final BotApi api;
  private final Composer composer;
  private final ChatPace pace;
  private final Events events;
  private final Migrations migrations = new Migrations();
  private final Cache<DeliveryId, Progress> unfinished =
      Caffeine.newBuilder()
          .maximumWeight(MEMORY_BYTES)
          .weigher((DeliveryId delivery, Progress progress) -> progress.weight())
          .expireAfterWrite(MEMORY)
          .executor(Runnable::run)
          .build();

  Courier(BotApi api, Composer composer, ChatPace pace, Events events) {
    this.api = api;
    this.composer = composer;
    this.pace = pace;
    this.events = events;
  }

  /** Makes one attempt. */
  DeliveryResult send(DeliveryAttempt attempt) {
    Progress earlier = unfinished.getIfPresent(attempt.delivery());
    Progress progress = earlier != null ? earlier : Progress.start(composer.compose(attempt));
    while (!progress.isDone()) {
      Outcome outcome = sendNext(progress, attempt.address().value());
      progress = outcome.progress();
      if (outcome.failure().isPresent()) {
        return interrupted(attempt, progress, outcome.failure().get());
      }
    }
    if (earlier != null) {
      unfinished.invalidate(attempt.delivery());
    }
    return progress
        .firstMessageId()
        .map(DeliveryResult::accepted)
        .orElseGet(DeliveryResult::accepted);
  }

  private DeliveryResult interrupted(
      DeliveryAttempt attempt, Progress progress, DeliveryResult failure) {
    if (progress.sent() > 0) {
      unfinished.put(attempt.delivery(), progress);
    }
    return progress.explain(failure);
  }

  /** Where a step has led: further, or to a failure. */
  private record Outcome(Progress progress, Optional<DeliveryResult> failure) {
    static Outcome failed(Progress progress, DeliveryResult failure) {
      return new Outcome(progress, Optional.of(failure));
    }
  }

  private Outcome sendNext(Progress progress, String address) {
    String chat = migrations.current(address);
    Optional<DeliveryResult> obstacle = pace.obstacle(chat);
    if (obstacle.isPresent()) {
      return Outcome.failed(progress, obstacle.get());
    }
    HttpOutcome outcome = api.send(progress.next(), chat, progress.message(), progress.plain());
    if (outcome instanceof NoReply noReply) {
      return Outcome.failed(progress, noReply.result());
    }
    return judge(progress, address, chat, BotReply.of((HttpReply) outcome, api.redaction()));
  }

  private Outcome judge(Progress progress, String address, String chat, BotReply reply) {
    if (reply.isOk()) {
      return new Outcome(progress.afterOne(reply.messageId()), Optional.empty());
    }
    Optional<String> newChat = reply.migratedTo();
    if (newChat.isPresent() && chat.equals(address) && !newChat.get().equals(chat)) { // just once
      migrations.add(address, newChat.get());
      events.migrated(address, newChat.get());
      return new Outcome(progress, Optional.empty());
    }
    if (reply.blamesMarkup() && progress.hasMarkup()) {
      return new Outcome(progress.withoutMarkup(), Optional.empty());
    }
    return Outcome.failed(
        progress,
        reply.status() == 429
            ? pace.refused(chat, reply.retryAfter())
            : ReplyRules.resultOf(reply));
  }
}
