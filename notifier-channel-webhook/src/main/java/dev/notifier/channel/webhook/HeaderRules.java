package dev.notifier.channel.webhook;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers a host may add to its webhooks. */
final class HeaderRules {
  private static final int MAX_VALUE = 4096;

  /** RFC 9110, 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

  /** RFC 9110, 5.5, without the bytes beyond ASCII, which receivers read in different ways. */
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7E](?:[\\t\\x20-\\x7E]*[\\x21-\\x7E])?");

  /** What belongs to the connection, the body, the client, or to caches on the way. */
  private static final Set<String> RESERVED =
      Set.of(
          "accept-encoding",
          "age",
          "cache-control",
          "clear-site-data",
          "connection",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-type",
          "expect",
          "expires",
          "host",
          "keep-alive",
          "pragma",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "trailers",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "warning");

  /** Signatures, and what opens a cloud's metadata service or means something to its gateways. */
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "metadata-flavor",
          "svix-",
          "webhook-",
          "x-amz-",
          "x-amzn-",
          "x-aws-ec2-metadata-",
          "x-azure-",
          "x-fd-",
          "x-gfe",
          "x-goog-",
          "x-google",
          "x-metadata-token",
          "x-svix-");

  private HeaderRules() {}

  /**
   * Checks a header that the host adds.
   *
   * @throws IllegalArgumentException if it cannot be one; the message does not show the value
   */
  static void check(String name, String value) {
    checkName(name);
    if (value.length() > MAX_VALUE || !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "header "
              + name
              + " must have a value of 1 to "
              + MAX_VALUE
              + " printable ASCII characters, not starting or ending with white space");
    }
  }

  /**
   * Checks the name of a header that the host adds, or in which it wants a signature.
   *
   * @throws IllegalArgumentException if it is not a header's name or is reserved
   */
  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "header name must be 1 to 256 letters, digits and !#$%&'*+-.^_`|~ (RFC 9110)");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
      throw new IllegalArgumentException(
          "header " + name + " is reserved: the connection, a signature or a gateway owns it");
    }
  }
}
