package dev.notifier.channel.email;

import dev.notifier.InvalidNotificationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a message is from or an answer goes to.
 *
 * @param name the name that readers see, empty if there is none
 * @param address the address
 */
record Mailbox(String name, EnvelopeAddress address) {
  private static final Pattern NAME_AND_ADDRESS = Pattern.compile("([^<>]*)<([^<>]*)>");
  private static final Pattern QUOTED_NAME = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * Reads {@code address}, {@code <address>}, {@code name <address>} or {@code "name" <address>}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static Mailbox parse(String what, String text) {
    try {
      Matcher both = NAME_AND_ADDRESS.matcher(HeaderText.checked(what, text).strip());
      return both.matches()
          ? new Mailbox(nameOf(both.group(1).strip()), sender(both.group(2).strip()))
          : new Mailbox("", sender(text.strip()));
    } catch (InvalidNotificationException e) {
      throw new IllegalArgumentException(
          what + " must be an address or Name <address>: " + e.getMessage(), e);
    }
  }

  private static String nameOf(String text) {
    Matcher quoted = QUOTED_NAME.matcher(text);
    return quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : text;
  }

  private static EnvelopeAddress sender(String address) {
    EnvelopeAddress sender = EnvelopeAddress.of(address);
    if (sender.needsUtf8()) {
      throw new InvalidNotificationException(
          "the part before @ must be ASCII, because few servers take another one as a sender");
    }
    return sender;
  }

  /** Returns it as a header's value. */
  String headerValue() {
    return name.isEmpty()
        ? address.text()
        : HeaderText.phrase(name) + "\r\n <" + address.text() + '>';
  }
}
