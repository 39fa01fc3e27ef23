package dev.notifier.internal.engine;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPreview;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateVersion;
import dev.notifier.UnknownChannelException;
import dev.notifier.internal.template.TemplateRenderer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Previews of a template for nobody in particular: the addresses are made up. */
final class Specimens {
  /** Nobody has these: RFC 2606, and numbers that are kept for fiction. */
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "email", "reader@example.com",
          "sms", "+12025550123",
          "telegram", "1",
          "webhook", "https://example.com/");

  private final Previews previews;
  private final TemplateRenderer renderer;

  Specimens(Previews previews, TemplateRenderer renderer) {
    this.previews = previews;
    this.renderer = renderer;
  }

  List<ChannelPreview> of(TemplateVersion version, Locale locale, Map<String, ?> data) {
    List<ChannelPreview> all = new ArrayList<>();
    for (ChannelId channel : channels(version)) {
      all.addAll(preview(render(version, channel, locale, data)));
    }
    return all;
  }

  /** A template may speak on channels that this notifier has not. */
  private List<ChannelPreview> preview(Notification notification) {
    try {
      return previews.of(notification);
    } catch (UnknownChannelException e) {
      Address address = notification.recipient().addresses().get(0);
      return List.of(
          new ChannelPreview(
              address.channel(),
              address,
              notification.contentFor(address.channel()),
              List.of(),
              List.of(),
              Optional.of(String.valueOf(e.getMessage()))));
    }
  }

  private Notification render(
      TemplateVersion version, ChannelId channel, Locale locale, Map<String, ?> data) {
    String name = version.template().name();
    Notification.Builder builder =
        Notification.to(Recipient.named("preview").address(channel.value(), address(channel)))
            .locale(locale);
    Notification unrendered =
        version.version() == 0
            ? builder.template(name, data).build()
            : builder.template(name, version.version(), data).build();
    return renderer.render(unrendered);
  }

  private static List<ChannelId> channels(TemplateVersion version) {
    return version.template().parts().stream().map(TemplatePart::channel).distinct().toList();
  }

  private static String address(ChannelId channel) {
    return ADDRESSES.getOrDefault(channel.value(), "preview");
  }
}
