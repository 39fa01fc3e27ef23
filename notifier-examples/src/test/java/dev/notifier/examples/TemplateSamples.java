package dev.notifier.examples;

import dev.notifier.ChannelPreview;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.TemplateVersion;
import dev.notifier.Templates;
import dev.notifier.VariableType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The code that docs/TEMPLATES.md shows. {@link TemplateGuideTest} runs it. */
final class TemplateSamples {
  record Money(BigDecimal amount, Currency currency) {}

  record Item(String label, int stock) {}

  void save(Notifier notifier) {
    // sample: templateSave
    notifier
        .templates()
        .save(
            Template.named("order-shipped")
                .requires("order", VariableType.NUMBER)
                .requires("total", VariableType.NUMBER)
                .optional("note", VariableType.TEXT)
                .email(
                    "Order {{order}} has shipped",
                    "<p>Order {{order}}, {{total | currency: EUR}}, is on its way.</p>",
                    "Order {{order}}, {{total | currency: EUR}}, is on its way.")
                .sms("Order {{order}} is on its way. {{note}}")
                .in(Locale.GERMAN)
                .sms("Bestellung {{order}} ist unterwegs. {{note}}")
                .build());

    notifier.send(
        Notification.to(Recipient.named("user-42").email("ada@example.com").sms("+4915112345678"))
            .via("email")
            .orElse("sms")
            .template("order-shipped", Map.of("order", 1001, "total", new BigDecimal("49.90")))
            .build());
    // end
  }

  Map<String, ?> data() {
    // sample: templateData
    Map<String, ?> data =
        Map.of(
            "name",
            "Ada <ada@example.com>",
            "total",
            new BigDecimal("1234.5"),
            "price",
            new Money(new BigDecimal("9.99"), Currency.getInstance("USD")),
            "code",
            "GBP",
            "count",
            2,
            "at",
            Instant.parse("2026-03-01T23:30:00Z"),
            "items",
            List.of(new Item("Pen", 2), new Item("Ink", 0)),
            "customer",
            Map.of("city", "Graz", "vip", true),
            "tags",
            List.of("new", "sale"),
            "gift",
            false);
    // end
    return data;
  }

  Notifier files() {
    // sample: templateFiles
    Notifier notifier =
        Notifier.builder()
            .templatesOnClassPath("templates")
            .templatesInDirectory(Path.of("src/main/resources/templates"))
            .build();
    // end
    return notifier;
  }

  List<ChannelPreview> versions(Notifier notifier, Template changed, Map<String, ?> data) {
    // sample: templateVersions
    Templates templates = notifier.templates();
    long seen = templates.find("order-shipped").orElseThrow().revision();

    TemplateVersion draft = templates.draft(changed, seen); // fails if somebody else was faster
    System.out.println(templates.diff("order-shipped", 1, draft.version()));
    List<ChannelPreview> previews =
        templates.preview("order-shipped", draft.version(), Locale.GERMAN, data);

    templates.activate("order-shipped", draft.version(), seen + 1);
    // end
    return previews;
  }
}
