package dev.notifier.channel.sms;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.InvalidNotificationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the SMS channel should do differently for one notification. Immutable.
 *
 * <pre>{@code
 * Notification.to("sms:+14155550100").text("Your picture").options(SmsOptions.mediaUrl(url)).build();
 * }</pre>
 */
public final class SmsOptions implements ChannelOptions {
  private static final SmsOptions NONE = new SmsOptions(SmsChannel.ID, null, List.of());
  private static final String FROM = "from";
  private static final String MEDIA_URLS = "media-urls";
  private static final int MOST_MEDIA = 10;

  private final ChannelId channel;
  private final @Nullable Sender from;
  private final List<String> mediaUrls;

  private SmsOptions(ChannelId channel, @Nullable Sender from, List<String> mediaUrls) {
    this.channel = channel;
    this.from = from;
    this.mediaUrls = mediaUrls;
  }

  /**
   * Sends from another number, short code or name than usual. It must belong to every account of
   * the channel.
   *
   * @throws InvalidNotificationException if it is none of these
   */
  public static SmsOptions from(String sender) {
    return NONE.andFrom(sender);
  }

  /**
   * Sends a picture or the like along, which makes the message an MMS; Twilio only.
   *
   * @param url where the provider fetches it, without credentials
   * @throws InvalidNotificationException if it is no http or https URL
   */
  public static SmsOptions mediaUrl(String url) {
    return NONE.andMediaUrl(url);
  }

  /** Returns these options with another sender; see {@link #from}. */
  public SmsOptions andFrom(String sender) {
    return new SmsOptions(channel, Sender.of(sender, null), mediaUrls);
  }

  /**
   * Returns these options with one more medium; see {@link #mediaUrl}.
   *
   * @throws InvalidNotificationException if it is no http or https URL, or the eleventh
   */
  public SmsOptions andMediaUrl(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || url.chars().anyMatch(c -> c <= ' ') || !parsed.username().isEmpty()) {
      throw new InvalidNotificationException(
          "a media URL must be an http or https URL without white space and credentials, but the"
              + " one given, of "
              + url.length()
              + " characters, is not");
    }
    if (mediaUrls.size() == MOST_MEDIA) {
      throw new InvalidNotificationException("an MMS must have at most " + MOST_MEDIA + " media");
    }
    List<String> more = new ArrayList<>(mediaUrls);
    more.add(url);
    return new SmsOptions(channel, from, List.copyOf(more));
  }

  /** Returns these options for an SMS channel that does not have the usual id {@code sms}. */
  public SmsOptions forChannel(String id) {
    return new SmsOptions(ChannelId.of(id), from, mediaUrls);
  }

  /**
   * Reads options as a store kept them.
   *
   * @throws InvalidNotificationException if one is unknown or unusable
   */
  static SmsOptions of(Map<String, String> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(Set.of(FROM, MEDIA_URLS));
    if (!unknown.isEmpty()) {
      throw new InvalidNotificationException(
          "unknown SMS option " + unknown + ": there are " + FROM + " and " + MEDIA_URLS);
    }
    SmsOptions options = NONE;
    if (values.containsKey(FROM)) {
      options = options.andFrom(values.get(FROM));
    }
    for (String url : values.getOrDefault(MEDIA_URLS, "").split(" ", -1)) {
      options = url.isEmpty() ? options : options.andMediaUrl(url);
    }
    return options;
  }

  @Override
  public ChannelId channel() {
    return channel;
  }

  @Override
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    if (from != null) {
      values.put(FROM, from.value());
    }
    if (!mediaUrls.isEmpty()) {
      values.put(MEDIA_URLS, String.join(" ", mediaUrls));
    }
    return values;
  }

  Optional<Sender> sender() {
    return Optional.ofNullable(from);
  }

  List<String> mediaUrls() {
    return mediaUrls;
  }

  /** Returns which options there are, not what they say. */
  @Override
  public String toString() {
    return "SmsOptions" + values().keySet();
  }
}
