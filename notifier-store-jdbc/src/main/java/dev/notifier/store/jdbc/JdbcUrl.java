package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A JDBC URL as settings name it, completed with what the store needs of its driver. */
final class JdbcUrl {
  static final int CONNECT_SECONDS = 10;

  private static final Pattern LOGIN = Pattern.compile("(jdbc:[a-z0-9]+:|//)\\S*@");
  // To the end of the value; a value may hold anything but these two.
  private static final Pattern SECRET =
      Pattern.compile("(?i)([a-z0-9_.-]*(?:passw|pwd|secret|token|cipher)[a-z0-9_.-]*)=[^&;]*");

  private final String given;
  private final String completed;

  JdbcUrl(String given) {
    this(checked(given.strip()), withTimeouts(given.strip()));
  }

  private JdbcUrl(String given, String completed) {
    this.given = given;
    this.completed = completed;
  }

  private static String checked(String url) {
    if (driverToAdd(url).isEmpty()) {
      throw new ConfigurationException(
          "the URL of the database must start with jdbc:h2:, jdbc:postgresql:, jdbc:mariadb: or"
              + " jdbc:mysql:, but was "
              + oneLine(url));
    }
    return url;
  }

  private static String withTimeouts(String url) {
    String seconds = String.valueOf(CONNECT_SECONDS);
    if (url.startsWith("jdbc:mariadb:")) {
      return with(
          "?", with("?", url, "useBulkStmts", "true"), "connectTimeout", CONNECT_SECONDS + "000");
    }
    if (url.startsWith("jdbc:mysql:")) {
      return with("?", url, "connectTimeout", CONNECT_SECONDS + "000");
    }
    if (url.startsWith("jdbc:postgresql:")) {
      // The detail of an error may be the whole row, with all that the message says.
      String discreet = with("?", url, "logServerErrorDetail", "false");
      return with("?", with("?", discreet, "connectTimeout", seconds), "loginTimeout", seconds);
    }
    return url;
  }

  /**
   * Returns the URL with which an embedded H2 stays open until it is shut down: it neither closes
   * between two uses nor by its own shutdown hook, while the last notifications are being settled.
   */
  JdbcUrl keptOpen() {
    return isEmbeddedH2()
        ? new JdbcUrl(
            given,
            with(";", with(";", completed, "DB_CLOSE_DELAY", "-1"), "DB_CLOSE_ON_EXIT", "FALSE"))
        : this;
  }

  /** What the URL itself says wins. */
  private static String with(String separator, String url, String key, String value) {
    if (Pattern.compile("[;?&]" + key + "=", Pattern.CASE_INSENSITIVE).matcher(url).find()) {
      return url;
    }
    String before = separator.equals("?") && url.contains("?") ? "&" : separator;
    return url + before + key + "=" + value;
  }

  /** Tells whether the database runs inside this JVM, and so ends with us. */
  boolean isEmbeddedH2() {
    return given.startsWith("jdbc:h2:")
        && !given.startsWith("jdbc:h2:tcp:")
        && !given.startsWith("jdbc:h2:ssl:");
  }

  /** The URL for the driver. It may hold a password. */
  String forDriver() {
    return completed;
  }

  /** The library with the driver, for messages. */
  String driverToAdd() {
    return driverToAdd(given).orElseThrow();
  }

  private static Optional<String> driverToAdd(String url) {
    String[] parts = url.toLowerCase(Locale.ROOT).split(":", 3);
    if (parts.length < 3 || !parts[0].equals("jdbc")) {
      return Optional.empty();
    }
    return switch (parts[1]) {
      case "h2" -> Optional.of("com.h2database:h2");
      case "postgresql" -> Optional.of("org.postgresql:postgresql");
      case "mariadb" -> Optional.of("org.mariadb.jdbc:mariadb-java-client");
      case "mysql" -> Optional.of("com.mysql:mysql-connector-j");
      default -> Optional.empty();
    };
  }

  /** Returns a text without the passwords that a JDBC URL in it may hold. */
  static String redacted(String text) {
    String withoutLogin = LOGIN.matcher(text).replaceAll("$1***@");
    return SECRET.matcher(withoutLogin).replaceAll("$1=***");
  }

  /** The URL without its passwords, on one line. */
  @Override
  public String toString() {
    return oneLine(given);
  }

  private static String oneLine(String url) {
    return redacted(url).replaceAll("\\p{Cntrl}", "?");
  }
}
