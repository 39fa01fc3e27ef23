package dev.notifier.channel.email;

/**
 * Where a server listens.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record HostAndPort(String host, int port) {
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

  /** Reads {@code host}, {@code host:port}, {@code [::1]} or {@code [::1]:port}. */
  static HostAndPort parse(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']') && text.indexOf(':') >= text.indexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    return new HostAndPort(
        host.replaceAll("^\\[(.*)]$", "$1"),
        hasPort ? portOf(text.substring(colon + 1)) : defaultPort);
  }

  private static int portOf(String digits) {
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
