package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.time.Duration;

/** Runs in a class loader that has no HikariCP. */
public final class WithoutPool {
  private WithoutPool() {}

  /** Returns what a store made from a URL says then. */
  public static String message() {
    try {
      ConnectionSource.of(new JdbcUrl("jdbc:h2:mem:x"), "sa", "", Duration.ZERO).close();
      return "no failure";
    } catch (ConfigurationException e) {
      return e.getMessage();
    }
  }
}
