package dev.notifier.examples;

import dev.notifier.channel.email.EmailChannel;
import dev.notifier.spi.ChannelFactory;
import jakarta.mail.Session;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

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

  ChannelFactory session() throws NamingException {
    // sample: emailSession
    Session session = (Session) new InitialContext().lookup("java:comp/env/mail/shop");
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
