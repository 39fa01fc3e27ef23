package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.NotificationListener;
import dev.notifier.internal.schedule.RunNotifications;
import dev.notifier.spi.Channel;
import dev.notifier.spi.NotificationStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a notifier is made of.
 *
 * @param name what its threads are named after
 * @param channels its channels; none means that the log stands in
 * @param longestLife when a notification expires that says nothing of it
 * @param templates where templates come from besides the store
 * @param runs what schedules send
 * @param optInCategories what only those hear of who have opted in
 * @param random numbers from 0 to 1, for the jitter
 */
public record NotifierSettings(
    String name,
    List<ChannelSetting> channels,
    NotificationStore store,
    List<NotificationListener> listeners,
    List<DeliveryInterceptor> interceptors,
    Duration longestLife,
    InstantSource clock,
    TemplateFiles templates,
    RunNotifications runs,
    Set<String> optInCategories,
    DoubleSupplier random) {

  /**
   * Where templates lie in text form.
   *
   * @param classPath a folder of resources; null for none
   * @param directory a directory; null for none
   */
  public record TemplateFiles(@Nullable String classPath, @Nullable Path directory) {
    /** No files. */
    public static final TemplateFiles NONE = new TemplateFiles(null, null);
  }

  /** A channel and how the engine treats it. */
  public record ChannelSetting(ChannelId id, Channel channel, ChannelPolicy policy) {}
}
