package dev.notifier.channel.telegram.internal.markup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads HTML as the Bot API does: a few tags, each closed in order, and four named entities.
 *
 * @see <a href="https://core.telegram.org/bots/api#html-style">Bot API, HTML style</a>
 */
final class HtmlTokens {
  private static final Set<String> TAGS =
      Set.of(
          "a",
          "b",
          "blockquote",
          "code",
          "del",
          "em",
          "i",
          "ins",
          "pre",
          "s",
          "span",
          "strike",
          "strong",
          "u");

  /** The number of attributes is bounded, since the matcher needs stack for each. */
  private static final Pattern START_TAG =
      Pattern.compile(
          "<([a-zA-Z][a-zA-Z0-9-]*+)"
              + "((?:\\s++[^\\s<>\"'=/]++(?:=(?:\"[^\"]*+\"|'[^']*+'|[a-zA-Z0-9.-]++))?+){0,20}+)\\s*+>");

  private static final Pattern END_TAG = Pattern.compile("</([a-zA-Z][a-zA-Z0-9-]*+)\\s*+>");
  private static final Pattern SPOILER_CLASS =
      Pattern.compile("\\sclass=[\"']?tg-spoiler[\"']?(?:\\s|$)");

  private final String html;
  private final Matcher startTag;
  private final Matcher endTag;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<String> open = new ArrayDeque<>();
  private int at;
  private int nextTag = -1; // remembered, or else a text full of entities is searched for each
  private int nextEntity = -1;

  private HtmlTokens(String html) {
    this.html = html;
    this.startTag = START_TAG.matcher(html);
    this.endTag = END_TAG.matcher(html);
  }

  /** Returns the tokens; empty if Telegram would refuse the text. */
  static Optional<List<Token>> of(String html) {
    HtmlTokens reader = new HtmlTokens(html);
    while (reader.at < html.length()) {
      if (!reader.readOne()) {
        return Optional.empty();
      }
    }
    return reader.open.isEmpty() ? Optional.of(reader.tokens) : Optional.empty();
  }

  private boolean readOne() {
    return switch (html.charAt(at)) {
      case '<' -> readTag();
      case '&' -> readEntity();
      default -> readText(at);
    };
  }

  private boolean readText(int start) {
    if (nextTag <= start) {
      nextTag = next('<', start + 1);
    }
    if (nextEntity <= start) {
      nextEntity = next('&', start + 1);
    }
    int end = Math.min(nextTag, nextEntity);
    tokens.add(Token.text(html.substring(at, end)));
    at = end;
    return true;
  }

  private int next(char c, int from) {
    int found = html.indexOf(c, from);
    return found < 0 ? html.length() : found;
  }

  private boolean readEntity() {
    Entities.Decoded entity = Entities.TELEGRAM.decodeAt(html, at);
    if (entity == null) {
      return readText(at); // an ampersand that starts none stands for itself
    }
    tokens.add(Token.atom(html.substring(at, entity.end()), entity.text()));
    at = entity.end();
    return true;
  }

  private boolean readTag() {
    if (startTag.region(at, html.length()).lookingAt()) {
      return open(startTag.group(1).toLowerCase(Locale.ROOT), startTag.group(2));
    }
    if (endTag.region(at, html.length()).lookingAt()) {
      return close(endTag.group(1).toLowerCase(Locale.ROOT));
    }
    return false;
  }

  private boolean open(String name, String attributes) {
    if (!isKnown(name, attributes)) {
      return false;
    }
    open.push(name);
    tokens.add(Token.open(startTag.group(), "</" + name + ">"));
    at = startTag.end();
    return true;
  }

  private static boolean isKnown(String name, String attributes) {
    if (name.equals("span")) {
      return SPOILER_CLASS.matcher(attributes).find();
    }
    return TAGS.contains(name) || name.startsWith("tg-"); // tags of its own, which become more
  }

  private boolean close(String name) {
    if (!name.equals(open.peek())) {
      return false;
    }
    open.pop();
    tokens.add(Token.close(endTag.group()));
    at = endTag.end();
    return true;
  }
}
