package dev.notifier.channel.email;

import dev.notifier.InvalidNotificationException;
import jakarta.mail.internet.MimeUtility;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes text into message headers, so that nothing in it can end a header and begin another.
 *
 * <p>What is not plain ASCII becomes encoded words in UTF-8.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2047#section-2">RFC 2047, section 2</a>
 */
final class HeaderText {
  /** With the longest header name used here, a line of one such word stays within 76 characters. */
  private static final int OCTETS_PER_WORD = 39;

  /** Lines end after at most 998 characters: RFC 5322, 2.1.1. No word of a subject is cut. */
  private static final int LONGEST_PLAIN_WORD = 900;

  private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e]*");
  private static final Pattern TOO_LONG = Pattern.compile("[^ ]{" + LONGEST_PLAIN_WORD + "}");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");
  private static final int SHOWN = 60;

  /** What RFC 2231, section 7 lets stand in an extended parameter. */
  private static final String ATTRIBUTE_CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`{|}~";

  private static final int LONGEST_PARAMETER = 60;

  private HeaderText() {}

  /**
   * Returns the value if it is one line. The core has checked it before; this is the second wall.
   *
   * @throws InvalidNotificationException if it holds a line break or another control character
   */
  static String checked(String what, String value) {
    if (CONTROL.matcher(value).find()) {
      throw new InvalidNotificationException(
          what + " must be one line without control characters, but was " + quoted(value));
    }
    return value;
  }

  /** Shows a value inside an error message: short and on one line. */
  static String quoted(String value) {
    String line = CONTROL.matcher(value).replaceAll("?");
    return line.codePointCount(0, line.length()) <= SHOWN
        ? '"' + line + '"'
        : '"' + line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…\"";
  }

  /** Returns free text, such as a subject, folded for a header of this name. */
  static String text(String header, String value) {
    return isPlain(value) && !TOO_LONG.matcher(value).find()
        ? MimeUtility.fold(header.length() + 2, value)
        : encodedWords(value);
  }

  /** Returns a name before an address: a quoted string or encoded words. */
  static String phrase(String name) {
    return isPlain(name) ? quotedString(name) : encodedWords(name);
  }

  /** Returns a quoted string: RFC 5322, 3.2.4. */
  static String quotedString(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Plain ASCII, and nothing that a reader would take for an encoded word. */
  private static boolean isPlain(String value) {
    return PLAIN.matcher(value).matches() && !value.contains("=?");
  }

  /**
   * Returns the parameter that names a file. Names beyond ASCII are encoded, and long ones cut into
   * pieces, as readers put them together.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc2231#section-4.1">RFC 2231, 4.1</a>
   */
  static String fileName(String name) {
    if (isPlain(name) && name.length() <= LONGEST_PARAMETER) {
      return "filename=" + quotedString(name);
    }
    List<String> pieces = percentEncoded(name);
    if (pieces.size() == 1) {
      return "filename*=UTF-8''" + pieces.get(0);
    }
    StringBuilder parameters = new StringBuilder("filename*0*=UTF-8''" + pieces.get(0));
    for (int i = 1; i < pieces.size(); i++) {
      parameters.append(";\r\n filename*").append(i).append("*=").append(pieces.get(i));
    }
    return parameters.toString();
  }

  private static List<String> percentEncoded(String text) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    text.codePoints()
        .mapToObj(HeaderText::percentEncoded)
        .forEach(
            character -> {
              if (piece.length() + character.length() > LONGEST_PARAMETER) {
                pieces.add(piece.toString());
                piece.setLength(0);
              }
              piece.append(character);
            });
    pieces.add(piece.toString());
    return pieces;
  }

  private static String percentEncoded(int character) {
    if (ATTRIBUTE_CHARACTERS.indexOf(character) >= 0) {
      return Character.toString(character);
    }
    StringBuilder encoded = new StringBuilder();
    for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format("%%%02X", octet));
    }
    return encoded.toString();
  }

  /** Cuts between characters, never inside one, as RFC 2047 demands. */
  private static String encodedWords(String value) {
    StringBuilder words = new StringBuilder();
    int start = 0;
    int octets = 0;
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      int size = Character.toString(value.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
      if (octets + size > OCTETS_PER_WORD) {
        words.append(encodedWord(value.substring(start, i))).append("\r\n ");
        start = i;
        octets = 0;
      }
      octets += size;
    }
    return words.append(encodedWord(value.substring(start))).toString();
  }

  private static String encodedWord(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(utf8) + "?=";
  }
}
