package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private final AddressGuard guard = new AddressGuard(List.of(), Set.of());

  /** The first and the last address of each range. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.0",
        "192.88.99.255",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:ffff",
        "::ffff:0:127.0.0.1",
        "::ffff:0:ffff:ffff",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b::ffff:ffff",
        "64:ff9b:1::",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "100::",
        "100::ffff:ffff:ffff:ffff",
        "2001::",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002:7f00:1::",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "5f00::",
        "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fc00::",
        "fd00:ec2::254",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80::",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fec0::",
        "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "ff00::",
        "ff02::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
      })
  void everyRangeThatLeadsInsideIsRefused(String address) throws UnknownHostException {
    assertThat(guard.fault("host.example", InetAddress.getByName(address)))
        .hasValueSatisfying(fault -> assertThat(fault).startsWith("host host.example is refused"));
  }

  /** The neighbours of the ranges. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "8.8.8.8",
        "::1:0:0",
        "64:ff9b:2::",
        "100:0:0:1::",
        "2001:200::",
        "2001:db7::",
        "2001:db9::",
        "3fff:1000::",
        "2003::",
        "2606:4700::1111",
        "fbff:ffff::",
        "2a00:1450::1"
      })
  void whatIsPublicIsNot(String address) throws UnknownHostException {
    assertThat(guard.fault("host.example", InetAddress.getByName(address))).isEmpty();
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsJudgedAsIpv4() throws UnknownHostException {
    assertThat(guard.fault("host.example", mapped(10, 0, 0, 1)))
        .hasValueSatisfying(fault -> assertThat(fault).contains("10.0.0.0/8 (private)"));
    assertThat(guard.fault("host.example", mapped(8, 8, 8, 8))).isEmpty();
  }

  /** {@code InetAddress.getByName} would make an IPv4 address of it. */
  private static Inet6Address mapped(int... ipv4) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < 4; i++) {
      bytes[12 + i] = (byte) ipv4[i];
    }
    return Inet6Address.getByAddress("host.example", bytes, -1);
  }

  @Test
  void theHostAllowsNetworksAndNamesOfItsOwn() throws UnknownHostException {
    AddressGuard own =
        new AddressGuard(List.of(Cidr.parse("10.1.0.0/16")), Set.of("hooks.internal"));

    assertThat(own.fault("any.example", InetAddress.getByName("10.1.255.255"))).isEmpty();
    assertThat(own.fault("any.example", InetAddress.getByName("10.2.0.0"))).isPresent();
    assertThat(own.fault("hooks.internal", InetAddress.getLoopbackAddress())).isEmpty();
    assertThat(own.fault("other.internal", InetAddress.getLoopbackAddress())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "::/129",
        "fe80::1/10",
        "300.0.0.0/8",
        "example.com/8",
        "face/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "1.2.3/8",
        ":::/8"
      })
  void whatIsNoNetworkIsRefused(String network) {
    assertThatThrownBy(() -> WebhookChannel.unsigned().allowNetwork(network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("network must be written as address/bits");
  }

  @Test
  void noWayOfMakingASocketLeadsAroundTheGuard() {
    GuardedSocketFactory sockets = new GuardedSocketFactory(guard);
    InetAddress loopback = InetAddress.getLoopbackAddress();

    assertRefused(() -> sockets.createSocket(loopback.getHostAddress(), 9));
    assertRefused(() -> sockets.createSocket(loopback, 9));
    assertRefused(() -> sockets.createSocket(loopback.getHostAddress(), 9, loopback, 0));
    assertRefused(() -> sockets.createSocket(loopback, 9, loopback, 0));
    assertRefused(() -> connect(sockets.createSocket(), new InetSocketAddress(loopback, 9)));
    assertRefused(
        () -> connect(sockets.createSocket(), InetSocketAddress.createUnresolved("localhost", 9)));
  }

  private static void connect(Socket socket, InetSocketAddress address) throws Exception {
    try (socket) {
      socket.connect(address);
    }
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(RefusedAddressException.class);
  }
}
