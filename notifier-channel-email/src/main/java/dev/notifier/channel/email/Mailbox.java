package dev.notifier.channel.email;

import dev.notifier.InvalidNotificationException;
import java.nio.charset.Charset;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a message is from or goes to, or where an answer goes.
 *
 * @param name the name that readers see, empty if there is none
 * @param address the address
 */
record Mailbox(String name, EnvelopeAddress address) {
  static final int LONGEST_NAME = 200;

  /** More than the longest name has with a backslash before each character, and any address. */
  private static final int LONGEST_TEXT = 1000;

  private static final Pattern NAME_AND_ADDRESS =
      Pattern.compile("(\"(?:[^\"\\\\]|\\\\.)*\"\\s*|[^<>]*)<([^<>]*)>");
  private static final Pattern QUOTED_NAME = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * Reads the mailbox of a sender: {@code address}, {@code <address>}, {@code name <address>} or
   * {@code "name" <address>}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  static Mailbox parse(String what, String text) {
    try {
      return parse(what, text, Mailbox::sender);
    } catch (InvalidNotificationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Reads the mailbox of a recipient, in the same forms.
   *
   * @throws InvalidNotificationException if it is none of them
   */
  static Mailbox parseRecipient(String what, String text) {
    return parse(what, text, EnvelopeAddress::of);
  }

  private static Mailbox parse(
      String what, String text, Function<String, EnvelopeAddress> addressOf) {
    try {
      if (text.length() > LONGEST_TEXT) {
        throw new InvalidNotificationException(
            "it must have at most " + LONGEST_TEXT + " characters, but has " + text.length());
      }
      Matcher both = NAME_AND_ADDRESS.matcher(HeaderText.checked(what, text).strip());
      return both.matches()
          ? new Mailbox(checkedName(both.group(1).strip()), addressOf.apply(both.group(2).strip()))
          : new Mailbox("", addressOf.apply(text.strip()));
    } catch (InvalidNotificationException e) {
      throw new InvalidNotificationException(
          what + " must be an address or Name <address>: " + e.getMessage());
    }
  }

  private static String checkedName(String text) {
    String name = nameOf(text);
    if (name.length() > LONGEST_NAME) {
      throw new InvalidNotificationException(
          "the name must have at most " + LONGEST_NAME + " characters, but has " + name.length());
    }
    return name;
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

  /** Returns it in a form that is read as the same mailbox again. */
  String text() {
    return name.isEmpty()
        ? address.text()
        : HeaderText.quotedString(name) + " <" + address.text() + '>';
  }

  /** Returns it as a header's value. */
  String headerValue(Charset charset) {
    return name.isEmpty()
        ? address.text()
        : HeaderText.phrase(name, charset) + "\r\n <" + address.text() + '>';
  }

  /** Returns the domain only. */
  @Override
  public String toString() {
    return address.toString();
  }
}
