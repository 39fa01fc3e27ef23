package dev.notifier.channel.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.InvalidNotificationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The options of one message, read from their text form and checked. Immutable. */
final class MessageOptions {
  static final String PARSE_MODE = "parse-mode";
  static final String SILENT = "silent";
  static final String PROTECT_CONTENT = "protect-content";
  static final String TOPIC = "topic";
  static final String LINK_PREVIEW = "link-preview";
  static final String REPLY_MARKUP = "reply-markup";
  static final String PHOTO = "photo";
  static final String DOCUMENT = "document";

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              PARSE_MODE,
              SILENT,
              PROTECT_CONTENT,
              TOPIC,
              LINK_PREVIEW,
              REPLY_MARKUP,
              PHOTO,
              DOCUMENT));

  private static final Set<String> KEYBOARDS =
      new TreeSet<>(Set.of("inline_keyboard", "keyboard", "remove_keyboard", "force_reply"));

  private static final int MAX_URLS = 10;
  private static final int MAX_URL_LENGTH = 2048;
  private static final int MAX_CALLBACK_DATA = 64;
  private static final int SHOWN = 60;

  private final Map<String, String> values;
  private final ParseMode defaultMode;
  private final boolean defaultLinkPreview;
  private final @Nullable ObjectNode replyMarkup;

  private MessageOptions(
      Map<String, String> values, ParseMode defaultMode, boolean defaultLinkPreview) {
    this.values = values;
    this.defaultMode = defaultMode;
    this.defaultLinkPreview = defaultLinkPreview;
    this.replyMarkup =
        values.containsKey(REPLY_MARKUP) ? readMarkup(values.get(REPLY_MARKUP)) : null;
  }

  /**
   * Reads and checks options.
   *
   * @throws InvalidNotificationException if a key is unknown or a value is bad
   */
  static MessageOptions of(
      Map<String, String> values, ParseMode defaultMode, boolean defaultLinkPreview) {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw new InvalidNotificationException(
            "unknown telegram option " + quoted(key) + "; known are " + KEYS);
      }
    }
    MessageOptions options =
        new MessageOptions(Map.copyOf(values), defaultMode, defaultLinkPreview);
    options.check();
    return options;
  }

  /** Reads everything once, so that a bad value is found now. */
  private void check() {
    parseMode();
    silent();
    protectContent();
    topic();
    linkPreview();
    urls(PHOTO);
    urls(DOCUMENT);
  }

  ParseMode parseMode() {
    String value = values.get(PARSE_MODE);
    if (value == null) {
      return defaultMode;
    }
    return switch (value.toLowerCase(Locale.ROOT).replace('-', '_')) {
      case "html" -> ParseMode.HTML;
      case "markdown_v2", "markdownv2" -> ParseMode.MARKDOWN_V2;
      case "plain" -> ParseMode.PLAIN;
      default -> throw bad(PARSE_MODE, "html, markdown-v2 or plain", value);
    };
  }

  boolean silent() {
    return flag(SILENT, false);
  }

  boolean protectContent() {
    return flag(PROTECT_CONTENT, false);
  }

  boolean linkPreview() {
    return flag(LINK_PREVIEW, defaultLinkPreview);
  }

  private boolean flag(String key, boolean otherwise) {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(key, "true or false", value);
    };
  }

  OptionalLong topic() {
    String value = values.get(TOPIC);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.matches("[1-9][0-9]{0,17}")) {
      throw bad(TOPIC, "the id of a topic, a whole number above zero", value);
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  Optional<ObjectNode> replyMarkup() {
    return Optional.ofNullable(replyMarkup);
  }

  List<String> photos() {
    return urls(PHOTO);
  }

  List<String> documents() {
    return urls(DOCUMENT);
  }

  private List<String> urls(String key) {
    String value = values.get(key);
    if (value == null) {
      return List.of();
    }
    List<String> urls = List.of(value.strip().split("\\s+"));
    if (urls.size() > MAX_URLS) {
      throw bad(key, "at most " + MAX_URLS + " URLs", urls.size() + " of them");
    }
    urls.forEach(url -> checkUrl(key, url));
    return urls;
  }

  /** Refuses what Telegram could not fetch. A URL may hold a secret and is not shown. */
  static void checkUrl(String key, String url) {
    String fault = urlFault(url);
    if (!fault.isEmpty()) {
      throw new InvalidNotificationException(
          "telegram option " + quoted(key) + " must be a URL that Telegram can fetch: " + fault);
    }
  }

  private static String urlFault(String text) {
    if (text.length() > MAX_URL_LENGTH) {
      return "it must have at most " + MAX_URL_LENGTH + " characters, but has " + text.length();
    }
    try {
      URI url = new URI(text);
      if (!"https".equalsIgnoreCase(url.getScheme()) && !"http".equalsIgnoreCase(url.getScheme())) {
        return "it must start with https:// or http://";
      }
      if (url.getHost() == null) {
        return "it must name a host";
      }
      return url.getRawUserInfo() == null ? "" : "it must not hold credentials before the host";
    } catch (URISyntaxException e) {
      return "it is not a URL as RFC 3986 has it: " + e.getReason();
    }
  }

  private static ObjectNode readMarkup(String json) {
    if (!(Json.read(json) instanceof ObjectNode markup)
        || KEYBOARDS.stream().noneMatch(markup::has)) {
      throw new InvalidNotificationException(
          "telegram option "
              + quoted(REPLY_MARKUP)
              + " must be a JSON object with one of "
              + KEYBOARDS);
    }
    markup.path("inline_keyboard").forEach(row -> row.forEach(MessageOptions::checkButton));
    return markup;
  }

  private static void checkButton(JsonNode button) {
    JsonNode data = button.path("callback_data");
    if (data.isMissingNode()) {
      return;
    }
    int length = data.asText().getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > MAX_CALLBACK_DATA) {
      throw new InvalidNotificationException(
          "telegram option "
              + quoted(REPLY_MARKUP)
              + ": callback_data of a button must have 1 to "
              + MAX_CALLBACK_DATA
              + " bytes, but has "
              + length);
    }
  }

  private static InvalidNotificationException bad(String key, String rule, String value) {
    return new InvalidNotificationException(
        "telegram option " + quoted(key) + " must be " + rule + ", but was " + quoted(value));
  }

  private static String quoted(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return "\"" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "\"";
  }
}
