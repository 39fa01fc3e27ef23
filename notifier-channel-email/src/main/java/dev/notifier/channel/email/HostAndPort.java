package dev.notifier.channel.email;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record HostAndPort(String host, int port) {
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]*)](?::(.*))?");

  HostAndPort {
    if (!host.matches("[A-Za-z0-9._:-]{1,255}")) {
      throw new IllegalArgumentException(
          "host must be a host name or an address, without scheme, user or port, but was "
              + HeaderText.quoted(host.replaceAll(".*@", "…@")));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, but was " + port);
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [::1]}, {@code [::1]:port} or {@code ::1}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static HostAndPort parse(String text, int defaultPort) {
    Matcher bracketed = BRACKETED.matcher(text);
    if (bracketed.matches()) {
      return new HostAndPort(bracketed.group(1), portOf(bracketed.group(2), defaultPort));
    }
    int colon = text.indexOf(':');
    boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
    return hasPort
        ? new HostAndPort(text.substring(0, colon), portOf(text.substring(colon + 1), defaultPort))
        : new HostAndPort(text, defaultPort);
  }

  private static int portOf(@Nullable String digits, int defaultPort) {
    if (digits == null) {
      return defaultPort;
    }
    if (!digits.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "port must be from 1 to 65535, but was " + HeaderText.quoted(digits));
    }
    return Integer.parseInt(digits);
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
