package dev.notifier.examples;

import dev.notifier.Address;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Suppressions;
import dev.notifier.channel.telegram.TelegramChannel;
import dev.notifier.channel.telegram.TelegramListener;
import dev.notifier.channel.telegram.TelegramOptions;
import dev.notifier.channel.telegram.TelegramText;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The code that the guide to Telegram shows; see {@link GuideTest}. */
final class TelegramSamples {
  Notifier bot(String token) {
    // sample: telegramBot
    Notifier notifier =
        Notifier.builder()
            .channel(
                TelegramChannel.bot(token).linkPreview(false).callTimeout(Duration.ofMinutes(1)))
            .build();
    // end
    return notifier;
  }

  Notification message(String host) {
    // sample: telegramMessage
    Notification alert =
        Notification.to("telegram:129384")
            .html("<b>Disk full</b> on <code>" + TelegramText.escapeHtml(host) + "</code>")
            .options(
                TelegramOptions.create()
                    .silent(true)
                    .topic(7)
                    .photo("https://charts.example.com/disk.png")
                    .replyMarkup(
                        Map.of(
                            "inline_keyboard",
                            List.of(
                                List.of(Map.of("text", "Open", "url", "https://example.com"))))))
            .build();
    // end
    return alert;
  }

  TelegramListener listener(Map<String, String> addresses, Suppressions suppressions) {
    AddressBook addressBook =
        (oldId, newId) -> addresses.put(newId, String.valueOf(addresses.remove(oldId)));
    // sample: telegramListener
    TelegramListener listener =
        new TelegramListener() {
          @Override
          public void chatMigrated(String oldChatId, String newChatId) {
            addressBook.replace(oldChatId, newChatId);
          }

          @Override
          public void botBlocked(String chatId) {
            suppressions.add(Address.parse("telegram:" + chatId), "has blocked the bot");
          }

          @Override
          public void botAdmitted(String chatId) {
            suppressions.remove(Address.parse("telegram:" + chatId));
          }
        };
    // end
    return listener;
  }

  /** Where an application keeps chat ids. */
  interface AddressBook {
    void replace(String oldId, String newId);
  }
}
