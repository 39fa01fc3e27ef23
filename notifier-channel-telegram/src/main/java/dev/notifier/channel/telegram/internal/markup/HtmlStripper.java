package dev.notifier.channel.telegram.internal.markup;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the words out of HTML that was written for a mail program. It refuses nothing: what is no
 * tag is text. Used once.
 */
final class HtmlStripper {
  /** The number of attributes is bounded, since the matcher needs stack for each. */
  private static final Pattern TAG =
      Pattern.compile(
          "<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+'){0,100}+)>");

  private static final Pattern TARGET =
      Pattern.compile("\\shref\\s*+=\\s*+(?:\"([^\"]*+)\"|'([^']*+)')", Pattern.CASE_INSENSITIVE);

  private static final Set<String> UNSEEN = Set.of("head", "style", "script", "title", "template");
  private static final Set<String> PARAGRAPHS =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre");
  private static final Set<String> LINES =
      Set.of("br", "div", "tr", "li", "section", "article", "header", "footer", "hr", "dt", "dd");

  private final String html;
  private final Matcher tag;
  private final StringBuilder out = new StringBuilder();
  private @Nullable String target;
  private int targetStart;
  private int at;

  HtmlStripper(String html) {
    this.html = html;
    this.tag = TAG.matcher(html);
  }

  String strip() {
    while (at < html.length()) {
      readOne();
    }
    return out.toString().replaceAll(" *\n *", "\n").replaceAll("\n{3,}", "\n\n").strip();
  }

  private void readOne() {
    char c = html.charAt(at);
    if (html.startsWith("<!", at) || html.startsWith("<?", at)) {
      skipComment();
    } else if (c == '<' && tag.region(at, html.length()).lookingAt()) {
      at = tag.end();
      readTag(tag.group(2).toLowerCase(Locale.ROOT), !tag.group(1).isEmpty());
    } else if (c == '&') {
      readEntity();
    } else {
      append(c);
      at++;
    }
  }

  private void skipComment() {
    boolean comment = html.startsWith("<!--", at);
    String end = comment ? "-->" : ">";
    int found = html.indexOf(end, at);
    at = found < 0 ? html.length() : found + end.length();
  }

  private void readTag(String name, boolean closing) {
    if (UNSEEN.contains(name)) {
      if (!closing) {
        skipTo("</" + name);
      }
    } else if (name.equals("a")) {
      readLink(closing);
    } else if (PARAGRAPHS.contains(name)) {
      breakLine("\n\n");
    } else if (LINES.contains(name)) {
      breakLine("\n");
      out.append(name.equals("li") && !closing ? "• " : "");
    } else if (name.equals("td") || name.equals("th")) {
      append(' ');
    }
  }

  private void skipTo(String endTag) {
    int from = at;
    while (from < html.length() && !html.regionMatches(true, from, endTag, 0, endTag.length())) {
      from++;
    }
    at = from;
  }

  private void readLink(boolean closing) {
    if (!closing) {
      target = target(tag.group(3));
      targetStart = out.length();
    } else if (target != null) {
      String shown = out.substring(Math.min(targetStart, out.length())).strip();
      if (!shown.contains(target)) {
        out.append(" (").append(target).append(')');
      }
      target = null;
    }
  }

  private static @Nullable String target(String attributes) {
    Matcher found = TARGET.matcher(attributes);
    if (!found.find()) {
      return null;
    }
    String target = found.group(1) != null ? found.group(1) : found.group(2);
    return target.startsWith("http") ? target.replace("&amp;", "&") : null;
  }

  private void readEntity() {
    Entities.Decoded entity = Entities.COMMON.decodeAt(html, at);
    if (entity == null) {
      out.append('&');
      at++;
    } else {
      entity.text().chars().forEach(c -> append((char) c));
      at = entity.end();
    }
  }

  private void breakLine(String separator) {
    if (out.length() > 0) {
      out.append(separator);
    }
  }

  private void append(char c) {
    if (!Character.isWhitespace(c)) {
      out.append(c);
    } else if (out.length() > 0 && !Character.isWhitespace(out.charAt(out.length() - 1))) {
      out.append(' ');
    }
  }
}
