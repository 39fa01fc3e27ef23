package dev.notifier.channel.sms;

/**
 * How a text is cut into the parts of an SMS, each of which is charged. Immutable.
 *
 * <p>A text whose characters are all in the GSM 7-bit alphabet has room for 160 units in a single
 * part and 153 in each of several; one other character makes the whole text UCS-2, with room for 70
 * and 67. The characters {@code ^ { } \ [ ] ~ | €} and the form feed take two units in GSM-7, and
 * so do those beyond U+FFFF in UCS-2; neither is torn apart at the end of a part.
 *
 * @see <a href="https://www.3gpp.org/dynareport/23038.htm">3GPP TS 23.038</a>
 * @see <a href="https://www.3gpp.org/dynareport/23040.htm">3GPP TS 23.040, 9.2.3.24.1</a>
 */
public final class SmsSegments {
  /** How a text is written for the radio network. */
  public enum Encoding {
    /** Seven bits for a character: Latin letters, some Greek, some signs. */
    GSM_7(160, 153),
    /** Sixteen bits for a character: everything else, emoji too. */
    UCS_2(70, 67);

    private final int single;
    private final int each;

    Encoding(int single, int each) {
      this.single = single;
      this.each = each;
    }

    private int cost(int codePoint) {
      return this == GSM_7 ? Gsm7.septets(codePoint) : Character.charCount(codePoint);
    }
  }

  private final Encoding encoding;
  private final int parts;
  private final int units;
  private final int charactersLeft;

  private SmsSegments(Encoding encoding, int parts, int units, int charactersLeft) {
    this.encoding = encoding;
    this.parts = parts;
    this.units = units;
    this.charactersLeft = charactersLeft;
  }

  /** Counts the parts of a text. */
  public static SmsSegments of(String text) {
    Encoding encoding = Gsm7.canEncode(text) ? Encoding.GSM_7 : Encoding.UCS_2;
    int units = text.codePoints().map(encoding::cost).sum();
    return units <= encoding.single
        ? new SmsSegments(encoding, 1, units, encoding.single - units)
        : inSeveralParts(text, encoding, units);
  }

  private static SmsSegments inSeveralParts(String text, Encoding encoding, int units) {
    int parts = 1;
    int left = encoding.each;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int cost = encoding.cost(text.codePointAt(i));
      if (cost > left) { // a unit may stay unused: half a character is none
        parts++;
        left = encoding.each;
      }
      left -= cost;
    }
    return new SmsSegments(encoding, parts, units, left);
  }

  /** Returns the encoding, which one character can change for the whole text. */
  public Encoding encoding() {
    return encoding;
  }

  /** Returns how many parts there are: 1 or more, even for an empty text. */
  public int parts() {
    return parts;
  }

  /** Returns how many septets (GSM-7) or UTF-16 units (UCS-2) the text takes. */
  public int units() {
    return units;
  }

  /** Returns how many more units fit before another part is needed. */
  public int charactersLeft() {
    return charactersLeft;
  }

  /** Returns them in words, such as {@code 2 parts, GSM-7, 161 units, 145 characters left}. */
  @Override
  public String toString() {
    return parts
        + (parts == 1 ? " part, " : " parts, ")
        + (encoding == Encoding.GSM_7 ? "GSM-7, " : "UCS-2, ")
        + units
        + " units, "
        + charactersLeft
        + " characters left";
  }
}
