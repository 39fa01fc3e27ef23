package dev.notifier.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Which URLs may be endpoints, as far as that can be told without looking up a name. */
final class EndpointRules {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

  private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.]+]");

  private final Set<String> httpHosts;
  private final AddressGuard guard;

  /**
   * Creates the rules.
   *
   * @param httpHosts the hosts, in lower case, that may be reached without TLS
   */
  EndpointRules(Set<String> httpHosts, AddressGuard guard) {
    this.httpHosts = Set.copyOf(httpHosts);
    this.guard = guard;
  }

  /**
   * Returns the URL.
   *
   * @throws UnpreparedException if it may not be an endpoint
   */
  HttpUrl endpoint(String address) throws UnpreparedException {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null) {
      throw new UnpreparedException("webhook URL must be a valid http or https URL");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw new UnpreparedException(
          "webhook URL must not hold credentials; use a header or a signature");
    }
    if (!url.isHttps() && !httpHosts.contains(url.host())) {
      throw new UnpreparedException(
          "webhook URL must start with https://; plain http to "
              + url.host()
              + " must be allowed by name with allowHttp(\""
              + url.host()
              + "\")");
    }
    Optional<String> fault = literal(url.host()).flatMap(ip -> guard.fault(url.host(), ip));
    if (fault.isPresent()) {
      throw new UnpreparedException(fault.get());
    }
    return url;
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return LITERAL.matcher(host).matches()
          ? Optional.of(InetAddress.getByName(host))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty(); // the connection will tell
    }
  }

  /**
   * Returns a host as it stands in a URL: lower case, without brackets.
   *
   * @throws IllegalArgumentException if it is no host
   */
  static String host(String host) {
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    HttpUrl url = HOST.matcher(bracketed).matches() ? HttpUrl.parse("http://" + bracketed) : null;
    if (url == null) {
      throw new IllegalArgumentException(
          "host must be a host name or an IP address, without scheme, port and path, but was \""
              + host
              + "\"");
    }
    return url.host();
  }
}
