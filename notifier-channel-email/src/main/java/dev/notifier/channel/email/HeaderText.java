package dev.notifier.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notifier.InvalidNotificationException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes text into message headers, so that nothing in it can end a header and begin another.
 *
 * <p>What is not plain ASCII becomes encoded words.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2047#section-2">RFC 2047, section 2</a>
 */
final class HeaderText {
  /** After "Subject: " such a word stays within the 76 characters of a line: RFC 2047, 2. */
  private static final int LONGEST_ENCODED_WORD = 64;

  private static final int LINE = 76;
  private static final int LONGEST_NAME_BEFORE_WORD = 10;

  /** Lines end after at most 998 characters: RFC 5322, 2.1.1. No word of a subject is cut. */
  private static final int LONGEST_PLAIN_WORD = 900;

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
  static String text(String header, String value, Charset charset) {
    return isPlain(value) && !TOO_LONG.matcher(value).find()
        ? folded(header.length() + 2, value)
        : (header.length() > LONGEST_NAME_BEFORE_WORD ? "\r\n " : "")
            + encodedWords(value, charset);
  }

  /** Returns the value of a header that is none of the message's own. */
  static String text(HeaderField field, Charset charset) {
    // A URI must not be encoded, even where it looks as if it were: RFC 2047, 5.
    return field.name().startsWith("List-") && isAscii(field.value())
        ? folded(field.name().length() + 2, field.value())
        : text(field.name(), field.value(), charset);
  }

  /** Breaks lines before spaces, and makes none of spaces only: RFC 5322, 2.2.3. */
  private static String folded(int used, String value) {
    StringBuilder lines = new StringBuilder(value.length() + 16);
    int end = value.stripTrailing().length();
    int start = 0;
    int room = LINE - used;
    int space = -1;
    for (int i = 1; i < end; i++) {
      boolean startsSpace = value.charAt(i) == ' ' && value.charAt(i - 1) != ' ';
      if (startsSpace && i - start > room && space > start) {
        lines.append(value, start, space).append("\r\n");
        start = space;
        room = LINE;
      }
      space = startsSpace ? i : space;
    }
    if (value.length() - start > room && space > start) {
      lines.append(value, start, space).append("\r\n");
      start = space;
    }
    return lines.append(value, start, value.length()).toString();
  }

  /** Returns a name before an address: a quoted string or encoded words. */
  static String phrase(String name, Charset charset) {
    return isPlain(name) ? quotedString(name) : encodedWords(name, charset);
  }

  /** Returns a quoted string: RFC 5322, 3.2.4. */
  static String quotedString(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Plain ASCII, and nothing that a reader would take for an encoded word. */
  private static boolean isPlain(String value) {
    return isAscii(value) && !value.contains("=?");
  }

  private static boolean isAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** Returns the charset if it has all characters of the text, and UTF-8 otherwise. */
  static Charset usable(Charset charset, String text) {
    return charset.equals(UTF_8) || charset.newEncoder().canEncode(text) ? charset : UTF_8;
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
    for (byte octet : Character.toString(character).getBytes(UTF_8)) {
      encoded.append(String.format("%%%02X", octet));
    }
    return encoded.toString();
  }

  /** Cuts between characters, never inside one, as RFC 2047 demands. */
  private static String encodedWords(String value, Charset wanted) {
    Charset charset = usable(wanted, value);
    int most = (LONGEST_ENCODED_WORD - "=??B??=".length() - charset.name().length()) / 4 * 3;
    StringBuilder words = new StringBuilder();
    int start = 0;
    int next;
    for (int i = 0; i < value.length(); i = next) {
      next = value.offsetByCodePoints(i, 1);
      if (i > start && value.substring(start, next).getBytes(charset).length > most) {
        words.append(encodedWord(value.substring(start, i), charset)).append("\r\n ");
        start = i;
      }
    }
    return words.append(encodedWord(value.substring(start), charset)).toString();
  }

  private static String encodedWord(String text, Charset charset) {
    byte[] octets = text.getBytes(charset);
    return "=?" + charset.name() + "?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
  }
}
