package dev.notifier.channel.sms;

import java.util.BitSet;

/**
 * The characters of the GSM 7-bit default alphabet and of its extension table.
 *
 * @see <a href="https://www.3gpp.org/dynareport/23038.htm">3GPP TS 23.038, 6.2.1</a>
 */
final class Gsm7 {
  /** One septet each. Lower-case ç is not among them, upper-case Ç is. */
  private static final BitSet BASIC =
      set(
          "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
              + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");

  /** An escape and a second septet each. */
  private static final BitSet EXTENDED = set("\f^{}\\[~]|€");

  private Gsm7() {}

  private static BitSet set(String characters) {
    BitSet set = new BitSet();
    characters.chars().forEach(set::set);
    return set;
  }

  /** Tells whether every character of a text is in the alphabet. */
  static boolean canEncode(String text) {
    return text.chars().allMatch(c -> BASIC.get(c) || EXTENDED.get(c));
  }

  /** Returns how many septets a character of the alphabet takes. */
  static int septets(int character) {
    return EXTENDED.get(character) ? 2 : 1;
  }
}
