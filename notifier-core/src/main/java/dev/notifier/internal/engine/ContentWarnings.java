package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What readers of a message may stumble over, although it can be sent. */
final class ContentWarnings {
  private static final ChannelId EMAIL = ChannelId.of("email");

  /** RFC 5322, 2.1.1 recommends lines of at most 78 characters; mailboxes cut subjects there. */
  private static final int MAX_SUBJECT = 78;

  private static final Pattern IMAGE = Pattern.compile("<img\\b[^>]*+>", Pattern.CASE_INSENSITIVE);
  private static final Pattern ALT =
      Pattern.compile("\\salt\\s*+(?:=|\\s|/?>)", Pattern.CASE_INSENSITIVE);

  private ContentWarnings() {}

  static List<String> of(ChannelId channel, Content content) {
    List<String> warnings = new ArrayList<>();
    content
        .subject()
        .map(subject -> subject.codePointCount(0, subject.length()))
        .filter(length -> length > MAX_SUBJECT)
        .ifPresent(
            length ->
                warnings.add(
                    "the subject has "
                        + length
                        + " characters; beyond "
                        + MAX_SUBJECT
                        + " most readers do not see it"));
    if (channel.equals(EMAIL) && content.html().isPresent()) {
      addAboutHtml(content, content.html().get(), warnings);
    }
    return warnings;
  }

  private static void addAboutHtml(Content content, String html, List<String> warnings) {
    if (content.text().isEmpty()) {
      warnings.add("there is HTML but no plain text, for readers and filters that want it");
    }
    int images = 0;
    for (Matcher image = IMAGE.matcher(html); image.find(); ) {
      images += ALT.matcher(image.group()).find() ? 0 : 1;
    }
    if (images > 0) {
      warnings.add(images + " of the images have no alt text: write alt=\"…\" in each <img>");
    }
  }
}
