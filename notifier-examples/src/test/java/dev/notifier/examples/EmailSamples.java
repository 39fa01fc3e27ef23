package dev.notifier.examples;

import dev.notifier.Attachment;
import dev.notifier.CallbackReply;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.channel.email.DkimSigner;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.channel.email.EmailOptions;
import dev.notifier.spi.ChannelFactory;
import java.nio.file.Path;

/** The code that the guide of email shows; see {@link GuideSamples}. */
final class EmailSamples {
  Notification newsletter() {
    // sample: emailOptions
    Notification newsletter =
        Notification.to("email:ada@example.com")
            .subject("News of May 🌱")
            .html("<p>Dear Ada, <img src=\"cid:flower\" alt=\"a flower\"></p>")
            .attach(Attachment.file(Path.of("flower.png")).inline("flower"))
            .attach(Attachment.file(Path.of("Programm für Mai.pdf")))
            .options(
                EmailOptions.create()
                    .toName("Ada Lovelace")
                    .replyTo("Editors <editors@example.com>")
                    .bcc("archive@example.com")
                    .oneClickUnsubscribe("https://example.com/unsubscribe/5f2a9c")
                    .header("X-Campaign", "2024-05"))
            .build();
    // end
    return newsletter;
  }

  ChannelFactory dkim() {
    // sample: emailDkim
    ChannelFactory email =
        EmailChannel.smtp("mail.example.com", 465)
            .implicitTls()
            .from("Shop <no-reply@example.com>")
            .bounceTo("bounces@example.com")
            .dkim(DkimSigner.file("example.com", "s2024", Path.of("/etc/shop/dkim.pem")));
    // end
    return email;
  }

  CallbackReply bounce(Notifier notifier, byte[] mail) {
    // sample: emailBounce
    CallbackReply reply = notifier.callbacks().accept("email", EmailChannel.bounceMail(mail));
    // end
    return reply;
  }
}
