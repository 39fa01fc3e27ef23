package dev.notifier.examples;

import dev.notifier.ChannelPreview;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.channel.sms.SmsChannel;
import dev.notifier.channel.telegram.TelegramChannel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Confirms an order in two languages over e-mail, SMS and Telegram, by the template {@code
 * templates/order-confirmation.template} of the class path.
 */
public final class OrderConfirmation {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private record Item(String name, int count, boolean gift) {}

  private OrderConfirmation() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws Exception {
    try (LoopbackMailServer mail = LoopbackMailServer.start();
        LoopbackProviders providers = LoopbackProviders.start();
        Notifier notifier = notifier(mail, providers)) {
      List<Receipt> receipts = new ArrayList<>();
      for (Locale locale : List.of(Locale.UK, Locale.forLanguageTag("de-AT"))) {
        Notification confirmation = confirmation(locale);
        notifier.preview(confirmation).forEach(OrderConfirmation::print);
        receipts.add(notifier.send(confirmation));
      }
      for (Receipt receipt : receipts) {
        System.out.println(receipt.await(PATIENCE).orElseThrow().status());
      }
      mail.printReceived();
    }
  }

  private static Notifier notifier(LoopbackMailServer mail, LoopbackProviders providers) {
    return Notifier.builder()
        .channel(EmailChannel.smtp("127.0.0.1", mail.port()).plaintext().from("shop@example.com"))
        .channel(
            SmsChannel.twilio(LoopbackProviders.ACCOUNT_SID, LoopbackProviders.AUTH_TOKEN)
                .baseUrl(providers.url())
                .from("+14155550100"))
        .channel(TelegramChannel.bot(LoopbackProviders.BOT_TOKEN).baseUrl(providers.url()))
        .templatesOnClassPath("templates")
        .build();
  }

  private static Notification confirmation(Locale locale) {
    Map<String, ?> order =
        Map.of(
            "shop",
            "Paper & Ink",
            "order",
            1001,
            "total",
            new BigDecimal("1049.90"),
            "due",
            LocalDate.of(2026, 3, 2),
            "items",
            List.of(new Item("Pen <fine>", 2, false), new Item("Desk", 1, true)));
    Recipient reader =
        Recipient.named("user-42")
            .email("ada@example.com")
            .sms("+4915112345678")
            .telegram("129384");
    return Notification.to(reader.locale(locale))
        .viaAll("email", "sms", "telegram")
        .template("order-confirmation", order)
        .build();
  }

  private static void print(ChannelPreview preview) {
    System.out.println("--- " + preview.channel() + " " + preview.notes() + preview.warnings());
    preview.content().subject().ifPresent(System.out::println);
    preview.content().text().or(preview.content()::html).ifPresent(System.out::println);
  }
}
