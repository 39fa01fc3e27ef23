package dev.notifier.channel.sms;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of a channel, and which of them a message tries in what order.
 *
 * <p>An account that certainly did not take the message is followed by the next one within the same
 * attempt. After a lost answer none is: the recipient could get the message twice. An account that
 * failed stands at the end of the line for a minute, so that retries and new messages begin with
 * another. Thread-safe.
 */
final class GatewayLine {
  private static final Logger log = LoggerFactory.getLogger(GatewayLine.class);
  private static final Duration REST = Duration.ofMinutes(1);

  private final List<Place> places;
  private final boolean roundRobin;
  private final InstantSource clock;
  private final AtomicInteger turn = new AtomicInteger();

  GatewayLine(List<SmsGateway> gateways, boolean roundRobin, InstantSource clock) {
    this.places = gateways.stream().map(Place::new).toList();
    this.roundRobin = roundRobin;
    this.clock = clock;
  }

  /** One account, and until when it stands at the end of the line. */
  private static final class Place {
    private final SmsGateway gateway;
    private volatile Instant restsUntil = Instant.MIN;

    Place(SmsGateway gateway) {
      this.gateway = gateway;
    }

    boolean rests(Instant now) {
      return now.isBefore(restsUntil);
    }
  }

  /**
   * Checks that one of the accounts can send such a message.
   *
   * @throws InvalidNotificationException if none can
   */
  void check(SmsMessage message) {
    if (places.stream().noneMatch(place -> place.gateway.obstacle(message).isEmpty())) {
      throw new InvalidNotificationException(places.get(0).gateway.obstacle(message).orElseThrow());
    }
  }

  DeliveryResult send(SmsMessage message) {
    DeliveryResult failure = null;
    for (Place place : inOrder(message)) {
      DeliveryResult result = place.gateway.send(message);
      noteHealth(place, result);
      if (!wasNotTaken(result)) {
        return result;
      }
      failure = moreHopeful(failure, result);
    }
    if (failure == null) {
      throw new IllegalStateException("check(message) was not called first");
    }
    return failure;
  }

  private List<Place> inOrder(SmsMessage message) {
    List<Place> order = new ArrayList<>(places);
    if (roundRobin) {
      Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    }
    order.removeIf(place -> place.gateway.obstacle(message).isPresent());
    Instant now = clock.instant();
    order.sort(Comparator.comparing(place -> place.rests(now))); // stable
    return order;
  }

  private void noteHealth(Place place, DeliveryResult result) {
    if (!wasNotTaken(result) && !(result instanceof Ambiguous)) {
      place.restsUntil = Instant.MIN;
    } else if (places.size() > 1) {
      Instant now = clock.instant();
      if (!place.rests(now)) {
        log.warn(
            "{} goes to the end of the line for {}: {}",
            place.gateway.name(),
            REST,
            result.reason());
      }
      place.restsUntil = now.plus(REST);
    }
  }

  private static boolean wasNotTaken(DeliveryResult result) {
    return result instanceof Transient
        || (result instanceof Permanent failure && failure.configurationFault());
  }

  /** What passes by itself is told rather than what somebody must mend. */
  private static DeliveryResult moreHopeful(@Nullable DeliveryResult one, DeliveryResult other) {
    return one == null || (other instanceof Transient && !(one instanceof Transient)) ? other : one;
  }

  /** Asks every account; the channel works only if all of them do. */
  Verification verify() {
    List<Verification> all = places.stream().map(place -> place.gateway.verify()).toList();
    List<String> details = all.stream().map(Verification::detail).toList();
    return new Verification(worst(all), String.join("; ", details));
  }

  private static Verdict worst(List<Verification> all) {
    List<Verdict> verdicts = all.stream().map(Verification::verdict).toList();
    if (verdicts.contains(Verdict.REFUSED)) {
      return Verdict.REFUSED;
    }
    return verdicts.contains(Verdict.UNREACHABLE) ? Verdict.UNREACHABLE : Verdict.WORKS;
  }

  /** Gives a callback to the accounts that it could be for, until one finds it genuine. */
  List<DeliveryUpdate> receive(CallbackRequest request) {
    InvalidCallbackException refusal =
        InvalidCallbackException.forged("there is no signature of any provider of this channel");
    for (Place place : places) {
      if (place.gateway.recognises(request)) {
        try {
          return place.gateway.receive(request);
        } catch (InvalidCallbackException e) {
          refusal = e;
        }
      }
    }
    throw refusal;
  }

  void close() {
    places.forEach(place -> place.gateway.close());
  }
}
