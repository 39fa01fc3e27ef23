package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection of its own at every call, by a URL. Nothing that fails here tells the password, not
 * even a driver that repeats its URL.
 */
final class UrlDataSource implements DataSource {
  /** Shorter ones would also be found in harmless words. */
  private static final int SHORTEST_FOUND = 4;

  private final JdbcUrl url;
  private final @Nullable String user;
  private final @Nullable String password;
  private final Driver driver;

  UrlDataSource(JdbcUrl url, @Nullable String user, @Nullable String password) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.driver = driver(url);
  }

  private static Driver driver(JdbcUrl url) {
    try {
      return DriverManager.getDriver(url.forDriver());
    } catch (SQLException e) {
      // Not as the cause: it repeats the URL.
      throw new ConfigurationException(
          "no driver for " + url + ": add " + url.driverToAdd() + " to the class path");
    }
  }

  JdbcUrl url() {
    return url;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Properties properties = new Properties();
    put(properties, "user", user);
    put(properties, "password", password);
    try {
      Connection connection = driver.connect(url.forDriver(), properties);
      if (connection == null) {
        throw new SQLException("the driver does not take the URL", "08001");
      }
      return connection;
    } catch (SQLException e) {
      throw withoutSecrets(e);
    }
  }

  private static void put(Properties properties, String key, @Nullable String value) {
    if (value != null) {
      properties.setProperty(key, value);
    }
  }

  private SQLException withoutSecrets(SQLException e) {
    SQLException clean = new SQLException(clean(e.getMessage()), e.getSQLState(), e.getErrorCode());
    clean.setStackTrace(e.getStackTrace());
    return clean;
  }

  private String clean(@Nullable String message) {
    String text = JdbcUrl.redacted(String.valueOf(message));
    return password == null || password.length() < SHORTEST_FOUND
        ? text
        : text.replace(password, "***");
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is fixed");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    // Drivers log through what the host set up.
  }

  /** Does nothing: the URL says how long a driver may take to connect. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return JdbcUrl.CONNECT_SECONDS;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no java.util.logging");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
