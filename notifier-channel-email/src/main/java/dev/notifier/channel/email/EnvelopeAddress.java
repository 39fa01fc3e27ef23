package dev.notifier.channel.email;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.InvalidNotificationException;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An address as it goes into SMTP commands: the domain in ASCII, the part before the {@code @} as
 * it is.
 *
 * @param text the address
 * @param needsUtf8 whether the part before the {@code @} goes beyond ASCII, so that only a server
 *     with SMTPUTF8 can take it (RFC 6531)
 */
record EnvelopeAddress(String text, boolean needsUtf8) {
  private static final ChannelId EMAIL = ChannelId.of("email");
  private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");

  /** ß, final sigma and the two joiners. IDNA 2003, which Java has, makes other domains of them. */
  private static final Pattern DEVIATION = Pattern.compile("[\\u00df\\u03c2\\u200c\\u200d]");

  /**
   * Returns the envelope's form of an address.
   *
   * @throws InvalidNotificationException if it is no email address, or its domain has two meanings
   */
  static EnvelopeAddress of(String address) {
    new Address(EMAIL, address); // checks, also where the channel has another id
    int at = address.lastIndexOf('@');
    String local = address.substring(0, at);
    return new EnvelopeAddress(
        local + '@' + asciiDomain(address.substring(at + 1)), !ASCII.matcher(local).matches());
  }

  private static String asciiDomain(String domain) {
    if (DEVIATION.matcher(domain).find()) {
      throw new InvalidNotificationException(
          "email domain "
              + HeaderText.quoted(domain)
              + " holds a character that old and new rules for domain names read differently"
              + " (UTS #46, section 6): write it in its xn-- form");
    }
    return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
  }

  /** Returns what stands after the {@code @}. */
  String domain() {
    return text.substring(text.lastIndexOf('@') + 1);
  }

  /**
   * Returns a form in which two spellings of one mailbox are equal, as every server that matters
   * takes them.
   */
  String comparable() {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Returns the domain only. */
  @Override
  public String toString() {
    return "EnvelopeAddress[***@" + domain() + "]";
  }
}
