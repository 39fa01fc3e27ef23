package dev.notifier.channel.telegram;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the Telegram channel should do differently for one notification.
 *
 * <p>Immutable: each method returns new options. A bad value is refused at the call, with an {@link
 * dev.notifier.InvalidNotificationException}.
 *
 * <pre>{@code
 * Notification.to("telegram:129384")
 *     .text("Backup finished")
 *     .options(TelegramOptions.create().silent(true).linkPreview(false))
 * }</pre>
 */
public final class TelegramOptions implements ChannelOptions {
  private static final ChannelId CHANNEL = ChannelId.of("telegram");

  private final Map<String, String> values;

  private TelegramOptions(Map<String, String> values) {
    this.values = values;
  }

  /** Returns options that change nothing. */
  public static TelegramOptions create() {
    return new TelegramOptions(Map.of());
  }

  /** Sets how Telegram reads the text. Defaults to the channel's parse mode. */
  public TelegramOptions parseMode(ParseMode mode) {
    return with(MessageOptions.PARSE_MODE, mode.name());
  }

  /** Sets whether the message comes without a sound. Defaults to false. */
  public TelegramOptions silent(boolean on) {
    return with(MessageOptions.SILENT, Boolean.toString(on));
  }

  /** Sets whether the message cannot be forwarded or saved. Defaults to false. */
  public TelegramOptions protectContent(boolean on) {
    return with(MessageOptions.PROTECT_CONTENT, Boolean.toString(on));
  }

  /**
   * Sends to a topic of a forum.
   *
   * @param messageThreadId the id of the topic, at least 1
   */
  public TelegramOptions topic(long messageThreadId) {
    return with(MessageOptions.TOPIC, Long.toString(messageThreadId));
  }

  /** Sets whether a preview of the first link is shown. Defaults to the channel's setting. */
  public TelegramOptions linkPreview(boolean on) {
    return with(MessageOptions.LINK_PREVIEW, Boolean.toString(on));
  }

  /**
   * Sets buttons or a keyboard, as a JSON object of the Bot API such as {@code
   * {"inline_keyboard":[[{"text":"Open","url":"https://example.com"}]]}}. They go with the last
   * part of the text.
   */
  public TelegramOptions replyMarkup(String json) {
    return with(MessageOptions.REPLY_MARKUP, json);
  }

  /** Sets buttons or a keyboard, as values that are written as JSON. */
  public TelegramOptions replyMarkup(Map<String, ?> markup) {
    return replyMarkup(Json.write(markup));
  }

  /**
   * Adds a photo that Telegram fetches from an http or https URL; at most 5 MB, and 10 URLs in all.
   */
  public TelegramOptions photo(String url) {
    return add(MessageOptions.PHOTO, url);
  }

  /**
   * Adds a file that Telegram fetches from an http or https URL; at most 20 MB, and 10 URLs in all.
   */
  public TelegramOptions document(String url) {
    return add(MessageOptions.DOCUMENT, url);
  }

  private TelegramOptions add(String key, String url) {
    Objects.requireNonNull(url, key);
    MessageOptions.checkUrl(key, url);
    String earlier = values.get(key);
    return with(key, earlier == null ? url : earlier + " " + url);
  }

  private TelegramOptions with(String key, String value) {
    Map<String, String> more = new TreeMap<>(values);
    more.put(key, Objects.requireNonNull(value, key));
    MessageOptions.of(more, ParseMode.HTML, true);
    return new TelegramOptions(Map.copyOf(more));
  }

  @Override
  public ChannelId channel() {
    return CHANNEL;
  }

  @Override
  public Map<String, String> values() {
    return values;
  }

  /** Returns which options are set, never their values. */
  @Override
  public String toString() {
    return "TelegramOptions" + new TreeMap<>(values).keySet();
  }
}
