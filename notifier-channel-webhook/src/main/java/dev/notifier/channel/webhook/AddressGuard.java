package dev.notifier.channel.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Knows which IP addresses a webhook must not reach, because they lead into the host's own networks
 * (server-side request forgery), and which of them the host allows all the same. Immutable.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA, IPv4</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA, IPv6</a>
 */
final class AddressGuard {
  private static final int MAPPED_PREFIX = 12;

  /** The JDK's own predicates miss most of these. */
  private static final Map<String, String> REFUSED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("0.0.0.0/8", "this network"),
              Map.entry("10.0.0.0/8", "private"),
              Map.entry("100.64.0.0/10", "carrier-grade NAT"),
              Map.entry("127.0.0.0/8", "loopback"),
              Map.entry("169.254.0.0/16", "link-local, cloud metadata"),
              Map.entry("172.16.0.0/12", "private"),
              Map.entry("192.0.0.0/24", "IETF protocols"),
              Map.entry("192.0.2.0/24", "documentation"),
              Map.entry("192.88.99.0/24", "6to4 relay"),
              Map.entry("192.168.0.0/16", "private"),
              Map.entry("198.18.0.0/15", "benchmarks"),
              Map.entry("198.51.100.0/24", "documentation"),
              Map.entry("203.0.113.0/24", "documentation"),
              Map.entry("224.0.0.0/4", "multicast"),
              Map.entry("240.0.0.0/4", "reserved, broadcast"),
              Map.entry("::/96", "unspecified, loopback, IPv4-compatible"),
              Map.entry("::ffff:0:0:0/96", "IPv4-translated"),
              Map.entry("64:ff9b::/96", "NAT64"),
              Map.entry("64:ff9b:1::/48", "local NAT64"),
              Map.entry("100::/64", "discard"),
              Map.entry("2001::/23", "IETF protocols, Teredo"),
              Map.entry("2001:db8::/32", "documentation"),
              Map.entry("3fff::/20", "documentation"),
              Map.entry("2002::/16", "6to4"),
              Map.entry("5f00::/16", "segment routing"),
              Map.entry("fc00::/7", "unique local"),
              Map.entry("fe80::/10", "link-local"),
              Map.entry("fec0::/10", "site-local"),
              Map.entry("ff00::/8", "multicast")));

  private static final List<Cidr> REFUSED_RANGES =
      REFUSED.keySet().stream().map(Cidr::parse).toList();

  private final List<Cidr> allowedNetworks;
  private final Set<String> allowedHosts;

  /**
   * Creates a guard.
   *
   * @param allowedNetworks ranges that may be reached though they are refused otherwise
   * @param allowedHosts names, in lower case, that may be reached wherever they lead
   */
  AddressGuard(List<Cidr> allowedNetworks, Set<String> allowedHosts) {
    this.allowedNetworks = List.copyOf(allowedNetworks);
    this.allowedHosts = Set.copyOf(allowedHosts);
  }

  /** Returns why a host must not be reached at this address, or empty if it may. */
  Optional<String> fault(String host, InetAddress address) {
    byte[] bytes = unmapped(address.getAddress());
    if (allowedHosts.contains(host) || isIn(allowedNetworks, bytes)) {
      return Optional.empty();
    }
    return REFUSED_RANGES.stream()
        .filter(range -> range.contains(bytes))
        .findFirst()
        .map(range -> refusal(host, address, range));
  }

  private static boolean isIn(List<Cidr> ranges, byte[] address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** {@code ::ffff:a.b.c.d} is the IPv4 address a.b.c.d in other clothes. */
  private static byte[] unmapped(byte[] address) {
    boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
    for (int i = 0; i < MAPPED_PREFIX - 2 && mapped; i++) {
      mapped = address[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(address, MAPPED_PREFIX, address.length) : address;
  }

  private static String refusal(String host, InetAddress address, Cidr range) {
    return "host "
        + host
        + " is refused: its address "
        + address.getHostAddress()
        + " is in "
        + range
        + " ("
        + REFUSED.get(range.toString())
        + "); a network of the host's own must be allowed with allowNetwork(...) or allowHost(...)";
  }
}
