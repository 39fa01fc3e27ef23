package dev.notifier.examples;

import dev.notifier.Attachment;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.channel.sms.SmsChannel;
import dev.notifier.channel.telegram.TelegramChannel;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends a mixed set of notifications over real SMTP and shows what became of them.
 *
 * <p>What it has accepted lies in an H2 file. Killed in the middle and started again, it finishes
 * what it owed.
 *
 * <p>Without configuration it starts an SMTP server of its own on the loopback address. With {@code
 * NOTIFIER_EMAIL_HOST} and its kin set it sends through that server instead, to the address given
 * as the argument.
 */
public final class Quickstart {
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  /** So long after a run was killed the next one takes over: the shortest there is. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private Quickstart() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of("target", "quickstart");
    if (System.getenv("NOTIFIER_EMAIL_HOST") == null) {
      sendOnLoopback(directory.resolve("loopback"));
    } else if (arguments.length == 1) {
      sendThroughYourServer(arguments[0], directory.resolve("yours"));
    } else {
      System.err.println("NOTIFIER_EMAIL_HOST is set: give the address to send to as an argument");
      System.exit(2);
    }
  }

  static void sendOnLoopback(Path file) throws Exception {
    try (LoopbackMailServer server = LoopbackMailServer.start();
        LoopbackProviders providers = LoopbackProviders.start()) {
      System.out.println("An SMTP server listens on 127.0.0.1, port " + server.port());
      System.out.println("Twilio and Telegram are played by " + providers.url());
      NotifierBuilder builder =
          Notifier.builder()
              .channel(
                  EmailChannel.smtp("127.0.0.1", server.port())
                      .plaintext()
                      .from("Shop <no-reply@shop.example>"))
              .channel(
                  SmsChannel.twilio(LoopbackProviders.ACCOUNT_SID, LoopbackProviders.AUTH_TOKEN)
                      .baseUrl(providers.url())
                      .from("+14155550100"))
              .channel(TelegramChannel.bot(LoopbackProviders.BOT_TOKEN).baseUrl(providers.url()));
      deliver(builder, file, mixedSet(), true);
      server.printReceived();
    }
  }

  private static void sendThroughYourServer(String address, Path file) throws Exception {
    deliver(Notifier.builder().environment(), file, harmlessSet(address), false);
  }

  private static void deliver(
      NotifierBuilder builder, Path file, List<Notification> notifications, boolean isLoopback)
      throws InterruptedException {
    System.out.println("What is accepted lies in " + file + ".mv.db");
    builder
        .channel("pager", new ConsoleChannel())
        .listener(new ProgressPrinter())
        .store(
            JdbcNotificationStore.builder("jdbc:h2:file:" + file.toAbsolutePath(), null, null)
                .lease(LEASE)
                .build());
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (Notifier notifier = builder.build()) {
      if (isLoopback) {
        forgetRefusals(notifier);
      }
      LastRun lastRun = LastRun.of(notifier);
      if (!lastRun.owed().isEmpty()) {
        System.out.printf(
            "The last run was killed, and owes %d notifications still: they are sent as soon as its"
                + " lease of %d s has ended%n",
            lastRun.owed().size(), LEASE.toSeconds());
      }
      send(notifier, notifications, end);
      if (!lastRun.owed().isEmpty()) {
        lastRun.await(notifier, end);
        lastRun.print(notifier);
      }
    }
  }

  /** The store remembers whom a server does not know; here, every run wants to see it refused. */
  private static void forgetRefusals(Notifier notifier) {
    notifier
        .suppressions()
        .newest(100)
        .forEach(suppression -> notifier.suppressions().remove(suppression.target()));
  }

  private static void send(Notifier notifier, List<Notification> notifications, long end)
      throws InterruptedException {
    List<Receipt> receipts = new ArrayList<>();
    for (Notification notification : notifications) {
      receipts.add(notifier.send(notification));
    }
    for (Receipt receipt : receipts) {
      receipt.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    System.out.println();
    ResultTable.print(notifier, receipts.stream().map(Receipt::id).toList());
  }

  /** What works with anybody's server: nothing that is meant to fail. */
  private static List<Notification> harmlessSet(String address) {
    return List.of(
        Notification.to("email:" + address).subject("Hello").text("It works.").build(),
        Notification.to("email:" + address)
            .subject("Your invoice")
            .text("The invoice is attached.")
            .html("<p>The invoice is <b>attached</b>.</p>")
            .attach(invoice())
            .priority(Priority.HIGH)
            .build());
  }

  private static List<Notification> mixedSet() {
    List<Notification> all = new ArrayList<>();
    all.add(
        Notification.to("email:list@example.com")
            .subject("Newsletter")
            .text("Everything at half price.")
            .priority(Priority.LOW)
            .build());
    all.addAll(harmlessSet("ada@example.com"));
    all.add(
        Notification.to("email:" + LoopbackMailServer.FAILS_TWICE)
            .subject("Disk full — übermorgen ist Schluß")
            .text("This one fails twice, is retried after 1 and 5 seconds, and then goes out.")
            .priority(Priority.CRITICAL)
            .build());
    all.add(
        Notification.to("email:alan" + LoopbackMailServer.NOBODY_AT)
            .subject("To nobody")
            .text("The server refuses this address for good.")
            .build());
    all.add(
        Notification.to(
                Recipient.named("user-42")
                    .email("grace" + LoopbackMailServer.NOBODY_AT)
                    .address("pager", "42"))
            .via("email")
            .orElse("pager")
            .subject("Your order has shipped")
            .text("The e-mail address is refused, so the pager takes over.")
            .build());
    all.add(
        Notification.to(
                Recipient.named("user-7")
                    .email("barbara" + LoopbackMailServer.NOBODY_AT)
                    .sms(LoopbackProviders.BAD_NUMBER)
                    .telegram("129384"))
            .via("email")
            .orElse("sms")
            .orElse("telegram")
            .text("The e-mail address and the number are refused, so Telegram takes over.")
            .build());
    return all;
  }

  private static Attachment invoice() {
    byte[] csv = "item;price\nbook;12.00\n".getBytes(StandardCharsets.UTF_8);
    return Attachment.of("invoice.csv", "text/csv", csv);
  }
}
