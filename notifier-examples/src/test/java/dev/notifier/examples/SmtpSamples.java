package dev.notifier.examples;

import dev.notifier.channel.email.EmailChannel;
import dev.notifier.spi.ChannelFactory;
import jakarta.mail.Session;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The code that the guide to email shows of SMTP; see {@link GuideTest}. */
final class SmtpSamples {
  ChannelFactory failover() {
    // sample: emailFailover
    ChannelFactory email =
        EmailChannel.smtp("mail1.example.com", 587)
            .failover("mail2.example.com", 587)
            .credentials("user", "password")
            .trustStore(Path.of("/etc/shop/mail-ca.pem"))
            .from("Shop <no-reply@example.com>");
    // end
    return email;
  }

  ChannelFactory session(Session session) {
    // sample: emailSession
    ChannelFactory email =
        EmailChannel.session(session)
            .from("Shop <no-reply@example.com>")
            .bounceTo("bounces@example.com");
    // end
    return email;
  }

  ChannelFactory oauth2(Supplier<String> tokens) {
    // sample: emailOauth2
    ChannelFactory email =
        EmailChannel.smtp("smtp.gmail.com", 587)
            .oauth2("shop@example.com", () -> tokens.get())
            .from("Shop <shop@example.com>");
    // end
    return email;
  }
}
