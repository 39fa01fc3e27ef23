package dev.notifier.channel.telegram;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps to what Telegram allows: so many messages to a group, and none while a 429 is in force.
 *
 * <p>A 429 does not say whether the chat or the bot has had enough. The chat waits as long as
 * Telegram asks. The lane waits with it, but only a few seconds: then another chat is tried, and if
 * that is refused too, the bot is meant, and the lane waits the whole time. Thread-safe.
 */
final class ChatPace {
  /** How long one chat's 429 holds all the others up. */
  static final Duration FIRST_HOLD = Duration.ofSeconds(5);

  /** What a 429 means that says no time. */
  static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final int MAX_CHATS = 100_000;

  private final @Nullable RateLimit groupLimit;
  private final InstantSource clock;
  private final Cache<String, RecentSends> groups;
  private final Cache<String, Instant> closedUntil;

  // Guarded by this.
  private @Nullable String lastRefused;
  private Instant lastRefusedUntil = Instant.MIN;

  ChatPace(@Nullable RateLimit groupLimit, InstantSource clock) {
    this.groupLimit = groupLimit;
    this.clock = clock;
    Duration memory = groupLimit == null ? Duration.ofMinutes(1) : groupLimit.period();
    this.groups = bounded(memory.multipliedBy(2)).build();
    this.closedUntil = bounded(LONGEST_WAIT).build();
  }

  private static Caffeine<Object, Object> bounded(Duration memory) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_CHATS)
        .expireAfterAccess(memory)
        .executor(Runnable::run);
  }

  /** Takes leave to send one message to a chat, or says why not now. */
  Optional<DeliveryResult> obstacle(String chat) {
    Instant now = clock.instant();
    Instant closed = closedUntil.getIfPresent(chat);
    if (closed != null && now.isBefore(closed)) {
      return Optional.of(wait(closed, "Telegram has asked to wait with this chat (429)"));
    }
    return groupLimit != null && isGroup(chat)
        ? overGroupLimit(chat, groupLimit, now)
        : Optional.empty();
  }

  /** A user's id is above zero; a name belongs to a group or a channel. */
  private static boolean isGroup(String chat) {
    return chat.startsWith("-") || chat.startsWith("@");
  }

  private Optional<DeliveryResult> overGroupLimit(String chat, RateLimit limit, Instant now) {
    return groups
        .get(chat, key -> new RecentSends(limit))
        .tryAcquire(now)
        .map(
            free -> wait(free, "the group's limit of " + limit.permits() + " messages is used up"));
  }

  private static DeliveryResult wait(Instant until, String reason) {
    return DeliveryResult.deferred(until, Obstacle.RECIPIENT_LIMIT, reason);
  }

  /** Takes note of a 429, and returns what follows for the delivery and the lane. */
  synchronized DeliveryResult refused(String chat, Optional<Duration> retryAfter) {
    Instant now = clock.instant();
    Duration wait = shorter(retryAfter.orElse(DEFAULT_WAIT), LONGEST_WAIT);
    Instant until = now.plus(wait);
    boolean botIsMeant =
        lastRefused != null && !lastRefused.equals(chat) && now.isBefore(lastRefusedUntil);
    closedUntil.put(chat, until);
    lastRefused = chat;
    lastRefusedUntil = until;
    Instant laneUntil = botIsMeant ? until : now.plus(shorter(wait, FIRST_HOLD));
    String reason = "429 Too Many Requests: retry after " + wait.toSeconds() + " s";
    return DeliveryResult.deferred(laneUntil, Obstacle.CHANNEL_LIMIT, reason);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
