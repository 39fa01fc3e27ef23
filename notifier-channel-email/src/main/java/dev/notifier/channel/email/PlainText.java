package dev.notifier.channel.email;

import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Makes a plain text of an HTML text, for readers and filters that look at nothing else: paragraphs
 * and list items on lines of their own, links and images in words, nothing that is not shown.
 */
final class PlainText implements NodeVisitor {
  private static final Set<String> UNSEEN =
      Set.of("head", "title", "style", "script", "template", "noscript", "object");
  private static final Set<String> APART =
      Set.of(
          "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote");

  private final StringBuilder text = new StringBuilder();
  private int unseen;
  private int preformatted;

  private PlainText() {}

  /** Returns the text without white space at its ends, empty if the HTML shows no words. */
  static String of(String html) {
    PlainText plain = new PlainText();
    Jsoup.parse(html).traverse(plain);
    return plain.text.toString().strip();
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode words && unseen == 0) {
      add(words);
    } else if (node instanceof Element element) {
      begin(element);
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      end(element);
    }
  }

  private void add(TextNode words) {
    if (preformatted > 0) {
      text.append(words.getWholeText());
    } else {
      String line = words.getWholeText().replaceAll("[ \\t\\r\\n\\f]+", " ");
      text.append(isAtLineStart() || endsWithSpace() ? line.stripLeading() : line);
    }
  }

  private void begin(Element element) {
    String name = element.normalName();
    if (isUnseen(element)) {
      unseen++;
    }
    if (unseen > 0) {
      return;
    }
    switch (name) {
      case "br" -> text.append('\n');
      case "hr" -> line("----------");
      case "img" -> text.append(element.attr("alt").strip());
      case "li" -> {
        startLine();
        text.append("* ");
      }
      case "td", "th" -> space();
      default -> startBlock(element);
    }
    preformatted += name.equals("pre") ? 1 : 0;
  }

  private void end(Element element) {
    String name = element.normalName();
    if (isUnseen(element)) {
      unseen--;
      return;
    }
    if (unseen > 0) {
      return;
    }
    preformatted -= name.equals("pre") ? 1 : 0;
    if (name.equals("a")) {
      addTarget(element);
    } else if (!name.equals("td") && !name.equals("th")) {
      startBlock(element);
    }
  }

  /** Previews that are hidden in newsletters are hidden here too. */
  private static boolean isUnseen(Element element) {
    return UNSEEN.contains(element.normalName())
        || element.hasAttr("hidden")
        || element.attr("style").replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
  }

  private void addTarget(Element link) {
    String target = link.attr("href").strip();
    String shown = link.text().strip();
    boolean worthIt =
        target.matches("(?i)(?:https?|mailto|tel):.+")
            && !target.replaceFirst("(?i)^(?:mailto|tel):", "").equals(shown);
    if (worthIt) {
      space();
      text.append('<').append(target).append('>');
    }
  }

  private void startBlock(Element element) {
    if (APART.contains(element.normalName())) {
      startLine();
      if (text.length() > 0 && !endsWithEmptyLine()) {
        text.append('\n');
      }
    } else if (element.isBlock()) {
      startLine();
    }
  }

  private void space() {
    if (!isAtLineStart() && !endsWithSpace()) {
      text.append(' ');
    }
  }

  private void line(String content) {
    startLine();
    text.append(content).append('\n');
  }

  private void startLine() {
    while (endsWithSpace()) {
      text.setLength(text.length() - 1);
    }
    if (!isAtLineStart()) {
      text.append('\n');
    }
  }

  private boolean isAtLineStart() {
    return text.length() == 0 || text.charAt(text.length() - 1) == '\n';
  }

  private boolean endsWithEmptyLine() {
    return text.length() > 1 && isAtLineStart() && text.charAt(text.length() - 2) == '\n';
  }

  private boolean endsWithSpace() {
    return text.length() > 0 && text.charAt(text.length() - 1) == ' ';
  }
}
