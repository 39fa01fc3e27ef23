package dev.notifier.channel.telegram;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** The new ids of groups that became supergroups while this process ran. Thread-safe. */
final class Migrations {
  private final Cache<String, String> newIds =
      Caffeine.newBuilder()
          .maximumSize(10_000)
          .expireAfterAccess(Duration.ofDays(30))
          .executor(Runnable::run)
          .build();

  /** Returns the id by which a chat is reached now. */
  String current(String chat) {
    String moved = newIds.getIfPresent(chat);
    return moved == null ? chat : moved;
  }

  /** Remembers that a chat has moved. */
  void add(String oldChat, String newChat) {
    newIds.put(oldChat, newChat);
  }
}
