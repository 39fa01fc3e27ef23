package dev.notifier.channel.email;

import java.util.Arrays;

/**
 * Encodes text so that only printable ASCII is left and it stays readable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2045#section-6.7">RFC 2045, 6.7</a>
 */
final class QuotedPrintable {
  /** Of a line, without its soft break. */
  private static final int MOST_PER_LINE = 75;

  private static final int OCTETS_PER_ESCAPE = 3;
  private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private static final boolean[] AS_IT_IS = new boolean[256];

  static {
    Arrays.fill(AS_IT_IS, '!', '~' + 1, true);
    AS_IT_IS['='] = false;
  }

  private final byte[] input;
  private byte[] output;
  private int length;
  private int column;

  private QuotedPrintable(byte[] input) {
    this.input = input;
    this.output = new byte[input.length + input.length / 4 + 16];
  }

  /** Returns the encoded form of text whose lines end in CRLF. */
  static byte[] encode(byte[] text) {
    return new QuotedPrintable(text).encode();
  }

  private byte[] encode() {
    for (int i = 0; i < input.length; i++) {
      byte octet = input[i];
      if (octet == '\r' && isLineEnd(i)) {
        reserve(2);
        put('\r');
        put('\n');
        column = 0;
        i++;
      } else if ((AS_IT_IS[octet & 0xff] && !startsLikeMailbox(i))
          || (isBlank(octet) && !isLastOfLine(i))) {
        breakBefore(1);
        put(octet);
      } else {
        breakBefore(OCTETS_PER_ESCAPE);
        put('=');
        put(HEX[(octet >> 4) & 0xf]);
        put(HEX[octet & 0xf]);
      }
    }
    return Arrays.copyOf(output, length);
  }

  private boolean isLineEnd(int i) {
    return i + 1 < input.length && input[i] == '\r' && input[i + 1] == '\n';
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /**
   * "From " at the start of a line, broken softly or not, begins a message in a mail box, so that
   * some programs put a mark before it.
   */
  private boolean startsLikeMailbox(int i) {
    return input[i] == 'F'
        && (column == 0 || column == MOST_PER_LINE)
        && Arrays.equals(input, i, Math.min(input.length, i + FROM.length), FROM, 0, FROM.length);
  }

  private boolean isLastOfLine(int i) {
    return i + 1 == input.length || isLineEnd(i + 1);
  }

  private void breakBefore(int octets) {
    reserve(octets + 3);
    if (column + octets > MOST_PER_LINE) {
      put('=');
      put('\r');
      put('\n');
      column = 0;
    }
    column += octets;
  }

  private void reserve(int octets) {
    if (length + octets > output.length) {
      output = Arrays.copyOf(output, output.length * 2);
    }
  }

  private void put(int octet) {
    output[length++] = (byte) octet;
  }
}
