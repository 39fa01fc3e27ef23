package dev.notifier.channel.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.AttemptReport;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the outcome of every delivery, and what a provider reports later, to a system of the
 * host's, as a webhook: signed, retried and recorded like any other.
 *
 * <pre>{@code
 * DeliveryStatusWebhook outcomes = DeliveryStatusWebhook.to("https://ops.example.com/outcomes");
 * Notifier notifier =
 *     Notifier.builder()
 *         .channel(WebhookChannel.signedWith("whsec_…"))
 *         .listener(outcomes)
 *         .build();
 * outcomes.through(notifier);
 * }</pre>
 *
 * <p>The outcome of such a webhook is itself never posted. An outcome is lost if the process ends
 * before it is accepted, if the lane of the channel is full, or if the notifier is closing.
 * Thread-safe.
 */
public final class DeliveryStatusWebhook implements NotificationListener {
  private static final Logger log = LoggerFactory.getLogger(DeliveryStatusWebhook.class);

  private static final int MOST_EARLY = 10_000;

  private final String url;

  // Guarded by this.
  private final List<DeliveryReport> early = new ArrayList<>();
  private @Nullable Notifier notifier;

  private DeliveryStatusWebhook(String url) {
    this.url = url;
  }

  /**
   * Returns a listener that posts to this URL.
   *
   * @throws dev.notifier.InvalidNotificationException if it is not a URL that takes webhooks
   */
  public static DeliveryStatusWebhook to(String url) {
    Notification.to("webhook:" + url); // refuses what is not a URL
    return new DeliveryStatusWebhook(url);
  }

  /**
   * Sets the notifier by which outcomes are sent; it needs a channel {@code webhook}. It may be the
   * one that this listens to. Call it right after building: of what is settled before, the first
   * 10,000 outcomes are kept.
   *
   * @throws IllegalStateException if it was called already
   */
  public void through(Notifier notifier) {
    List<DeliveryReport> waiting;
    synchronized (this) {
      if (this.notifier != null) {
        throw new IllegalStateException("through(...) was called already");
      }
      this.notifier = Objects.requireNonNull(notifier, "notifier");
      waiting = List.copyOf(early);
      early.clear();
    }
    waiting.forEach(delivery -> post(notifier, delivery));
  }

  @Override
  public void settled(NotificationId id, DeliveryReport delivery) {
    Notifier by = notifierOrKeep(delivery);
    if (by != null) {
      post(by, delivery);
    }
  }

  @Override
  public void updated(NotificationId id, DeliveryReport delivery) {
    settled(id, delivery);
  }

  private synchronized @Nullable Notifier notifierOrKeep(DeliveryReport delivery) {
    if (notifier == null && early.size() < MOST_EARLY) {
      early.add(delivery);
    }
    return notifier;
  }

  private static boolean isStatus(Notification notification) {
    return WebhookOptions.isDeliveryStatus(notification.optionsFor(WebhookChannel.ID));
  }

  private void post(Notifier by, DeliveryReport delivery) {
    try {
      NotificationReport report = by.find(delivery.id().notification()).orElseThrow();
      if (!isStatus(report.notification())) { // or each outcome would have an outcome, for ever
        by.sendAsync(statusOf(delivery, report))
            .whenComplete((receipt, failure) -> noteLoss(delivery, failure));
      }
    } catch (RuntimeException e) {
      noteLoss(delivery, e);
    }
  }

  private static void noteLoss(DeliveryReport delivery, @Nullable Throwable failure) {
    if (failure != null) {
      log.warn(
          "the outcome of delivery {} could not be sent: {}", delivery.id(), failure.toString());
    }
  }

  /** Returns the body, if the attempt is for a notification of this class. */
  static Optional<WebhookBody> bodyOf(DeliveryAttempt attempt) {
    return isStatus(attempt.notification())
        ? attempt.content().text().map(WebhookBody::json)
        : Optional.empty();
  }

  private Notification statusOf(DeliveryReport delivery, NotificationReport report) {
    return Notification.to("webhook:" + url)
        .text(event(delivery, report))
        .options(WebhookOptions.DELIVERY_STATUS)
        .idempotencyKey("delivery-status:" + delivery.id() + ":" + delivery.status())
        .build();
  }

  private static String event(DeliveryReport delivery, NotificationReport report) {
    String status = delivery.status().name().toLowerCase(Locale.ROOT);
    ObjectNode data = EventJson.object();
    data.put("delivery", delivery.id().toString());
    data.put("notification", report.id().toString());
    data.put("channel", delivery.channel().value());
    data.put("status", status);
    data.put("reason", delivery.reason());
    Notification notification = report.notification();
    notification.recipient().name().ifPresent(name -> data.put("recipient", name));
    notification.correlationId().ifPresent(id -> data.put("correlationId", id));
    notification.idempotencyKey().ifPresent(key -> data.put("idempotencyKey", key));
    addAttempts(delivery.attempts(), data.putArray("attempts"));
    return EventJson.event("delivery." + status, settledAt(delivery, report), data);
  }

  private static Instant settledAt(DeliveryReport delivery, NotificationReport report) {
    List<AttemptReport> attempts = delivery.attempts();
    if (attempts.isEmpty()) {
      return report.acceptedAt();
    }
    AttemptReport last = attempts.get(attempts.size() - 1);
    return last.startedAt().plus(last.latency());
  }

  private static void addAttempts(List<AttemptReport> attempts, ArrayNode to) {
    for (AttemptReport attempt : attempts) {
      ObjectNode object = to.addObject();
      object.put("channel", attempt.channel().value());
      object.put("number", attempt.number());
      object.put("startedAt", attempt.startedAt().toString());
      object.put("latencyMillis", attempt.latency().toMillis());
      object.put("result", nameOf(attempt.result()));
      object.put("reason", attempt.result().reason());
      if (attempt.result() instanceof Accepted accepted) {
        accepted.providerMessageId().ifPresent(id -> object.put("providerMessageId", id));
      }
    }
  }

  private static String nameOf(DeliveryResult result) {
    return result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
