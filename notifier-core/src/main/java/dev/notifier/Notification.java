package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to say, to whom, by which channels and how urgently.
 *
 * <p>Immutable and thread-safe; it can be sent any number of times, and each send is a notification
 * with an id of its own. Everything in it is checked when it is built:
 *
 * <pre>{@code
 * Notification.to(Recipient.named("user-42").email("ada@example.com").sms("+4915112345678"))
 *     .via("email").orElse("sms")
 *     .subject("Your order has shipped")
 *     .text("It arrives on Monday.")
 *     .priority(Priority.HIGH)
 *     .build();
 * }</pre>
 */
public final class Notification {
  private final Recipient recipient;
  private final Route route;
  private final Priority priority;
  private final Content content;
  private final Map<ChannelId, Content> contentByChannel;
  private final Map<ChannelId, Map<String, String>> options;
  private final Map<String, Object> data;
  private final List<Attachment> attachments;
  private final OnAmbiguity onAmbiguity;
  private final @Nullable String idempotencyKey;
  private final @Nullable Duration expiresAfter;
  private final @Nullable String correlationId;
  private final Set<String> tags;
  private final @Nullable Instant sendAt;
  private final @Nullable String category;
  private final boolean transactional;
  private final @Nullable TemplateReference template;
  private final @Nullable Map<String, Object> templateData; // null once it is rendered
  private final Locale locale;
  private final ZoneId zone;
  private final @Nullable NotificationId replayOf;

  private Notification(Builder builder, Route route) {
    this.recipient = builder.recipient;
    this.route = route;
    this.priority = builder.priority;
    this.content = builder.content;
    this.contentByChannel = Map.copyOf(builder.contentByChannel);
    this.options = Map.copyOf(builder.options);
    this.data = builder.data;
    this.attachments = List.copyOf(builder.attachments);
    this.onAmbiguity = builder.onAmbiguity;
    this.idempotencyKey = builder.idempotencyKey;
    this.expiresAfter = builder.expiresAfter;
    this.correlationId = builder.correlationId;
    this.tags = builder.tags;
    this.sendAt = builder.sendAt;
    this.category = builder.category;
    this.transactional = builder.transactional;
    this.template = builder.template;
    this.templateData = builder.templateData;
    this.locale = builder.locale != null ? builder.locale : recipient.locale().orElse(Locale.ROOT);
    this.zone = builder.zone != null ? builder.zone : recipient.zone().orElse(ZoneOffset.UTC);
    this.replayOf = builder.replayOf;
  }

  /** Copies a notification that says something else, or nothing. */
  private Notification(
      Notification other,
      @Nullable TemplateReference template,
      Content content,
      Map<ChannelId, Content> contentByChannel,
      Map<ChannelId, Map<String, String>> options,
      Map<String, Object> data,
      List<Attachment> attachments,
      @Nullable Map<String, Object> templateData) {
    this.recipient = other.recipient;
    this.route = other.route;
    this.priority = other.priority;
    this.content = content;
    this.contentByChannel = Map.copyOf(contentByChannel);
    this.options = Map.copyOf(options);
    this.data = data;
    this.attachments = attachments;
    this.onAmbiguity = other.onAmbiguity;
    this.idempotencyKey = other.idempotencyKey;
    this.expiresAfter = other.expiresAfter;
    this.correlationId = other.correlationId;
    this.tags = other.tags;
    this.sendAt = other.sendAt;
    this.category = other.category;
    this.transactional = other.transactional;
    this.template = template;
    this.templateData = templateData;
    this.locale = other.locale;
    this.zone = other.zone;
    this.replayOf = other.replayOf;
  }

  /** Copies a notification that is sent once more. */
  private Notification(
      Notification other, Route route, NotificationId replayOf, @Nullable String idempotencyKey) {
    this.recipient = other.recipient;
    this.route = route;
    this.priority = other.priority;
    this.content = other.content;
    this.contentByChannel = other.contentByChannel;
    this.options = other.options;
    this.data = other.data;
    this.attachments = other.attachments;
    this.onAmbiguity = other.onAmbiguity;
    this.idempotencyKey = idempotencyKey;
    this.expiresAfter = other.expiresAfter;
    this.correlationId = other.correlationId == null ? replayOf.toString() : other.correlationId;
    this.tags = other.tags;
    this.category = other.category;
    this.transactional = other.transactional;
    this.sendAt = null;
    this.template = other.template;
    this.templateData = other.templateData;
    this.locale = other.locale;
    this.zone = other.zone;
    this.replayOf = replayOf;
  }

  /**
   * Starts a notification to one address, written as {@code channel:value}, for example {@code
   * email:ada@example.com}.
   *
   * @throws InvalidNotificationException if the address is not valid
   */
  public static Builder to(String address) {
    return to(Recipient.of(Address.parse(address)));
  }

  /** Starts a notification to a recipient. */
  public static Builder to(Recipient recipient) {
    return new Builder(Objects.requireNonNull(recipient, "recipient"));
  }

  /** Returns whom it is for. */
  public Recipient recipient() {
    return recipient;
  }

  /** Returns the channels it tries. */
  public Route route() {
    return route;
  }

  /** Returns how urgent it is. */
  public Priority priority() {
    return priority;
  }

  /** Returns what it says on a channel: that channel's own content, or else the general one. */
  public Content contentFor(ChannelId channel) {
    return contentByChannel.getOrDefault(channel, content);
  }

  /** Returns what it says on channels that have no content of their own. */
  public Content content() {
    return content;
  }

  /** Returns the contents that replace the general one on some channels. */
  public Map<ChannelId, Content> contentByChannel() {
    return contentByChannel;
  }

  /** Returns what a channel should do differently for it, by key. */
  public Map<String, String> optionsFor(ChannelId channel) {
    return options.getOrDefault(channel, Map.of());
  }

  /** Returns what each channel should do differently for it, by key. */
  public Map<ChannelId, Map<String, String>> options() {
    return options;
  }

  /** Returns its values for machines to read. */
  public Map<String, Object> data() {
    return data;
  }

  /** Returns the files that go with it. */
  public List<Attachment> attachments() {
    return attachments;
  }

  /** Returns what to do when a provider's answer was lost. */
  public OnAmbiguity onAmbiguity() {
    return onAmbiguity;
  }

  /** Returns the key by which a second send is recognised, if there is one. */
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  /** Returns how long after acceptance it may still be sent, if that is limited. */
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  /** Returns the id that ties its log lines to the application's own, if there is one. */
  public Optional<String> correlationId() {
    return Optional.ofNullable(correlationId);
  }

  /** Returns the words by which it is found again, in alphabetical order. */
  public Set<String> tags() {
    return tags;
  }

  /** Returns when it is to be sent, if that is not at once. */
  public Optional<Instant> sendAt() {
    return Optional.ofNullable(sendAt);
  }

  /** Returns what kind of notification it is, if its recipient may opt out of that. */
  public Optional<String> category() {
    return Optional.ofNullable(category);
  }

  /** Tells whether it is sent whatever its recipient has opted out of. */
  public boolean isTransactional() {
    return transactional;
  }

  /**
   * Returns this notification without content, data and attachments: what a store keeps that is
   * told to keep no content.
   */
  public Notification withoutContent() {
    return new Notification(
        this, template, Content.EMPTY, Map.of(), options, Map.of(), List.of(), null);
  }

  /**
   * Returns the template that its contents come from, if there is one. Once the notification was
   * accepted it names the version too, if the template has versions.
   */
  public Optional<TemplateReference> template() {
    return Optional.ofNullable(template);
  }

  /** Tells whether its template is still to be rendered, as it is when the notification is sent. */
  public boolean isUnrendered() {
    return templateData != null;
  }

  /** Returns the values for its template; empty once it is rendered. */
  public Map<String, Object> templateData() {
    return templateData == null ? Map.of() : templateData;
  }

  /** Returns the language in which its template is rendered; {@link Locale#ROOT} if not set. */
  public Locale locale() {
    return locale;
  }

  /** Returns the zone in which its template shows dates and times. Defaults to UTC. */
  public ZoneId zone() {
    return zone;
  }

  /** Returns which notification this one sends once more, if it does. */
  public Optional<NotificationId> replayOf() {
    return Optional.ofNullable(replayOf);
  }

  /**
   * Returns this notification as it is sent once more, for the engine: at once, with a life that
   * begins anew, and without its idempotency key. What its template made of it stays as it is. If
   * it has no correlation id, the id of the first one becomes it.
   *
   * @param first the id under which this one was accepted
   * @param legs the legs of the route that are to go again, by index
   * @param once whether it has an idempotency key by which a store takes a single such replay of
   *     the first one, for as long as it knows that
   */
  public Notification again(NotificationId first, List<Integer> legs, boolean once) {
    Route again =
        Route.of(
            legs.stream().map(route.legs()::get).toList(),
            route.fallbackOn(),
            route.fallbackAfter().orElse(null));
    return new Notification(
        this, again, Objects.requireNonNull(first, "first"), once ? "replay-of-" + first : null);
  }

  /**
   * Returns this notification as its template made it, for the engine.
   *
   * @param template the template, with the version that was used if it has versions
   * @param contents what each channel says that does not say the general content
   * @param options the options of each channel
   */
  public Notification rendered(
      TemplateReference template,
      Map<ChannelId, Content> contents,
      Map<ChannelId, Map<String, String>> options) {
    return new Notification(this, template, content, contents, options, data, attachments, null);
  }

  /**
   * Returns this notification with more values for its template; of two with the same name, the new
   * one.
   *
   * @param more as in {@link Builder#template(String, Map)}
   * @throws InvalidNotificationException if it names no template, was rendered already, or a value
   *     is not one for a template
   */
  public Notification withTemplateData(Map<String, ?> more) {
    if (templateData == null) {
      throw new InvalidNotificationException(
          "values for a template need a notification with one: call template(name, data)");
    }
    Map<String, Object> all = new LinkedHashMap<>(templateData);
    all.putAll(more);
    return new Notification(
        this,
        template,
        content,
        contentByChannel,
        options,
        data,
        attachments,
        TemplateValues.copyOf(all));
  }

  /** Returns the masked recipient, the route and the priority, never what it says. */
  @Override
  public String toString() {
    return "Notification[to=" + recipient + ", via=" + route + ", priority=" + priority + "]";
  }

  /**
   * Collects the parts of a notification and refuses each bad one at the call that brings it.
   *
   * <p>Not thread-safe. A builder can build several notifications.
   */
  public static final class Builder {
    private static final int MAX_KEY = 200;
    private static final int MAX_TAGS = 8;
    private static final int MAX_TAG = 64;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final Recipient recipient;
    private final List<List<ChannelId>> legs = new ArrayList<>();
    private final Map<ChannelId, Content> contentByChannel = new HashMap<>();
    private final Map<ChannelId, Map<String, String>> options = new HashMap<>();
    private final List<Attachment> attachments = new ArrayList<>();
    private boolean fansOut;
    private Content content = Content.EMPTY;
    private Map<String, Object> data = Map.of();
    private Priority priority = Priority.NORMAL;
    private OnAmbiguity onAmbiguity = OnAmbiguity.RETRY;
    private Route.FallbackOn fallbackOn = Route.FallbackOn.EXHAUSTION;
    private long maxAttachmentBytes = Attachment.DEFAULT_MAX_BYTES;
    private @Nullable Duration fallbackAfter;
    private @Nullable String idempotencyKey;
    private @Nullable Duration expiresAfter;
    private @Nullable String correlationId;
    private Set<String> tags = Set.of(); // replaced, never changed
    private @Nullable Instant sendAt;
    private @Nullable String category;
    private boolean transactional;
    private @Nullable TemplateReference template;
    private @Nullable Map<String, Object> templateData;
    private @Nullable Locale locale;
    private @Nullable ZoneId zone;
    private @Nullable NotificationId replayOf;

    /** The route of a notification that is restored, which was checked when it was accepted. */
    private final @Nullable Route restored;

    private Builder(Recipient recipient) {
      this.recipient = recipient;
      this.restored = null;
    }

    /** Starts a builder that checks nothing. */
    Builder(Recipient recipient, Route route) {
      this.recipient = recipient;
      this.restored = route;
      this.fallbackOn = route.fallbackOn();
    }

    /**
     * Starts the route with a channel. Without a route, the recipient's addresses are tried in the
     * order in which they were added.
     *
     * @throws InvalidNotificationException if a route was started already
     */
    public Builder via(String channel) {
      checkNoRouteYet("via");
      legs.add(new ArrayList<>(List.of(ChannelId.of(channel))));
      return this;
    }

    /**
     * Adds the channel to fall back to.
     *
     * @throws InvalidNotificationException if {@link #via} was not called first, or the channel is
     *     on the route already
     */
    public Builder orElse(String channel) {
      ChannelId next = ChannelId.of(channel);
      if (legs.size() != 1 || fansOut) {
        throw new InvalidNotificationException(
            "orElse(\"" + next + "\") needs via(...) before it; viaAll(...) has no fall-back");
      }
      checkNotOnRoute(next);
      legs.get(0).add(next);
      return this;
    }

    /**
     * Sends by each of these channels, side by side: each is its own delivery, and one's failure
     * stops no other.
     *
     * @throws InvalidNotificationException if a route was started already, or a channel comes twice
     */
    public Builder viaAll(String first, String... more) {
      checkNoRouteYet("viaAll");
      Set<ChannelId> channels = new LinkedHashSet<>(Set.of(ChannelId.of(first)));
      for (String channel : Objects.requireNonNull(more, "more")) {
        if (!channels.add(ChannelId.of(channel))) {
          throw alreadyOnRoute(channel);
        }
      }
      channels.forEach(channel -> legs.add(List.of(channel))); // only now: a bad call adds nothing
      fansOut = true;
      return this;
    }

    private void checkNoRouteYet(String call) {
      if (!legs.isEmpty() || restored != null) {
        throw new InvalidNotificationException(
            call
                + "(...) starts a route, but there is one already: "
                + (restored == null ? legs : restored));
      }
    }

    private void checkNotOnRoute(ChannelId channel) {
      if (legs.stream().anyMatch(leg -> leg.contains(channel))) {
        throw alreadyOnRoute(channel.value());
      }
    }

    private static InvalidNotificationException alreadyOnRoute(String channel) {
      return new InvalidNotificationException("channel " + channel + " is on the route already");
    }

    /** Sets when a failing channel is left for the next one. Defaults to EXHAUSTION. */
    public Builder fallbackOn(Route.FallbackOn trigger) {
      this.fallbackOn = Objects.requireNonNull(trigger, "trigger");
      return this;
    }

    /**
     * Moves on to the next channel when this much time has passed with one channel, though retries
     * remain. Not limited by default. A call to a provider that is under way is not broken off.
     *
     * @throws InvalidNotificationException if it is zero, negative or over 365 days
     */
    public Builder fallbackAfter(Duration time) {
      this.fallbackAfter = checkTime("fallbackAfter", time);
      return this;
    }

    /** Sets the general content as a whole, in place of what was set before. */
    public Builder content(Content content) {
      this.content = Objects.requireNonNull(content, "content");
      return this;
    }

    /** Sets the subject; see {@link Content#withSubject}. */
    public Builder subject(String subject) {
      this.content = content.withSubject(subject);
      return this;
    }

    /** Sets the plain text; see {@link Content#withText}. */
    public Builder text(String text) {
      this.content = content.withText(text);
      return this;
    }

    /** Sets the HTML text; see {@link Content#withHtml}. */
    public Builder html(String html) {
      this.content = content.withHtml(html);
      return this;
    }

    /** Sets what one channel says instead of the general content, such as a short text for SMS. */
    public Builder contentFor(String channel, Content content) {
      contentByChannel.put(ChannelId.of(channel), Objects.requireNonNull(content, "content"));
      return this;
    }

    /**
     * Lets the active version of a template say it, on every channel of the route that has no
     * content of its own by {@link #contentFor}. It is rendered when the notification is sent.
     *
     * @param name the template
     * @param data the values of its variables: text, booleans, numbers, dates and times of
     *     java.time, lists, maps and records of these, nested at most 10 deep, at most 10,000 in
     *     all; they are copied
     * @throws InvalidNotificationException if a value is something else
     * @see Template#bean
     */
    public Builder template(String name, Map<String, ?> data) {
      return template(TemplateReference.active(name), data);
    }

    /** Lets a version of a template say it, as {@link #template(String, Map)} does. */
    public Builder template(String name, int version, Map<String, ?> data) {
      return template(TemplateReference.version(name, version), data);
    }

    private Builder template(TemplateReference reference, Map<String, ?> values) {
      this.templateData = TemplateValues.copyOf(Objects.requireNonNull(values, "data"));
      this.template = reference;
      return this;
    }

    /**
     * Notes which template the contents came from; nothing is rendered. For stores, which read back
     * what was rendered before.
     */
    public Builder renderedFrom(TemplateReference reference) {
      this.template = Objects.requireNonNull(reference, "reference");
      this.templateData = null;
      return this;
    }

    /** Notes which notification this one sends once more. For stores, which read back replays. */
    public Builder replayOf(NotificationId first) {
      this.replayOf = Objects.requireNonNull(first, "first");
      return this;
    }

    /** Sets the language in which its template is rendered. Defaults to the recipient's. */
    public Builder locale(Locale locale) {
      this.locale = Objects.requireNonNull(locale, "locale");
      return this;
    }

    /** Sets the zone in which its template shows dates and times. Defaults to the recipient's. */
    public Builder zone(ZoneId zone) {
      this.zone = Objects.requireNonNull(zone, "zone");
      return this;
    }

    /**
     * Sets values for machines to read, which a webhook carries beside the text. They are copied.
     *
     * @param values text, booleans, numbers, lists and maps of these, nested at most 10 deep, at
     *     most 10,000 in all
     * @throws InvalidNotificationException if a value is something else
     */
    public Builder data(Map<String, ?> values) {
      Objects.requireNonNull(values, "values");
      this.data =
          restored == null ? PlainValues.copyOf(values) : Collections.unmodifiableMap(values);
      return this;
    }

    /** Sets what one channel should do differently, in place of what was set for it before. */
    public Builder options(ChannelOptions options) {
      this.options.put(options.channel(), Map.copyOf(options.values()));
      return this;
    }

    /**
     * Adds a file. All of them together may have 10 MB unless {@link #maxAttachmentBytes} is set.
     */
    public Builder attach(Attachment attachment) {
      attachments.add(Objects.requireNonNull(attachment, "attachment"));
      return this;
    }

    /**
     * Sets how many bytes all attachments may have together. Defaults to 10 MB.
     *
     * @throws InvalidNotificationException if it is negative
     */
    public Builder maxAttachmentBytes(long bytes) {
      if (bytes < 0) {
        throw new InvalidNotificationException(
            "maxAttachmentBytes must be 0 or more, but was " + bytes);
      }
      this.maxAttachmentBytes = bytes;
      return this;
    }

    /** Sets the priority. Defaults to NORMAL. */
    public Builder priority(Priority priority) {
      this.priority = Objects.requireNonNull(priority, "priority");
      return this;
    }

    /** Sets what to do when a provider's answer was lost. Defaults to RETRY: at least once. */
    public Builder onAmbiguity(OnAmbiguity choice) {
      this.onAmbiguity = Objects.requireNonNull(choice, "choice");
      return this;
    }

    /**
     * Sets the key by which a second send to the same recipient is recognised: it gives the first
     * one's id and says DUPLICATE. The key is remembered for 24 hours unless the notifier is set
     * otherwise. None by default.
     *
     * @param key 1 to 200 printable characters
     */
    public Builder idempotencyKey(String key) {
      this.idempotencyKey = checkKey("idempotency key", key);
      return this;
    }

    /**
     * Sets how long after acceptance it may still be sent; after that it is EXPIRED, never late.
     * Defaults to the notifier's limit of 5 days.
     *
     * @throws InvalidNotificationException if it is zero, negative or over 365 days
     */
    public Builder expiresAfter(Duration time) {
      this.expiresAfter = checkTime("expiresAfter", time);
      return this;
    }

    /**
     * Sets the id that stands in the MDC, as {@code notifier.correlationId}, of every log line of
     * its deliveries. Defaults to the notification's id.
     *
     * @param id 1 to 200 printable characters
     */
    public Builder correlationId(String id) {
      this.correlationId = checkKey("correlation id", id);
      return this;
    }

    /**
     * Adds words by which it is found again, such as the name of a campaign; see {@link
     * HistoryQuery.Builder#tag}. None by default.
     *
     * @param first 1 to 64 printable characters; case matters
     * @throws InvalidNotificationException if one is something else, or there are more than 8
     */
    public Builder tag(String first, String... more) {
      Set<String> all = new TreeSet<>(tags);
      all.add(checkTag(first));
      for (String tag : Objects.requireNonNull(more, "more")) {
        all.add(checkTag(tag));
      }
      if (restored == null && all.size() > MAX_TAGS) {
        throw new InvalidNotificationException(
            "a notification can have at most " + MAX_TAGS + " tags, but would have " + all.size());
      }
      this.tags = Collections.unmodifiableSet(all);
      return this;
    }

    private String checkTag(String tag) {
      Objects.requireNonNull(tag, "tag");
      boolean good = !tag.isBlank() && tag.length() <= MAX_TAG && Printable.isPrintable(tag);
      if (restored == null && !good) {
        throw new InvalidNotificationException(
            "a tag must be 1 to " + MAX_TAG + " printable characters, but was " + Quoted.of(tag));
      }
      return tag;
    }

    /**
     * Sends it at this time instead of at once. The time is cut to milliseconds; {@link
     * #expiresAfter} counts from it.
     *
     * @throws InvalidNotificationException if it is not within the years 1970 to 9999
     */
    public Builder sendAt(Instant time) {
      Objects.requireNonNull(time, "time");
      if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
        throw new InvalidNotificationException(
            "sendAt must be within the years 1970 to 9999, but was " + time);
      }
      this.sendAt = time.truncatedTo(ChronoUnit.MILLIS);
      return this;
    }

    /**
     * Sends it when a clock in this zone shows this time. What a clock change skips is sent at the
     * next instant that exists; at a time that it repeats, it is sent the first time.
     *
     * @throws InvalidNotificationException if it is not within the years 1970 to 9999
     */
    public Builder sendAt(LocalDateTime time, ZoneId zone) {
      Objects.requireNonNull(time, "time");
      return sendAt(LocalTimes.first(time, Objects.requireNonNull(zone, "zone")));
    }

    /**
     * Says what kind of notification it is, so that its recipient can opt out of it: {@link
     * Preferences}. None by default: then preferences do not matter.
     *
     * @param category such as {@code news}: 1 to 64 lower-case letters, digits, dots, hyphens or
     *     underscores, the first a letter or digit
     */
    public Builder category(String category) {
      Objects.requireNonNull(category, "category");
      this.category = restored == null ? Categories.check(category) : category;
      return this;
    }

    /**
     * Sends it whatever its recipient has opted out of: the answer to what the recipient did, such
     * as a receipt or a password reset. What is CRITICAL is sent all the same without this.
     * Suppressed addresses stay suppressed.
     */
    public Builder transactional() {
      this.transactional = true;
      return this;
    }

    private String checkKey(String what, String key) {
      Objects.requireNonNull(key, what);
      if (restored != null) {
        return key;
      }
      if (key.isBlank() || key.length() > MAX_KEY || !Printable.isPrintable(key)) {
        throw new InvalidNotificationException(
            what + " must be 1 to " + MAX_KEY + " printable characters, but was " + Quoted.of(key));
      }
      return key;
    }

    private Duration checkTime(String call, Duration time) {
      Objects.requireNonNull(time, call);
      if (restored != null) {
        return time;
      }
      if (time.isZero() || time.isNegative() || time.compareTo(Duration.ofDays(365)) > 0) {
        throw new InvalidNotificationException(
            call + " must be more than zero and at most 365 days, but was " + time);
      }
      return time;
    }

    /**
     * Builds the notification.
     *
     * @throws InvalidNotificationException if there is nothing to say, a channel of the route has
     *     no address, a content or an option is for a channel off the route, or the attachments are
     *     too large
     */
    public Notification build() {
      if (restored != null) {
        return new Notification(this, Route.of(restored.legs(), fallbackOn, fallbackAfter));
      }
      List<List<ChannelId>> chosen = legs.isEmpty() ? List.of(everyAddress()) : frozen(legs);
      for (List<ChannelId> leg : chosen) {
        leg.forEach(this::checkAddressAndContent);
      }
      checkNothingUnreachable(chosen);
      checkAttachments();
      return new Notification(this, Route.of(chosen, fallbackOn, fallbackAfter));
    }

    private String nameOfRecipient() {
      return recipient.name().map(name -> "recipient " + Quoted.of(name)).orElse("the recipient");
    }

    private List<ChannelId> channelsOfRecipient() {
      List<Address> addresses = recipient.addresses();
      return addresses.size() == 1 // as nearly always, and a stream is not cheap
          ? List.of(addresses.get(0).channel())
          : addresses.stream().map(Address::channel).toList();
    }

    private List<ChannelId> everyAddress() {
      if (recipient.addresses().isEmpty()) {
        throw new InvalidNotificationException(
            nameOfRecipient()
                + " has no address: call email(...), sms(...) or address(channel, value)");
      }
      return channelsOfRecipient();
    }

    private static List<List<ChannelId>> frozen(List<List<ChannelId>> legs) {
      return legs.stream().map(List::copyOf).toList();
    }

    private void checkAddressAndContent(ChannelId channel) {
      if (recipient.address(channel).isEmpty()) {
        throw new InvalidNotificationException(
            "the route uses "
                + channel
                + ", but "
                + nameOfRecipient()
                + " has addresses for "
                + channelsOfRecipient()
                + " only: call address(\""
                + channel
                + "\", …)");
      }
      boolean fromTemplate = templateData != null && !contentByChannel.containsKey(channel);
      if (!fromTemplate && contentByChannel.getOrDefault(channel, content).isBlank()) {
        throw new InvalidNotificationException(
            "the notification says nothing on "
                + channel
                + ": call subject(...), text(...), html(...), template(...) or contentFor(\""
                + channel
                + "\", …)");
      }
    }

    private void checkNothingUnreachable(List<List<ChannelId>> chosen) {
      if (contentByChannel.isEmpty() && options.isEmpty()) {
        return;
      }
      Set<ChannelId> unused = new TreeSet<>(contentByChannel.keySet());
      unused.addAll(options.keySet());
      chosen.forEach(unused::removeAll);
      if (!unused.isEmpty()) {
        throw new InvalidNotificationException(
            "contentFor(...) or options(...) names "
                + unused
                + ", which the route "
                + chosen
                + " does not use");
      }
    }

    private void checkAttachments() {
      if (attachments.isEmpty()) {
        return;
      }
      long total = 0;
      Set<String> contentIds = new TreeSet<>();
      for (Attachment attachment : attachments) {
        total += attachment.size();
        attachment.contentId().ifPresent(id -> checkContentId(id, contentIds));
      }
      if (total > maxAttachmentBytes) {
        throw new InvalidNotificationException(
            "attachments must have at most "
                + maxAttachmentBytes
                + " bytes in all, but have "
                + total);
      }
    }

    private static void checkContentId(String id, Set<String> before) {
      if (!before.add(id)) {
        throw new InvalidNotificationException("two attachments have the content id " + id);
      }
    }
  }
}
