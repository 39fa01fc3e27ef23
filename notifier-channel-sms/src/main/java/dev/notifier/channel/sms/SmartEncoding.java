package dev.notifier.channel.sms;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/**
 * Replaces characters that only look different, such as curly quotes, by ones of the GSM-7
 * alphabet, so that a text does not become UCS-2 for their sake. Letters are never replaced.
 */
final class SmartEncoding {
  private static final Map<Integer, String> REPLACEMENTS = replacements();

  private SmartEncoding() {}

  private static Map<Integer, String> replacements() {
    Map<Integer, String> all = new HashMap<>();
    add(all, "'", "‘’‚‛′‵´`ʻʼʹ＇");
    add(all, "\"", "“”„‟″‶«»〝〞＂");
    add(all, "-", "‐‑‒–—―−﹘﹣－");
    add(all, "<", "‹");
    add(all, ">", "›");
    add(all, "*", "•‣∙●");
    add(all, "/", "⁄∕");
    add(all, ".", "․");
    add(all, "...", "…");
    add(all, "!", "！ǃ");
    add(all, "?", "？");
    add(all, ",", "，");
    add(all, ":", "：");
    add(all, ";", "；");
    add(all, " ", "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009");
    add(all, " ", "\u200a\u202f\u205f\u3000");
    add(all, "\n", "\u2028\u2029\u0085\u000b");
    add(all, "", "\u00ad\u200b\u200c\u200d\u2060\ufeff"); // invisible: joiners, soft hyphen, BOM
    return all;
  }

  private static void add(Map<Integer, String> all, String replacement, String characters) {
    characters.codePoints().forEach(c -> all.put(c, replacement));
  }

  /** Returns the text in GSM-7 characters if that can be had without loss, or else as it was. */
  static String apply(String text) {
    if (Gsm7.canEncode(text)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFC) // e and a combining accent are é, a septet
        .codePoints()
        .forEach(c -> plain.append(REPLACEMENTS.getOrDefault(c, Character.toString(c))));
    String replaced = plain.toString();
    return Gsm7.canEncode(replaced) ? replaced : text;
  }
}
