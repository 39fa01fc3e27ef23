package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the names of all tables and indexes begin with.
 *
 * <p>It goes into SQL as it stands, so nothing but a plain identifier is let in. With 30 characters
 * every name stays below the 63 of PostgreSQL, the 64 of MariaDB and the 256 of H2.
 */
record TablePrefix(String text) {
  private static final Pattern RULE = Pattern.compile("[a-z][a-z0-9_]{0,29}");
  private static final int SHOWN = 40;

  static final TablePrefix DEFAULT = new TablePrefix("notifier_");

  TablePrefix {
    Objects.requireNonNull(text, "table prefix");
    if (!RULE.matcher(text).matches()) {
      throw new ConfigurationException(
          "table prefix \""
              + shown(text)
              + "\" must be 1 to 30 lower-case letters a-z, digits or"
              + " underscores, and start with a letter");
    }
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
  }

  /** Puts itself where a script says <code>${prefix}</code>. */
  String fill(String script) {
    return script.replace("${prefix}", text);
  }

  /** All tables, for messages. */
  @Override
  public String toString() {
    return text + "*";
  }
}
