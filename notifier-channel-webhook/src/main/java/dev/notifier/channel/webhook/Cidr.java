package dev.notifier.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of IP addresses, such as {@code 10.0.0.0/8}. */
final class Cidr {
  private static final Pattern SHAPE =
      Pattern.compile(
          "((?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");

  private final String text;
  private final byte[] network;
  private final int prefix;

  private Cidr(String text, byte[] network, int prefix) {
    this.text = text;
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException if it is not address/bits, or the address has bits beyond them
   */
  static Cidr parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (matcher.matches()) {
      byte[] network = literal(matcher.group(1));
      int prefix = Integer.parseInt(matcher.group(2));
      if (prefix <= network.length * 8 && bitsAfter(network, prefix) == 0) {
        return new Cidr(text, network, prefix);
      }
    }
    throw new IllegalArgumentException(
        "network must be written as address/bits with no bit set after the first bits, such as"
            + " 10.1.0.0/16 or fd00::/8, but was \""
            + text
            + "\"");
  }

  private static byte[] literal(String address) {
    try {
      return InetAddress.getByName(address).getAddress(); // a literal is not looked up
    } catch (UnknownHostException e) {
      return new byte[0]; // 300.0.0.0, say; told by the caller
    }
  }

  private static int bitsAfter(byte[] network, int prefix) {
    int bits = 0;
    for (int bit = prefix; bit < network.length * 8; bit++) {
      bits |= bitAt(network, bit);
    }
    return bits;
  }

  private static int bitAt(byte[] bytes, int bit) {
    return bytes[bit / 8] >> (7 - bit % 8) & 1;
  }

  /** Tells whether an address, of 4 or 16 bytes, lies in the range. */
  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (bitAt(address, bit) != bitAt(network, bit)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the range as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
