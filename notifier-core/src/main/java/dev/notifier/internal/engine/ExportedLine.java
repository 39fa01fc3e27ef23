package dev.notifier.internal.engine;

import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.Content;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.HistoryExport;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Recipient;
import dev.notifier.TemplateReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A line of an export. The names of its fields are those in docs/OPERATIONS.md, where programs of
 * others read them: a field may come, but none goes or changes its meaning. What is not there is
 * left out.
 */
final class ExportedLine {
  private final boolean hasFullAddresses;
  private final boolean hasContents;

  ExportedLine(HistoryExport export) {
    this.hasFullAddresses = export.hasFullAddresses();
    this.hasContents = export.hasContents();
  }

  String of(NotificationReport report) {
    Notification notification = report.notification();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", report.id().toString());
    fields.put("acceptedAt", report.acceptedAt().toString());
    fields.put("status", report.status().name());
    fields.put("reason", report.reason());
    fields.put("recipient", recipient(notification.recipient()));
    fields.put("route", route(notification));
    fields.put("priority", notification.priority().name());
    putIfThere(fields, "correlationId", notification.correlationId());
    putIfThere(fields, "idempotencyKey", notification.idempotencyKey());
    putIfThere(fields, "replayOf", notification.replayOf());
    putIfThere(fields, "template", notification.template().map(TemplateReference::name));
    putIfThere(fields, "templateVersion", notification.template().flatMap(ExportedLine::version));
    putIfThere(fields, "sendAt", notification.sendAt());
    fields.put("deliveries", report.deliveries().stream().map(ExportedLine::delivery).toList());
    if (hasContents) {
      putContents(fields, notification);
    }
    return JsonText.of(fields);
  }

  private static Optional<Integer> version(TemplateReference template) {
    return template.version().isPresent()
        ? Optional.of(template.version().getAsInt())
        : Optional.empty();
  }

  /** Numbers stay numbers; the rest is written as text. */
  private static void putIfThere(Map<String, Object> fields, String name, Optional<?> value) {
    value.ifPresent(
        there -> fields.put(name, there instanceof Number ? there : String.valueOf(there)));
  }

  private Map<String, Object> recipient(Recipient recipient) {
    Map<String, Object> fields = new LinkedHashMap<>();
    putIfThere(fields, "name", recipient.name());
    Map<String, Object> addresses = new LinkedHashMap<>();
    for (Address address : recipient.addresses()) {
      addresses.put(
          address.channel().value(), hasFullAddresses ? address.value() : address.masked());
    }
    fields.put("addresses", addresses);
    return fields;
  }

  private static List<List<String>> route(Notification notification) {
    return notification.route().legs().stream()
        .map(leg -> leg.stream().map(ChannelId::value).toList())
        .toList();
  }

  private static Map<String, Object> delivery(DeliveryReport delivery) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", delivery.id().toString());
    fields.put("channel", delivery.channel().value());
    fields.put("status", delivery.status().name());
    fields.put("reason", delivery.reason());
    putIfThere(fields, "nextAttempt", delivery.nextAttempt());
    fields.put("attempts", delivery.attempts().stream().map(ExportedLine::attempt).toList());
    return fields;
  }

  private static Map<String, Object> attempt(AttemptReport attempt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("channel", attempt.channel().value());
    fields.put("number", attempt.number());
    fields.put("startedAt", attempt.startedAt().toString());
    fields.put("latencyMillis", attempt.latency().toMillis());
    fields.put("result", attempt.result().getClass().getSimpleName().toUpperCase(Locale.ROOT));
    fields.put("reason", attempt.result().reason());
    if (attempt.result() instanceof DeliveryResult.Accepted accepted) {
      putIfThere(fields, "providerMessageId", accepted.providerMessageId());
    }
    putIfThere(fields, "nextAttempt", attempt.nextAttempt());
    return fields;
  }

  private static void putContents(Map<String, Object> fields, Notification notification) {
    fields.put("content", content(notification.content()));
    if (!notification.contentByChannel().isEmpty()) {
      Map<String, Object> byChannel = new LinkedHashMap<>();
      new TreeMap<>(notification.contentByChannel())
          .forEach((channel, content) -> byChannel.put(channel.value(), content(content)));
      fields.put("contentByChannel", byChannel);
    }
    if (!notification.data().isEmpty()) {
      fields.put("data", notification.data());
    }
    if (!notification.attachments().isEmpty()) {
      fields.put(
          "attachments",
          notification.attachments().stream().map(ExportedLine::attachment).toList());
    }
  }

  private static Map<String, Object> content(Content content) {
    Map<String, Object> fields = new LinkedHashMap<>();
    putIfThere(fields, "subject", content.subject());
    putIfThere(fields, "text", content.text());
    putIfThere(fields, "html", content.html());
    return fields;
  }

  private static Map<String, Object> attachment(Attachment attachment) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", attachment.name());
    fields.put("contentType", attachment.contentType());
    fields.put("bytes", attachment.size());
    return fields;
  }
}
