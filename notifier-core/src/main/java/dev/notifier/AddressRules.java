package dev.notifier;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What an address of each well-known channel must look like, and how it is shown in logs. */
final class AddressRules {
  private static final int MAX_LENGTH = 2048;

  private static final String SPECIAL_ATEXT = "!#$%&'*+/=?^_`{|}~-";
  private static final int MAX_LABEL = 63;

  /** ITU-T E.164: a plus sign, then at most 15 digits, of which the first is not 0. */
  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

  /** The Bot API's chat ids have at most 52 significant bits. */
  private static final Pattern CHAT =
      Pattern.compile("-?[1-9][0-9]{0,15}|@[a-zA-Z][a-zA-Z0-9_]{3,31}");

  /** What stands between the scheme and the host of a URL, if it is more than nothing. */
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=//)[^/@]*@");

  /** Answers what is wrong with a value, or "" when nothing is. */
  private static final Map<String, UnaryOperator<String>> RULES =
      Map.of(
          "email", AddressRules::emailFault,
          "sms", AddressRules::phoneFault,
          "telegram", AddressRules::chatFault,
          "webhook", AddressRules::urlFault);

  private AddressRules() {}

  static void check(ChannelId channel, String value) {
    String fault = commonFault(value);
    if (fault.isEmpty()) {
      fault = RULES.getOrDefault(channel.value(), any -> "").apply(value);
    }
    if (!fault.isEmpty()) {
      throw new InvalidNotificationException(
          channel + " address " + Quoted.of(shown(channel, value)) + " is not valid: " + fault);
    }
  }

  /** Checks what holds for the addresses of every channel. */
  static void checkAnywhere(String value) {
    String fault = commonFault(value);
    if (!fault.isEmpty()) {
      throw new InvalidNotificationException(
          "address " + Quoted.of(value) + " is not valid: " + fault);
    }
  }

  /** A URL with credentials is refused, but the password must not reach a log on that way. */
  private static String shown(ChannelId channel, String value) {
    return channel.value().equals("webhook")
        ? CREDENTIALS.matcher(value).replaceFirst("***@")
        : value;
  }

  private static String commonFault(String value) {
    if (value.isBlank()) {
      return "it must not be empty";
    }
    if (value.length() > MAX_LENGTH) {
      return "it must have at most " + MAX_LENGTH + " characters, but has " + value.length();
    }
    if (!Printable.isPrintable(value)) {
      return "it must not hold control characters, line breaks or unpaired surrogates";
    }
    return value.equals(value.strip()) ? "" : "it must not start or end with white space";
  }

  private static String emailFault(String value) {
    int at = value.lastIndexOf('@');
    if (at < 1) {
      return "it must be local-part@domain (RFC 5321)";
    }
    String local = value.substring(0, at);
    int localOctets = local.getBytes(StandardCharsets.UTF_8).length;
    if (localOctets > 64) {
      return "the part before @ must have at most 64 octets (RFC 5321, 4.5.3.1.1)";
    }
    if (!isDotAtom(local)) {
      return "the part before @ must be letters, digits and !#$%&'*+/=?^_`{|}~- with single dots"
          + " between them (quoted local parts and comments are not supported)";
    }
    String written = value.substring(at + 1);
    String domain = isDomainName(written) ? written : asciiDomain(written);
    if (!isDomainName(domain)) {
      return "the part after @ must be a domain name (address literals are not supported)";
    }
    return localOctets + 1 + domain.length() <= 254
        ? ""
        : "it must have at most 254 octets (RFC 5321, 4.5.3.1.3)";
  }

  // By hand: regular expressions took a third of the time of building a notification.

  /** RFC 5322 dot-atom: atext with single dots between it. */
  private static boolean isDotAtom(String text) {
    int before = '.';
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (codePoint == '.' ? before == '.' : !isAtext(codePoint)) {
        return false;
      }
      before = codePoint;
    }
    return before != '.';
  }

  /** RFC 5322 atext, and anything beyond ASCII but spaces, as RFC 6531 allows. */
  private static boolean isAtext(int codePoint) {
    return codePoint < 0x80
        ? isLetterOrDigit(codePoint) || SPECIAL_ATEXT.indexOf(codePoint) >= 0
        : !Character.isSpaceChar(codePoint);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Labels of letters, digits and hyphens, but no hyphen at either end, and dots between them. */
  private static boolean isDomainName(String domain) {
    int start = 0;
    for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', start)) {
      if (!isLabel(domain, start, dot)) {
        return false;
      }
      start = dot + 1;
    }
    return isLabel(domain, start, domain.length());
  }

  private static boolean isLabel(String domain, int start, int end) {
    if (end == start || end - start > MAX_LABEL) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (!isLetterOrDigit(domain.charAt(i)) && domain.charAt(i) != '-') {
        return false;
      }
    }
    return domain.charAt(start) != '-' && domain.charAt(end - 1) != '-';
  }

  private static String asciiDomain(String domain) {
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException e) {
      return ""; // not a domain name in any script
    }
  }

  private static String phoneFault(String value) {
    return E164.matcher(value).matches()
        ? ""
        : "it must be in E.164 form: + and 7 to 15 digits, such as +14155550100";
  }

  private static String chatFault(String value) {
    return CHAT.matcher(value).matches()
        ? ""
        : "it must be a numeric chat id or the @name of a public chat";
  }

  private static String urlFault(String value) {
    try {
      return urlFault(new URI(value));
    } catch (URISyntaxException e) {
      return "it must be a URL (RFC 3986): " + e.getReason();
    }
  }

  private static String urlFault(URI url) {
    String scheme = url.getScheme();
    if (!"https".equalsIgnoreCase(scheme) && !"http".equalsIgnoreCase(scheme)) {
      return "it must start with https:// or http://";
    }
    if (url.getHost() == null) {
      return "it must name a host of ASCII letters, digits, hyphens and dots, and a port of digits";
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      return "its port must be from 1 to 65535";
    }
    if (url.getRawUserInfo() != null) {
      return "it must not hold credentials before the host; use a header or a signature";
    }
    return url.getRawFragment() == null ? "" : "it must not have a #fragment, which is never sent";
  }

  /** Returns the one form of an address that may be written in several. */
  static String normal(ChannelId channel, String value) {
    int at = value.lastIndexOf('@');
    return channel.value().equals("email")
        ? value.substring(0, at) + value.substring(at).toLowerCase(Locale.ROOT)
        : value;
  }

  /** Hides most of an address, even of one that today's rules would refuse: it may be restored. */
  static String mask(ChannelId channel, String value) {
    return switch (channel.value()) {
      case "email" ->
          firstCharacter(value)
              + "***"
              + (value.indexOf('@') < 0 ? "" : value.substring(value.lastIndexOf('@')));
      case "sms" ->
          value.length() < 7
              ? firstCharacter(value) + "***"
              : value.substring(0, 3) + "***" + value.substring(value.length() - 2);
      case "webhook" -> hostOf(value) + "/***";
      default -> mask(value);
    };
  }

  /** Hides most of an address of whichever channel. */
  static String mask(String value) {
    return firstCharacter(value) + "***";
  }

  private static String hostOf(String url) {
    try {
      return URI.create(url).getScheme() + "://" + URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return "unreadable:";
    }
  }

  private static String firstCharacter(String value) {
    return value.isEmpty() ? "" : Character.toString(value.codePointAt(0));
  }
}
