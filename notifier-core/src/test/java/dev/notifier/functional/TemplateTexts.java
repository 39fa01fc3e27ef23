package dev.notifier.functional;

import dev.notifier.ChannelPreview;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.spi.SteppedNotifier;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;

/** Renders one part of a template that is written in its text form. */
final class TemplateTexts {
  private TemplateTexts() {}

  static SteppedNotifier notifier() {
    return Notifier.builder()
        .discovery(false)
        .channel("email", attempt -> DeliveryResult.accepted())
        .channel("sms", attempt -> DeliveryResult.accepted())
        .channel("telegram", attempt -> DeliveryResult.accepted())
        .channel("webhook", attempt -> DeliveryResult.accepted())
        .buildStepped();
  }

  /** Renders {@code channel.format} with this text; everything in the data is declared. */
  static String render(String part, String text, Map<String, ?> data) {
    return render(part, text, Locale.ENGLISH, ZoneId.of("UTC"), data);
  }

  static String render(String part, String text, Locale locale, ZoneId zone, Map<String, ?> data) {
    StringBuilder template = new StringBuilder();
    data.keySet().forEach(name -> template.append("requires ").append(name).append('\n'));
    template.append("=== ").append(part).append('\n').append(text).append('\n');
    try (SteppedNotifier notifier = notifier()) {
      notifier.templates().save(Template.parse("t", template.toString()));
      String channel = part.substring(0, part.indexOf('.'));
      Recipient recipient =
          Recipient.named("ada")
              .email("ada@example.com")
              .sms("+4915112345678")
              .telegram("1")
              .webhook("https://example.com/hook")
              .locale(locale)
              .zone(zone);
      Notification notification =
          Notification.to(recipient).via(channel).template("t", data).build();
      ChannelPreview preview = notifier.preview(notification).get(0);
      return preview
          .content()
          .subject()
          .or(() -> preview.content().html())
          .or(() -> preview.content().text())
          .orElseThrow();
    }
  }
}
