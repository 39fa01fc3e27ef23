package dev.notifier;

import dev.notifier.internal.config.Configuration;
import dev.notifier.internal.config.Settings;
import dev.notifier.internal.engine.DefaultNotifier;
import dev.notifier.internal.engine.NotifierSettings;
import dev.notifier.internal.engine.NotifierSettings.ChannelSetting;
import dev.notifier.internal.engine.NotifierSettings.TemplateFiles;
import dev.notifier.internal.schedule.RunNotifications;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.SteppedNotifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the configuration of a notifier. Everything has a default.
 *
 * <p>What is given here wins over what is found: a channel added by {@link #channel} is used
 * instead of one of the same id that settings describe. Not thread-safe.
 */
public final class NotifierBuilder {
  private final Settings settings = new Settings();
  private final Map<ChannelId, ChannelFactory> channels = new LinkedHashMap<>();
  private final Map<ChannelId, ChannelPolicy> policies = new LinkedHashMap<>();
  private final List<NotificationListener> listeners = new ArrayList<>();
  private final List<DeliveryInterceptor> interceptors = new ArrayList<>();
  private final Set<String> optInCategories = new TreeSet<>();
  private ChannelPolicy defaultPolicy = ChannelPolicy.defaults();
  private @Nullable NotificationStore store;
  private final Map<String, Function<? super Instant, ? extends Map<String, ?>>> scheduleData =
      new HashMap<>();
  private @Nullable String templateFolder;
  private @Nullable Path templateDirectory;
  private String name = "notifier";
  private boolean discovery = true;
  private int historySize = 10_000;
  private Duration historyAge = Duration.ofDays(1);
  private Duration idempotencyWindow = Duration.ofHours(24);
  private Duration longestLife = Duration.ofDays(5); // as mail servers do: RFC 5321, 4.5.4.1
  private InstantSource clock = InstantSource.system();

  NotifierBuilder() {}

  // --- Channels and store -----------------------------------------------------------------------

  /**
   * Adds a channel.
   *
   * @throws IllegalStateException if one with its id was added before
   */
  public NotifierBuilder channel(ChannelFactory channel) {
    Objects.requireNonNull(channel, "channel");
    if (channels.putIfAbsent(channel.id(), channel) != null) {
      throw new IllegalStateException("channel '" + channel.id() + "' was added already");
    }
    return this;
  }

  /**
   * Adds a channel of the application's own. The notifier closes it.
   *
   * @throws IllegalStateException if one with this id was added before
   */
  public NotifierBuilder channel(String id, Channel channel) {
    ChannelId channelId = ChannelId.of(id);
    Objects.requireNonNull(channel, "channel");
    return channel(
        new ChannelFactory() {
          @Override
          public ChannelId id() {
            return channelId;
          }

          @Override
          public Channel create() {
            return channel;
          }
        });
  }

  /** Sets how one channel is treated, instead of the defaults and the channel's own wishes. */
  public NotifierBuilder policy(String channel, ChannelPolicy policy) {
    policies.put(ChannelId.of(channel), Objects.requireNonNull(policy, "policy"));
    return this;
  }

  /** Sets how channels are treated for which nothing else is set. */
  public NotifierBuilder defaultPolicy(ChannelPolicy policy) {
    this.defaultPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** Sets where notifications are kept; the notifier closes it. Defaults to memory. */
  public NotifierBuilder store(NotificationStore store) {
    this.store = Objects.requireNonNull(store, "store");
    return this;
  }

  // --- Templates --------------------------------------------------------------------------------

  /**
   * Looks for templates that the store does not have in a folder of the class path: {@code
   * order-shipped} in {@code folder/order-shipped.template}. Each is read once. Off by default.
   *
   * @param folder such as {@code templates}; in a named module, one that is no package, such as
   *     {@code META-INF/templates}
   */
  public NotifierBuilder templatesOnClassPath(String folder) {
    this.templateFolder = folder.replaceAll("^/+|/+$", "");
    return this;
  }

  /**
   * Looks for templates that neither the store nor the class path has in a directory: {@code
   * order-shipped} in {@code order-shipped.template}. Meant for development: each is read anew
   * every time. Off by default.
   */
  public NotifierBuilder templatesInDirectory(Path directory) {
    this.templateDirectory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  // --- Preferences ------------------------------------------------------------------------------

  /**
   * Sends these categories only to recipients who have opted in, by {@link Preferences#optIn}.
   * Other categories are sent to all who have not opted out.
   *
   * @throws InvalidNotificationException if one breaks the rule of {@link
   *     Notification.Builder#category}
   */
  public NotifierBuilder requireOptIn(String... categories) {
    List.of(categories).forEach(Categories::check);
    optInCategories.addAll(List.of(categories));
    return this;
  }

  // --- Settings ---------------------------------------------------------------------------------

  /**
   * Reads settings from a properties file in UTF-8: the entries that start with {@code notifier.}.
   *
   * @throws ConfigurationException if it cannot be read
   */
  public NotifierBuilder properties(Path file) {
    settings.addFile(Objects.requireNonNull(file, "file"));
    return this;
  }

  /** Takes settings from the entries that start with {@code notifier.}. */
  public NotifierBuilder properties(Properties properties) {
    settings.addProperties(Objects.requireNonNull(properties, "properties"));
    return this;
  }

  /**
   * Takes settings from the variables of the process that start with {@code NOTIFIER_}, such as
   * {@code NOTIFIER_EMAIL_HOST}. They win over properties.
   */
  public NotifierBuilder environment() {
    return environment(System.getenv());
  }

  /** Takes settings from these variables, as {@link #environment()} does. */
  public NotifierBuilder environment(Map<String, String> variables) {
    settings.addEnvironment(Objects.requireNonNull(variables, "variables"));
    return this;
  }

  /** Sets whether channels and stores are looked for on the class path. Defaults to true. */
  public NotifierBuilder discovery(boolean on) {
    this.discovery = on;
    return this;
  }

  // --- Around the deliveries --------------------------------------------------------------------

  /** Adds a listener; several are told in the order in which they were added. */
  public NotifierBuilder listener(NotificationListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** Adds an interceptor; the first one added is the outermost. */
  public NotifierBuilder interceptor(DeliveryInterceptor interceptor) {
    interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /**
   * Sets what the notifier's threads are named after. Defaults to {@code notifier}.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public NotifierBuilder name(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
    this.name = name;
    return this;
  }

  /**
   * Sets how many settled notifications, and apart from them how many dead letters, the in-memory
   * store remembers, and for how long. Defaults to 10,000 of each and 1 day. Texts and attachments
   * of each may take 64 MB; the oldest are forgotten earlier if they take more.
   *
   * @throws IllegalArgumentException if the number is not from 1 to 10,000,000, or the age is not
   *     above zero
   */
  public NotifierBuilder history(int notifications, Duration age) {
    if (notifications < 1 || notifications > 10_000_000) {
      throw new IllegalArgumentException(
          "history must be from 1 to 10000000 notifications, but was " + notifications);
    }
    this.historySize = notifications;
    this.historyAge = checkPositive("history age", age);
    return this;
  }

  /**
   * Sets how long the in-memory store knows an idempotency key. Defaults to 24 hours; the oldest of
   * more than 1,000,000 keys are forgotten earlier.
   *
   * @throws IllegalArgumentException if it is not above zero
   */
  public NotifierBuilder idempotencyWindow(Duration window) {
    this.idempotencyWindow = checkPositive("idempotencyWindow", window);
    return this;
  }

  /**
   * Sets when a notification expires that says nothing of it, so that nothing waits for ever.
   * Defaults to 5 days, the least that mail servers try for.
   *
   * @throws IllegalArgumentException if it is not above zero
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1">RFC 5321, 4.5.4.1</a>
   */
  public NotifierBuilder longestLife(Duration life) {
    this.longestLife = checkPositive("longestLife", life);
    return this;
  }

  private static Duration checkPositive(String what, Duration duration) {
    Objects.requireNonNull(duration, what);
    if (duration.isZero()
        || duration.isNegative()
        || duration.compareTo(Duration.ofDays(3650)) > 0) {
      throw new IllegalArgumentException(
          what + " must be more than zero and at most 3650 days, but was " + duration);
    }
    return duration;
  }

  /**
   * Gives the template of a schedule values at each run, beside those that its notification was
   * built with. It is asked on a thread of the notifier that all schedules share, once for a run or
   * more often, and when the schedule is created. A run of which it throws is refused, as {@link
   * ScheduleReport#lastRun} tells. Every notifier that shares the store needs it.
   *
   * @param schedule the name of the schedule
   * @param data returns the values for the run at a time, as in {@link
   *     Notification.Builder#template(String, Map)}
   */
  public NotifierBuilder scheduleData(
      String schedule, Function<? super Instant, ? extends Map<String, ?>> data) {
    scheduleData.put(
        Objects.requireNonNull(schedule, "schedule"), Objects.requireNonNull(data, "data"));
    return this;
  }

  /** Sets the clock by which deliveries are due. Defaults to the system's; meant for tests. */
  public NotifierBuilder clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  // --- Building ---------------------------------------------------------------------------------

  /**
   * Makes the notifier and starts its workers.
   *
   * @throws ConfigurationException if a setting is missing, unknown or unusable; then nothing is
   *     left open
   */
  public Notifier build() {
    return DefaultNotifier.started(assemble());
  }

  /** Makes a notifier without threads, whose work is done when it is told to; for test kits. */
  public SteppedNotifier buildStepped() {
    return DefaultNotifier.stepped(assemble());
  }

  private NotifierSettings assemble() {
    Configuration configuration = Configuration.load(settings, discovery);
    Map<ChannelId, Channel> made = new LinkedHashMap<>();
    try {
      channels.forEach(
          (id, factory) ->
              made.put(id, Configuration.checkMade("channel", id.value(), factory.create())));
      made.putAll(configuration.channels(channels.keySet()));
      checkPolicies(made);
      List<ChannelSetting> channelSettings = withPolicies(made);
      NotificationStore chosen =
          store != null ? store : configuration.store().orElseGet(this::memory);
      return new NotifierSettings(
          name,
          channelSettings,
          chosen,
          listeners,
          interceptors,
          longestLife,
          clock,
          new TemplateFiles(templateFolder, templateDirectory),
          new RunNotifications(scheduleData),
          Set.copyOf(optInCategories),
          () -> ThreadLocalRandom.current().nextDouble());
    } catch (RuntimeException | Error e) { // an error too: a plug-in may lack a class
      Configuration.closeAll(made.values(), e);
      throw e;
    }
  }

  private NotificationStore memory() {
    return new InMemoryNotificationStore(
        new HistoryLimits(historySize, historyAge, idempotencyWindow), clock);
  }

  private void checkPolicies(Map<ChannelId, Channel> made) {
    for (ChannelId id : policies.keySet()) {
      if (!made.containsKey(id) && !made.isEmpty()) {
        throw new ConfigurationException(
            "there is a policy for channel '"
                + id
                + "', but no such channel; found: "
                + made.keySet());
      }
    }
  }

  private List<ChannelSetting> withPolicies(Map<ChannelId, Channel> made) {
    List<ChannelSetting> all = new ArrayList<>();
    made.forEach(
        (id, channel) -> {
          ChannelPolicy chosen = policies.get(id);
          all.add(
              new ChannelSetting(
                  id, channel, chosen != null ? chosen : channel.policy(defaultPolicy)));
        });
    return all;
  }
}
