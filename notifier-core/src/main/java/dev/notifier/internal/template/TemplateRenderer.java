package dev.notifier.internal.template;

import dev.notifier.ChannelId;
import dev.notifier.Content;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateReference;
import dev.notifier.TemplateVariable;
import dev.notifier.internal.render.CompiledPart;
import dev.notifier.internal.render.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns a notification that names a template into one that says what the template says. */
public final class TemplateRenderer {
  private static final ChannelId SMS = ChannelId.of("sms");
  private static final ChannelId TELEGRAM = ChannelId.of("telegram");

  private final TemplateLibrary library;

  /** Creates the renderer. */
  public TemplateRenderer(TemplateLibrary library) {
    this.library = library;
  }

  /**
   * Renders the template for every channel of the route; returns a notification without a template
   * as it is.
   *
   * @throws TemplateException if the template is not there, or does not fit the data
   */
  public Notification render(Notification notification) {
    if (!notification.isUnrendered()) {
      return notification;
    }
    CompiledTemplate template = library.find(notification.template().orElseThrow());
    Map<ChannelId, List<CompiledPart>> parts = parts(notification, template);
    checkData(notification, template, parts);
    Map<ChannelId, Content> contents = new HashMap<>(notification.contentByChannel());
    Map<ChannelId, Map<String, String>> options = new HashMap<>(notification.options());
    parts.forEach(
        (channel, each) -> {
          contents.put(channel, content(notification, template, channel, each));
          addOptions(channel, each, options);
        });
    return notification.rendered(reference(template), contents, options);
  }

  private static TemplateReference reference(CompiledTemplate template) {
    return template.version().reference();
  }

  /** What the template says on each channel that is not told what to say otherwise. */
  private static Map<ChannelId, List<CompiledPart>> parts(
      Notification notification, CompiledTemplate template) {
    Map<ChannelId, List<CompiledPart>> parts = new LinkedHashMap<>();
    for (List<ChannelId> leg : notification.route().legs()) {
      for (ChannelId channel : leg) {
        if (!notification.contentByChannel().containsKey(channel)) {
          List<CompiledPart> found = template.parts(channel, notification.locale());
          if (!found.isEmpty()) {
            parts.put(channel, found);
          } else if (notification.content().isBlank()) {
            throw saysNothing(template, channel, notification.locale());
          }
        }
      }
    }
    return parts;
  }

  private static TemplateException saysNothing(
      CompiledTemplate template, ChannelId channel, Locale locale) {
    List<String> labels = template.template().parts().stream().map(TemplatePart::label).toList();
    return TemplateLibrary.problem(
        reference(template),
        "it says nothing on "
            + channel
            + (locale.equals(Locale.ROOT) ? "" : " for " + locale.toLanguageTag())
            + "; its parts are "
            + labels);
  }

  // --- Data -------------------------------------------------------------------------------------

  private static void checkData(
      Notification notification,
      CompiledTemplate template,
      Map<ChannelId, List<CompiledPart>> parts) {
    if (template.template().lenient()) {
      return;
    }
    List<CompiledPart> rendered = new ArrayList<>();
    parts.values().forEach(rendered::addAll);
    List<TemplateProblem> problems = new ArrayList<>();
    for (TemplateVariable variable : template.template().variables()) {
      String message = problemWith(variable, notification.templateData());
      if (!message.isEmpty()) {
        problems.add(template.problemWith(variable.name(), message, rendered));
      }
    }
    if (!problems.isEmpty()) {
      throw new TemplateException(problems);
    }
  }

  /** A field of a map or of an element is checked where it is used. */
  private static String problemWith(TemplateVariable variable, Map<String, Object> data) {
    Object value = data.get(variable.name());
    if (variable.name().indexOf('.') >= 0 || (value == null && !variable.required())) {
      return "";
    }
    if (value == null) {
      return "variable \"" + variable.name() + "\" is required, but missing from the data";
    }
    return variable.accepts(value)
        ? ""
        : "variable \""
            + variable.name()
            + "\" must be a "
            + variable.type()
            + ", but is a "
            + value.getClass().getSimpleName();
  }

  // --- Contents ---------------------------------------------------------------------------------

  private static Content content(
      Notification notification,
      CompiledTemplate template,
      ChannelId channel,
      List<CompiledPart> parts) {
    Content content = Content.EMPTY;
    for (CompiledPart part : parts) {
      Locale locale = formatLocale(template.template(), part.part(), notification.locale());
      Target target = new Target(locale, notification.zone(), channel.equals(SMS));
      String text = part.render(notification.templateData(), target);
      content = with(content, part.part(), text, reference(template));
    }
    return content;
  }

  /** In an English text, a date is written in English, whoever reads it. */
  private static Locale formatLocale(Template template, TemplatePart part, Locale reader) {
    Locale language = part.locale().equals(Locale.ROOT) ? template.language() : part.locale();
    if (reader.equals(Locale.ROOT)) {
      return language.equals(Locale.ROOT) ? Locale.ENGLISH : language;
    }
    boolean same =
        language.equals(Locale.ROOT) || language.getLanguage().equals(reader.getLanguage());
    return same ? reader : language;
  }

  private static Content with(
      Content content, TemplatePart part, String text, TemplateReference template) {
    try {
      return switch (part.format()) {
        case SUBJECT -> content.withSubject(text);
        case HTML -> content.withHtml(text);
        case TEXT, MARKDOWN_V2, JSON -> content.withText(text);
      };
    } catch (InvalidNotificationException e) {
      throw new TemplateException(
          new TemplateProblem(template, part.label(), 0, 0, String.valueOf(e.getMessage())));
    }
  }

  /** The format decides the parse mode; whatever else the application set stands. */
  private static void addOptions(
      ChannelId channel, List<CompiledPart> parts, Map<ChannelId, Map<String, String>> options) {
    TemplateFormat format = parts.get(0).part().format();
    Map<String, String> all = new HashMap<>(options.getOrDefault(channel, Map.of()));
    if (channel.equals(TELEGRAM)) {
      all.put("parse-mode", format == TemplateFormat.TEXT ? "plain" : format.label());
    } else if (format == TemplateFormat.JSON) {
      all.put("body", "text");
    }
    if (!all.isEmpty()) {
      options.put(channel, Map.copyOf(all));
    }
  }
}
