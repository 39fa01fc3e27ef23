package dev.notifier.channel.email;

import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Map;
import java.util.Properties;

/** Sessions as an application has them. */
final class TestSessions {
  private TestSessions() {}

  /** A session without a login. */
  static Session of(int port, Map<String, String> more) {
    return Session.getInstance(properties(port, more));
  }

  /** A session whose authenticator knows the password of {@code shop}. */
  static Session loggingIn(int port, String password, Map<String, String> more) {
    Properties properties = properties(port, more);
    properties.setProperty("mail.smtp.auth", "true");
    return Session.getInstance(
        properties,
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("shop", password);
          }
        });
  }

  private static Properties properties(int port, Map<String, String> more) {
    Properties defaults = new Properties();
    defaults.setProperty("mail.smtp.host", "127.0.0.1");
    Properties properties = new Properties(defaults);
    properties.setProperty("mail.smtp.port", String.valueOf(port));
    properties.putAll(more);
    return properties;
  }
}
