package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several providers as one channel, and which of them a message tries in what order. Thread-safe.
 *
 * <p>A provider that certainly did not take the message is followed by the next one within the same
 * attempt. After a lost answer none is: the recipient could get the message twice.
 */
final class EmailLine implements Channel {
  private static final Logger log = LoggerFactory.getLogger(EmailLine.class);

  private final List<LinePlace> places;
  private final boolean roundRobin;
  private final AtomicInteger turn = new AtomicInteger();

  EmailLine(List<Channel> providers, boolean roundRobin, InstantSource clock) {
    this.places = providers.stream().map(provider -> new LinePlace(provider, clock)).toList();
    this.roundRobin = roundRobin;
  }

  // --- Sending ----------------------------------------------------------------------------------

  @Override
  public DeliveryResult send(DeliveryAttempt attempt) throws InterruptedException {
    List<DeliveryResult> failures = new ArrayList<>();
    for (LinePlace place : inOrder()) {
      DeliveryResult result = send(attempt, place.provider());
      if (isCannotCarry(result, attempt, place.provider())) {
        failures.add(result);
        continue; // which says nothing about its health
      }
      place.note(result);
      if (!wasNotTaken(result)) {
        return result;
      }
      failures.add(result);
    }
    return mostHopeful(failures);
  }

  private List<LinePlace> inOrder() {
    List<LinePlace> order = new ArrayList<>(places);
    if (roundRobin) {
      Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    }
    List<LinePlace> ready = order.stream().filter(LinePlace::isReady).toList();
    order.sort(Comparator.comparing(place -> !ready.contains(place))); // stable
    return order;
  }

  private static DeliveryResult send(DeliveryAttempt attempt, Channel provider)
      throws InterruptedException {
    try {
      return provider.send(attempt);
    } catch (IOException e) { // by the contract of channels: nothing left
      return DeliveryResult.transientFailure(
          provider + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /** A message that one provider has no way to carry was never shown to it. */
  private static boolean isCannotCarry(
      DeliveryResult result, DeliveryAttempt attempt, Channel provider) {
    return result instanceof Permanent failure
        && !failure.suppressRecipient()
        && !failure.configurationFault()
        && refusal(attempt, provider) != null;
  }

  private static @Nullable InvalidNotificationException refusal(
      DeliveryAttempt attempt, Channel provider) {
    try {
      provider.check(attempt);
      return null;
    } catch (InvalidNotificationException e) {
      return e;
    }
  }

  private static boolean wasNotTaken(DeliveryResult result) {
    return result instanceof Transient
        || result instanceof Deferred
        || (result instanceof Permanent failure && failure.configurationFault());
  }

  // --- When all have failed ---------------------------------------------------------------------

  /** What passes by itself is told rather than what somebody must mend, and that rather than no. */
  private static DeliveryResult mostHopeful(List<DeliveryResult> failures) {
    String reasons =
        failures.stream().map(DeliveryResult::reason).distinct().collect(Collectors.joining("; "));
    if (failures.stream().anyMatch(failure -> !(failure instanceof Permanent))) {
      return DeliveryResult.transientFailure(reasons, shortestWait(failures));
    }
    return failures.stream().anyMatch(EmailLine::wasNotTaken)
        ? DeliveryResult.configurationFault(reasons)
        : DeliveryResult.permanentFailure(reasons);
  }

  /** Null if one of those that may take it later did not say when. */
  private static @Nullable Duration shortestWait(List<DeliveryResult> failures) {
    List<Duration> waits = new ArrayList<>();
    for (DeliveryResult failure : failures) {
      if (failure instanceof Transient later) {
        if (later.retryAfter().isEmpty()) {
          return null;
        }
        waits.add(later.retryAfter().get());
      }
    }
    return waits.isEmpty() ? null : Collections.min(waits);
  }

  // --- Around it --------------------------------------------------------------------------------

  /** Passes if one of the providers can carry the message. */
  @Override
  public void check(DeliveryAttempt attempt) {
    InvalidNotificationException first = null;
    for (LinePlace place : places) {
      InvalidNotificationException refusal = refusal(attempt, place.provider());
      if (refusal == null) {
        return;
      }
      first = first == null ? refusal : first;
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public List<String> preview(DeliveryAttempt attempt) {
    List<String> notes = new ArrayList<>();
    for (LinePlace place : places) {
      InvalidNotificationException refusal = refusal(attempt, place.provider());
      if (refusal == null) {
        place.provider().preview(attempt).stream()
            .filter(note -> !notes.contains(note))
            .forEach(notes::add);
      } else {
        notes.add("not by " + place.provider() + ": " + refusal.getMessage());
      }
    }
    return notes;
  }

  /** Asks every provider; the channel works only if all of them do. */
  @Override
  public Verification verify() {
    List<Verification> all = places.stream().map(place -> place.provider().verify()).toList();
    String details = all.stream().map(Verification::detail).collect(Collectors.joining("; "));
    return new Verification(worst(all.stream().map(Verification::verdict).toList()), details);
  }

  private static Verdict worst(List<Verdict> verdicts) {
    for (Verdict bad : List.of(Verdict.REFUSED, Verdict.UNREACHABLE, Verdict.UNKNOWN)) {
      if (verdicts.contains(bad)) {
        return bad;
      }
    }
    return Verdict.WORKS;
  }

  /** The first provider that finds a callback genuine understands it. */
  @Override
  public List<DeliveryUpdate> receive(CallbackRequest request) {
    List<InvalidCallbackException> refusals = new ArrayList<>();
    for (LinePlace place : places) {
      try {
        return place.provider().receive(request);
      } catch (InvalidCallbackException e) {
        refusals.add(e);
      }
    }
    throw mostTelling(refusals);
  }

  /** Malformed (400) is what a provider calls the callbacks of others. */
  private static InvalidCallbackException mostTelling(List<InvalidCallbackException> refusals) {
    return Collections.max(refusals, Comparator.comparingInt(InvalidCallbackException::httpStatus));
  }

  /** The wishes of the first provider go before those of the others. */
  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    ChannelPolicy policy = defaults;
    for (int i = places.size() - 1; i >= 0; i--) {
      policy = places.get(i).provider().policy(policy);
    }
    return policy;
  }

  @Override
  public void close() {
    for (LinePlace place : places) {
      try {
        place.provider().close();
      } catch (RuntimeException e) {
        log.warn("{} did not close", place.provider(), e);
      }
    }
  }

  @Override
  public String toString() {
    return places.stream()
        .map(place -> place.provider().toString())
        .collect(Collectors.joining(roundRobin ? ", in turn with " : ", else ", "", ""));
  }
}
