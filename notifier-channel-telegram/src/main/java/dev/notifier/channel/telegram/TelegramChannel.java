package dev.notifier.channel.telegram;

import dev.notifier.CallbackRequest;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.RateLimit;
import dev.notifier.Verification;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpReply;
import dev.notifier.http.HttpSender;
import dev.notifier.http.NoReply;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.spi.DeliveryUpdate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages and files by a Telegram bot.
 *
 * <p>A text that is too long for one message goes out in several, in order, as one delivery. When
 * one of them fails, a retry goes on with that one; which have left is remembered in this process
 * only, so that after a restart the message begins anew. The id of an accepted message is that of
 * its first part, and is unique within its chat only.
 *
 * <p>Telegram recognises no repeats: if an answer is lost, the result is ambiguous, and a retry may
 * show the message twice. Thread-safe.
 *
 * @see <a href="https://core.telegram.org/bots/api">Bot API</a>
 */
public final class TelegramChannel implements Channel {
  private static final RateLimit DEFAULT_LIMIT = RateLimit.perSecond(30);
  private static final RateLimit DEFAULT_CHAT_LIMIT = RateLimit.perSecond(1);

  private final BotApi api;
  private final Composer composer;
  private final Courier courier;
  private final UpdateIntake updates;

  private TelegramChannel(Builder builder) {
    Events events = new Events(builder.listeners);
    this.api = builder.api();
    this.composer = new Composer(builder.parseMode, builder.linkPreview, builder.maxParts);
    this.courier =
        new Courier(api, composer, new ChatPace(builder.groupLimit, builder.clock), events);
    this.updates = new UpdateIntake(Optional.ofNullable(builder.callbackSecret), events);
  }

  /**
   * Starts the configuration of a bot.
   *
   * @param token what BotFather gave: digits, a colon and 35 characters
   * @throws IllegalArgumentException if it has another form; the message does not show it
   */
  public static Builder bot(String token) {
    return new Builder(token);
  }

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) {
    try {
      return courier.send(attempt);
    } catch (InvalidNotificationException e) { // an interceptor has changed what was checked
      return DeliveryResult.permanentFailure(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void check(DeliveryAttempt attempt) {
    composer.compose(attempt);
  }

  /** Returns in how many messages it would go, and whether the HTML or the text is used. */
  @Override
  public List<String> preview(DeliveryAttempt attempt) {
    return composer.compose(attempt).notes();
  }

  /** Calls {@code getMe}. */
  @Override
  public Verification verify() {
    HttpOutcome outcome = api.getMe();
    if (outcome instanceof NoReply noReply) {
      return Verification.unreachable(noReply.reason());
    }
    return verdict(BotReply.of((HttpReply) outcome, api.redaction()));
  }

  private static Verification verdict(BotReply reply) {
    if (reply.isOk()) {
      return Verification.works("bot @" + reply.result().path("username").asText("without a name"));
    }
    return reply.status() >= 500 || reply.status() == 429
        ? Verification.unreachable(reply.reason())
        : Verification.refused(reply.reason() + ": check the token and the base URL");
  }

  /**
   * Understands updates that Telegram posts: {@link TelegramListener} tells what they are. They
   * name no message, so that none moves a delivery.
   */
  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    updates.accept(request);
    return List.of();
  }

  /** Keeps to 30 messages a second, and 1 a second to each chat, unless other limits are set. */
  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    return defaults.toBuilder()
        .rateLimit(defaults.rateLimit().orElse(DEFAULT_LIMIT))
        .recipientRateLimit(defaults.recipientRateLimit().orElse(DEFAULT_CHAT_LIMIT))
        .build();
  }

  @Override
  public void close() {
    api.close();
  }

  /** Returns the server, and not the token. */
  @Override
  public String toString() {
    return "TelegramChannel[" + api + "]";
  }

  /** Collects the settings of the channel. Not thread-safe. */
  public static final class Builder implements ChannelFactory {
    private static final ChannelId ID = ChannelId.of("telegram");
    private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{35}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int REPLY_BYTES = 1024 * 1024;
    static final int LARGEST_MAX_PARTS = 100;

    private final String token;
    private final HttpSender.Builder http =
        HttpSender.builder()
            .readTimeout(Duration.ofSeconds(30)) // Telegram may be fetching a file meanwhile
            .callTimeout(Duration.ofMinutes(2))
            .keptBytes(REPLY_BYTES);
    private final List<TelegramListener> listeners = new ArrayList<>();
    private HttpUrl baseUrl = HttpUrl.get("https://api.telegram.org");
    private ParseMode parseMode = ParseMode.HTML;
    private boolean linkPreview = true;
    private int maxParts = 10;
    private @Nullable RateLimit groupLimit = RateLimit.perMinute(20);
    private @Nullable String callbackSecret;
    private InstantSource clock = InstantSource.system();

    private Builder(String token) {
      if (!TOKEN.matcher(Objects.requireNonNull(token, "token")).matches()) {
        throw new IllegalArgumentException(
            "a bot token must be digits, a colon and 35 letters, digits, - or _, as BotFather gives"
                + " it, but has another form ("
                + token.length()
                + " characters; not shown)");
      }
      this.token = token;
    }

    /**
     * Sets the server, for a local Bot API server. Defaults to {@code https://api.telegram.org}.
     *
     * @param url http or https, without credentials, query or the part that holds the token
     * @throws IllegalArgumentException if it is something else
     */
    public Builder baseUrl(String url) {
      HttpUrl parsed = HttpUrl.parse(Objects.requireNonNull(url, "url"));
      if (parsed == null
          || !parsed.username().isEmpty()
          || !parsed.password().isEmpty()
          || parsed.query() != null
          || parsed.fragment() != null
          || parsed.encodedPath().contains(":")
          || parsed.encodedPath().contains("%3A")) {
        throw new IllegalArgumentException(
            "the base URL of the Bot API must be http or https without credentials, query, fragment"
                + " and token, such as https://api.telegram.org (not shown, since it may hold a"
                + " secret)");
      }
      this.baseUrl = parsed;
      return this;
    }

    /** Sets how Telegram reads texts. Defaults to {@link ParseMode#HTML}. */
    public Builder parseMode(ParseMode mode) {
      this.parseMode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /** Sets whether a preview of the first link is shown. Defaults to true, as in Telegram. */
    public Builder linkPreview(boolean on) {
      this.linkPreview = on;
      return this;
    }

    /**
     * Sets into how many messages a long text may be cut; a longer one is refused. Defaults to 10.
     *
     * @throws IllegalArgumentException if it is not from 1 to 100
     */
    public Builder maxParts(int messages) {
      if (messages < 1 || messages > LARGEST_MAX_PARTS) {
        throw new IllegalArgumentException(
            "maxParts must be from 1 to " + LARGEST_MAX_PARTS + ", but was " + messages);
      }
      this.maxParts = messages;
      return this;
    }

    /**
     * Sets how many messages may go to one group or channel in a period; each part of a long text
     * counts. Defaults to 20 a minute.
     *
     * @throws IllegalArgumentException if it is more than 1,000 messages
     */
    public Builder groupLimit(RateLimit limit) {
      if (limit.permits() > 1000) {
        throw new IllegalArgumentException(
            "groupLimit must allow at most 1000 messages a period, but was " + limit.permits());
      }
      this.groupLimit = limit;
      return this;
    }

    /** Removes the limit of groups; Telegram's own remains. */
    public Builder withoutGroupLimit() {
      this.groupLimit = null;
      return this;
    }

    /**
     * Sets how long connecting may take. Defaults to 5 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder connectTimeout(Duration timeout) {
      http.connectTimeout(timeout);
      return this;
    }

    /**
     * Sets how long the server may be silent while it owes an answer. Defaults to 30 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder readTimeout(Duration timeout) {
      http.readTimeout(timeout);
      return this;
    }

    /**
     * Sets how long the server may take no byte while a request is sent. Defaults to 10 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder writeTimeout(Duration timeout) {
      http.writeTimeout(timeout);
      return this;
    }

    /**
     * Sets how long one request may take in all, a large file included. Defaults to 2 minutes.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder callTimeout(Duration timeout) {
      http.callTimeout(timeout);
      return this;
    }

    /**
     * Sets the secret token that was given to {@code setWebhook}. Without it every callback is
     * refused. None by default.
     *
     * @param secret 1 to 256 letters, digits, - or _
     * @throws IllegalArgumentException if it has another form; the message does not show it
     */
    public Builder callbackSecret(String secret) {
      if (!SECRET.matcher(Objects.requireNonNull(secret, "secret")).matches()) {
        throw new IllegalArgumentException(
            "the callback secret must be 1 to 256 letters, digits, - or _ (not shown)");
      }
      this.callbackSecret = secret;
      return this;
    }

    /** Adds a listener; several are told in the order in which they were added. */
    public Builder listener(TelegramListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Sets the clock by which limits are kept. Defaults to the system's; meant for tests. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      http.clock(clock);
      return this;
    }

    @Override
    public ChannelId id() {
      return ID;
    }

    @Override
    public TelegramChannel create() {
      return new TelegramChannel(this);
    }

    private BotApi api() {
      return new BotApi(baseUrl, token, http.build());
    }

    /** Returns nothing of the token. */
    @Override
    public String toString() {
      return "TelegramChannel.Builder[" + baseUrl.host() + "]";
    }
  }
}
