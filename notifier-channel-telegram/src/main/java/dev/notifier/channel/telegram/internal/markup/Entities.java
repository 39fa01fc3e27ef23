package dev.notifier.channel.telegram.internal.markup;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The entities of HTML, as far as somebody knows them. Immutable. */
final class Entities {
  /** What the Bot API knows; any other name stands for itself. */
  static final Entities TELEGRAM =
      new Entities(Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\""));

  /** What e-mails are likely to use. */
  static final Entities COMMON =
      new Entities(
          Map.ofEntries(
              Map.entry("lt", "<"),
              Map.entry("gt", ">"),
              Map.entry("amp", "&"),
              Map.entry("quot", "\""),
              Map.entry("apos", "'"),
              Map.entry("nbsp", " "),
              Map.entry("copy", "©"),
              Map.entry("reg", "®"),
              Map.entry("trade", "™"),
              Map.entry("euro", "€"),
              Map.entry("pound", "£"),
              Map.entry("hellip", "…"),
              Map.entry("ndash", "–"),
              Map.entry("mdash", "—"),
              Map.entry("lsquo", "‘"),
              Map.entry("rsquo", "’"),
              Map.entry("ldquo", "“"),
              Map.entry("rdquo", "”"),
              Map.entry("laquo", "«"),
              Map.entry("raquo", "»"),
              Map.entry("bull", "•"),
              Map.entry("middot", "·"),
              Map.entry("times", "×"),
              Map.entry("auml", "ä"),
              Map.entry("ouml", "ö"),
              Map.entry("uuml", "ü"),
              Map.entry("Auml", "Ä"),
              Map.entry("Ouml", "Ö"),
              Map.entry("Uuml", "Ü"),
              Map.entry("szlig", "ß"),
              Map.entry("eacute", "é"),
              Map.entry("egrave", "è"),
              Map.entry("agrave", "à"),
              Map.entry("ccedil", "ç"),
              Map.entry("zwnj", ""),
              Map.entry("shy", "")));

  private static final Pattern ENTITY =
      Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{1,10}));?");

  private final Map<String, String> names;

  private Entities(Map<String, String> names) {
    this.names = names;
  }

  /**
   * An entity that was found.
   *
   * @param end where the text goes on
   */
  record Decoded(String text, int end) {}

  /** Returns the entity that starts there; null if none does. */
  @Nullable Decoded decodeAt(String html, int at) {
    Matcher entity = ENTITY.matcher(html).region(at, html.length());
    if (!entity.lookingAt()) {
      return null;
    }
    String text = text(entity);
    return text == null ? null : new Decoded(text, entity.end());
  }

  private @Nullable String text(Matcher entity) {
    if (entity.group(1) != null) {
      return character(Integer.parseInt(entity.group(1)));
    }
    if (entity.group(2) != null) {
      return character(Integer.parseInt(entity.group(2), 16));
    }
    return names.get(entity.group(3));
  }

  private static @Nullable String character(int codePoint) {
    boolean usable =
        codePoint > 0
            && Character.isValidCodePoint(codePoint)
            && Character.getType(codePoint) != Character.SURROGATE;
    return usable ? Character.toString(codePoint) : null;
  }
}
