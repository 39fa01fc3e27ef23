package dev.notifier.channel.telegram;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners, and lets none of them harm a delivery. Thread-safe. */
final class Events {
  private static final Logger log = LoggerFactory.getLogger(TelegramChannel.class);

  private final List<TelegramListener> listeners;

  Events(List<TelegramListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void migrated(String oldChat, String newChat) {
    log.info("a group has become a supergroup and has a new chat id: see TelegramListener");
    tell(listener -> listener.chatMigrated(oldChat, newChat));
  }

  void blocked(String chat) {
    tell(listener -> listener.botBlocked(chat));
  }

  void admitted(String chat) {
    tell(listener -> listener.botAdmitted(chat));
  }

  private void tell(Consumer<TelegramListener> event) {
    for (TelegramListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        log.warn(
            "a Telegram listener threw {}", e.getClass().getName()); // its message may hold ids
      }
    }
  }
}
