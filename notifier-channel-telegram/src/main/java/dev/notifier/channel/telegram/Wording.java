package dev.notifier.channel.telegram;

import dev.notifier.Content;
import dev.notifier.channel.telegram.internal.markup.Escapes;
import dev.notifier.channel.telegram.internal.markup.Markup;
import dev.notifier.channel.telegram.internal.markup.PlainText;
import java.util.Optional;

/**
 * What of a content Telegram gets: the subject as a bold first line, then the HTML or the text.
 *
 * @param mode how Telegram is to read it
 * @param note what a sender should know of the choice; empty if nothing
 */
record Wording(Markup markup, ParseMode mode, String note) {
  /** Chooses what is said. */
  static Wording of(Content content, ParseMode mode) {
    return switch (mode) {
      case HTML -> html(content);
      case MARKDOWN_V2 -> markdown(content);
      case PLAIN -> plain(content, "");
    };
  }

  private static Wording html(Content content) {
    String heading = heading(content, "<b>", Escapes.html(subject(content)), "</b>");
    Optional<String> html = content.html().filter(body -> !body.isBlank());
    Optional<Markup> asItStands =
        html.flatMap(body -> Markup.html(heading + body)).filter(markup -> !markup.isBlank());
    return asItStands
        .map(markup -> new Wording(markup, ParseMode.HTML, ""))
        .orElseGet(() -> escapedHtml(heading, content, html.isPresent()));
  }

  private static Wording escapedHtml(String heading, Content content, boolean replacesHtml) {
    String source = heading + Escapes.html(body(content));
    Markup markup = Markup.html(source).orElseThrow(() -> new AssertionError("escaped HTML"));
    String instead = hasText(content) ? "the text is sent instead" : "only its words are sent";
    return new Wording(
        markup,
        ParseMode.HTML,
        replacesHtml ? "the HTML holds what Telegram does not know: " + instead : "");
  }

  private static Wording markdown(Content content) {
    String heading = heading(content, "*", Escapes.markdownV2(subject(content)), "*");
    String body = hasText(content) ? body(content) : Escapes.markdownV2(body(content));
    String source = heading + body;
    return Markup.markdownV2(source)
        .map(markup -> new Wording(markup, ParseMode.MARKDOWN_V2, ""))
        .orElseGet(() -> doubtfulMarkdown(source, content));
  }

  /** Telegram has the last word on a short text; a long one must be cut, and so understood. */
  private static Wording doubtfulMarkdown(String source, Content content) {
    String doubt = "the text does not seem to be valid MarkdownV2 and may be sent as plain text";
    if (source.codePointCount(0, source.length()) > Composer.MAX_TEXT) {
      return plain(content, doubt);
    }
    Markup markup = Markup.opaque(source, PlainText.ofMarkdownV2(source));
    return new Wording(markup, ParseMode.MARKDOWN_V2, doubt);
  }

  private static Wording plain(Content content, String note) {
    String heading = heading(content, "", subject(content), "");
    return new Wording(Markup.plain(heading + body(content)), ParseMode.PLAIN, note);
  }

  private static String heading(Content content, String start, String subject, String end) {
    if (subject.isBlank()) {
      return "";
    }
    return start + subject + end + (body(content).isBlank() ? "" : "\n\n");
  }

  private static String subject(Content content) {
    return content.subject().orElse("");
  }

  private static boolean hasText(Content content) {
    return content.text().filter(text -> !text.isBlank()).isPresent();
  }

  private static String body(Content content) {
    return content
        .text()
        .filter(text -> !text.isBlank())
        .orElseGet(() -> content.html().map(PlainText::ofHtml).orElse(""));
  }
}
