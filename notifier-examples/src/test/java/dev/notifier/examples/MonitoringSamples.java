package dev.notifier.examples;

import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelHealth;
import dev.notifier.ChannelSummary;
import dev.notifier.Notifier;
import dev.notifier.NotifierHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The code that docs/MONITORING.md shows. */
final class MonitoringSamples {
  final List<String> alarms = new ArrayList<>();
  final List<Object> shown = new ArrayList<>();

  int health(Notifier notifier) {
    // sample: health
    NotifierHealth health = notifier.health();
    int readiness = health.isReady() ? 200 : 503; // for the probe of a load balancer or Kubernetes

    if (!health.isUp()) { // for an alarm
      if (!health.store().isUp()) {
        alarm("store: " + health.store().reason());
      }
      health
          .channels()
          .forEach(
              (channel, state) -> {
                if (state.state() != ChannelHealth.State.UP) {
                  alarm(channel + " is " + state.state() + ": " + state.reason());
                }
              });
    }
    // end
    return readiness;
  }

  List<AnalyticsStep> analytics(Notifier notifier) {
    // sample: analytics
    Instant now = Instant.now();
    AnalyticsSummary summary =
        notifier.analytics().summary(AnalyticsWindow.between(now.minus(Duration.ofDays(1)), now));

    ChannelSummary email = summary.channel("email");
    email.counts().accepted();
    email.counts().sent(); // and delivered(), bounced(), failed(), expired(), waiting(), ...
    email.counts().deliveryRate(); // empty if nothing was tried
    email.times().ifPresent(times -> show(times.average(), times.p50(), times.p95(), times.p99()));
    email.reasons().forEach(reason -> show(reason.status(), reason.reason(), reason.deliveries()));
    show(email.backlog().waiting(), email.backlog().oldestWait());

    List<AnalyticsStep> byHour = notifier.analytics().series(summary.window(), Duration.ofHours(1));
    // end
    return byHour;
  }

  private void alarm(String text) {
    alarms.add(text);
  }

  private void show(Object... numbers) {
    shown.addAll(List.of(numbers));
  }
}
