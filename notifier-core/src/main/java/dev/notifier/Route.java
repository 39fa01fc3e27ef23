package dev.notifier;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a notification tries.
 *
 * <p>A route has one leg, an ordered fall-back, or, for {@code viaAll}, a leg of one channel each:
 * every leg is a delivery of its own, and one's failure stops no other. Immutable.
 */
public final class Route {
  /** When a delivery leaves a channel that fails but could be retried. */
  public enum FallbackOn {
    /** When the retries of the channel are used up. The default. */
    EXHAUSTION,
    /** At the first failure, without a retry, as long as another channel follows. */
    FIRST_FAILURE
  }

  private final List<List<ChannelId>> legs;
  private final FallbackOn fallbackOn;
  private final @Nullable Duration fallbackAfter;

  /** Shared, so that a million waiting notifications do not hold a million of the same. */
  private static final Map<List<List<ChannelId>>, Route> OF_ONE_CHANNEL =
      ChannelId.wellKnown().stream()
          .map(channel -> new Route(List.of(List.of(channel)), FallbackOn.EXHAUSTION, null))
          .collect(Collectors.toUnmodifiableMap(Route::legs, route -> route));

  private Route(
      List<List<ChannelId>> legs, FallbackOn fallbackOn, @Nullable Duration fallbackAfter) {
    this.legs = legs;
    this.fallbackOn = fallbackOn;
    this.fallbackAfter = fallbackAfter;
  }

  /** Returns a route with these legs, which must be immutable. */
  static Route of(
      List<List<ChannelId>> legs, FallbackOn fallbackOn, @Nullable Duration fallbackAfter) {
    boolean isPlain = fallbackOn == FallbackOn.EXHAUSTION && fallbackAfter == null;
    Route shared = isPlain ? OF_ONE_CHANNEL.get(legs) : null;
    return shared != null ? shared : new Route(legs, fallbackOn, fallbackAfter);
  }

  /** Returns the legs; each is a list of channels in the order in which they are tried. */
  public List<List<ChannelId>> legs() {
    return legs;
  }

  /** Returns when a delivery leaves a channel that fails but could be retried. */
  public FallbackOn fallbackOn() {
    return fallbackOn;
  }

  /** Returns how long a delivery stays with a channel before it moves on, if that is limited. */
  public Optional<Duration> fallbackAfter() {
    return Optional.ofNullable(fallbackAfter);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Route that
        && legs.equals(that.legs)
        && fallbackOn == that.fallbackOn
        && Objects.equals(fallbackAfter, that.fallbackAfter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(legs, fallbackOn, fallbackAfter);
  }

  /** Returns for example {@code email → sms}, or {@code email + webhook} for a fan-out. */
  @Override
  public String toString() {
    return legs.stream()
        .map(leg -> leg.stream().map(ChannelId::value).collect(Collectors.joining(" → ")))
        .collect(Collectors.joining(" + "));
  }
}
