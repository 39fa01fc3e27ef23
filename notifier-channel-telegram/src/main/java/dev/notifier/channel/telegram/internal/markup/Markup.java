package dev.notifier.channel.telegram.internal.markup;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Text as Telegram would read it, in HTML, in MarkdownV2 or as it stands. Immutable.
 *
 * <p>Lengths are counted as Telegram counts them: in code points, of what is left when the markup
 * is taken away.
 */
public final class Markup {
  private final List<Token> tokens;
  private final int length;

  Markup(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
    this.length = tokens.stream().mapToInt(Token::length).sum();
  }

  /** Returns text without markup. */
  public static Markup plain(String text) {
    return new Markup(List.of(Token.text(text)));
  }

  /** Returns HTML; empty if Telegram would not understand it. */
  public static Optional<Markup> html(String source) {
    return HtmlTokens.of(source).map(Markup::new);
  }

  /** Returns MarkdownV2; empty if Telegram would not understand it. */
  public static Optional<Markup> markdownV2(String source) {
    return MarkdownTokens.of(source).map(Markup::new);
  }

  /** Returns markup that only Telegram can judge, and that cannot be cut. */
  public static Markup opaque(String source, String visible) {
    return new Markup(List.of(Token.atom(source, visible)));
  }

  /** Returns how many code points a reader sees. */
  public int length() {
    return length;
  }

  /** Returns what is written. */
  public String source() {
    return joined(Token::source);
  }

  /** Returns what a reader sees, without any markup. */
  public String visible() {
    return joined(Token::visible);
  }

  /** Most texts are one token, which needs no copy. */
  private String joined(Function<Token, String> part) {
    return tokens.size() == 1
        ? part.apply(tokens.get(0))
        : tokens.stream().map(part).collect(Collectors.joining());
  }

  /** Tells whether a reader sees nothing but white space. */
  public boolean isBlank() {
    return tokens.stream().allMatch(token -> token.visible().isBlank());
  }

  /**
   * Cuts it into parts of at most {@code limit} visible code points, preferably between paragraphs,
   * lines or words. What is open at a cut is closed before it and opened again after it. A part
   * that would be blank is left out, since Telegram refuses it.
   */
  public List<Markup> split(int limit) {
    if (length <= limit) {
      return isBlank() ? List.of() : List.of(this);
    }
    return new Splitter(visible(), limit).split(tokens);
  }

  /** Returns how long it is, never what it says. */
  @Override
  public String toString() {
    return "Markup[" + length + " code points]";
  }
}
