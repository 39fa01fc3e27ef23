package dev.notifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ResourceBundle.Control;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of notification says, per channel and language, with variables in it.
 *
 * <pre>{@code
 * Template.named("order-shipped")
 *     .requires("order", VariableType.NUMBER)
 *     .email("Order {{order}} has shipped", "<p>Order {{order}} …</p>", "Order {{order}} …")
 *     .sms("Order {{order}} has shipped")
 *     .in(Locale.GERMAN)
 *     .email("Bestellung {{order}} ist unterwegs", "<p>…</p>", "…")
 *     .build();
 * }</pre>
 *
 * <p>The syntax is in docs/TEMPLATES.md. Immutable; two templates that say the same are equal.
 */
public final class Template {
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?");
  private static final Control LOCALES = Control.getControl(Control.FORMAT_DEFAULT);

  private final String name;
  private final Locale language;
  private final boolean lenient;
  private final Map<String, TemplateVariable> variables;
  private final Map<String, TemplatePart> parts;

  private Template(Builder builder) {
    this.name = builder.name;
    this.language = builder.language;
    this.lenient = builder.lenient;
    this.variables = Collections.unmodifiableMap(new TreeMap<>(builder.variables));
    this.parts = Collections.unmodifiableMap(new LinkedHashMap<>(builder.parts));
  }

  /**
   * Starts a template.
   *
   * @param name 1 to 100 lower-case letters, digits, dots, hyphens and underscores; a letter or a
   *     digit at either end
   * @throws IllegalArgumentException if the name breaks the rule above
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Reads a template from the text form, as template files have it.
   *
   * @throws IllegalArgumentException if it cannot be read; the message names the line
   */
  public static Template parse(String name, String text) {
    return TemplateText.parse(name, text);
  }

  /**
   * Returns the properties of a bean as a map, for the data of a template: the values of its public
   * getters. Beans are never looked into unless they are handed over like this.
   *
   * @throws InvalidNotificationException if a getter throws, or cannot be called
   */
  public static Map<String, Object> bean(Object bean) {
    return BeanProperties.of(bean);
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static String nameRule(String name) {
    return "a template's name must be 1 to 100 lower-case letters, digits, dots, hyphens and"
        + " underscores, with a letter or a digit at either end, but was "
        + Quoted.of(name);
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns the language of the default parts; {@link Locale#ROOT} if it is not known. */
  public Locale language() {
    return language;
  }

  /** Tells whether variables that are undeclared or missing are written as nothing. */
  public boolean lenient() {
    return lenient;
  }

  /** Returns the declared variables, by name. */
  public List<TemplateVariable> variables() {
    return List.copyOf(variables.values());
  }

  /** Returns the declaration of a variable, if there is one. */
  public Optional<TemplateVariable> variable(String variable) {
    return Optional.ofNullable(variables.get(variable));
  }

  /** Returns its parts, in the order in which they were added. */
  public List<TemplatePart> parts() {
    return List.copyOf(parts.values());
  }

  /**
   * Returns what it says on a channel to a reader of this language: in that language, else in a
   * wider one ({@code de-AT}, then {@code de}), else in the default one. Parts of two languages are
   * never mixed. Empty if it says nothing there.
   */
  public List<TemplatePart> parts(ChannelId channel, Locale reader) {
    for (Locale locale : LOCALES.getCandidateLocales("", reader)) {
      List<TemplatePart> found = new ArrayList<>();
      for (TemplatePart part : parts.values()) {
        if (part.channel().equals(channel) && part.locale().equals(locale)) {
          found.add(part);
        }
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /** Returns the text form, from which {@link #parse} makes an equal template. */
  public String toText() {
    return TemplateText.write(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template that
        && name.equals(that.name)
        && language.equals(that.language)
        && lenient == that.lenient
        && variables.equals(that.variables)
        && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, parts);
  }

  /** Returns the name and the names of its parts, never their texts. */
  @Override
  public String toString() {
    return "Template[" + name + ", parts=" + parts.keySet() + "]";
  }

  /**
   * Collects the parts of a template. Whether their syntax is right is checked when it is saved.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private static final int MAX_PARTS = 200;
    private static final int MAX_VARIABLES = 200;

    private final String name;
    private final Map<String, TemplateVariable> variables = new TreeMap<>();
    private final Map<String, TemplatePart> parts = new LinkedHashMap<>();
    private Locale locale = Locale.ROOT;
    private Locale language = Locale.ROOT;
    private boolean lenient;

    private Builder(String name) {
      if (!isName(Objects.requireNonNull(name, "name"))) {
        throw new IllegalArgumentException(nameRule(name));
      }
      this.name = name;
    }

    // --- Variables ------------------------------------------------------------------------------

    /** Declares a variable of any type that must be there. */
    public Builder requires(String variable) {
      return requires(variable, VariableType.ANY);
    }

    /**
     * Declares a variable that must be there.
     *
     * @throws IllegalArgumentException if it is declared already, or the name breaks the rule of
     *     {@link TemplateVariable}
     */
    public Builder requires(String variable, VariableType type) {
      return variable(new TemplateVariable(variable, type, true, Optional.empty()));
    }

    /** Declares a variable that is written as nothing when it is not there. */
    public Builder optional(String variable, VariableType type) {
      return variable(new TemplateVariable(variable, type, false, Optional.empty()));
    }

    /**
     * Declares a variable with a default.
     *
     * @throws IllegalArgumentException if the default is not of the type
     */
    public Builder optional(String variable, VariableType type, Object defaultValue) {
      return variable(new TemplateVariable(variable, type, false, Optional.of(defaultValue)));
    }

    /**
     * Declares a variable.
     *
     * @throws IllegalArgumentException if it is declared already, or there are more than 200
     */
    public Builder variable(TemplateVariable variable) {
      if (variables.containsKey(variable.name())) {
        throw new IllegalArgumentException(
            "variable " + variable.name() + " is declared already in template " + name);
      }
      if (variables.size() >= MAX_VARIABLES) {
        throw new IllegalArgumentException(
            "template " + name + " must declare at most " + MAX_VARIABLES + " variables");
      }
      variables.put(variable.name(), variable);
      return this;
    }

    /**
     * Writes undeclared and missing variables as nothing. By default they are errors: when the
     * template is saved, or when a notification is sent.
     */
    public Builder lenient() {
      this.lenient = true;
      return this;
    }

    // --- Parts ----------------------------------------------------------------------------------

    /** Begins the parts in another language; parts before the first call are the default. */
    public Builder in(Locale locale) {
      this.locale = Objects.requireNonNull(locale, "locale");
      return this;
    }

    /**
     * Sets the language of the default parts. When a reader of another language gets them, numbers
     * and dates are written in this one. Not known by default: then they are written as the reader
     * expects them.
     */
    public Builder language(Locale language) {
      this.language = Locale.forLanguageTag(language.toLanguageTag());
      return this;
    }

    /** Adds what an e-mail says, in HTML and as plain text. */
    public Builder email(String subject, String html, String text) {
      return part("email", TemplateFormat.SUBJECT, subject)
          .part("email", TemplateFormat.HTML, html)
          .part("email", TemplateFormat.TEXT, text);
    }

    /** Adds what an e-mail says, as plain text only. */
    public Builder email(String subject, String text) {
      return part("email", TemplateFormat.SUBJECT, subject)
          .part("email", TemplateFormat.TEXT, text);
    }

    /** Adds what an SMS says. */
    public Builder sms(String text) {
      return part("sms", TemplateFormat.TEXT, text);
    }

    /**
     * Adds what a Telegram message says.
     *
     * @param parseMode TEXT, HTML or MARKDOWN_V2
     * @throws IllegalArgumentException if it is another one
     */
    public Builder telegram(String text, TemplateFormat parseMode) {
      return part("telegram", parseMode, text);
    }

    /** Adds the whole body of a webhook: JSON. */
    public Builder webhook(String json) {
      return part("webhook", TemplateFormat.JSON, json);
    }

    /** Adds a part for any channel, in the language of the last {@link #in}. */
    public Builder part(String channel, TemplateFormat format, String text) {
      return part(new TemplatePart(ChannelId.of(channel), locale, format, text));
    }

    /**
     * Adds a part.
     *
     * @throws IllegalArgumentException if there is one for its channel, language and format, the
     *     channel has no use for the format, or there are more than 200 parts
     */
    public Builder part(TemplatePart part) {
      checkFormat(part);
      if (parts.size() >= MAX_PARTS) {
        throw new IllegalArgumentException(
            "template " + name + " must have at most " + MAX_PARTS + " parts");
      }
      if (parts.putIfAbsent(part.label(), part) != null) {
        throw new IllegalArgumentException(
            "template " + name + " has a part " + part.label() + " already");
      }
      return this;
    }

    private void checkFormat(TemplatePart part) {
      List<TemplateFormat> allowed =
          switch (part.channel().value()) {
            case "sms" -> List.of(TemplateFormat.TEXT);
            case "telegram" ->
                List.of(TemplateFormat.TEXT, TemplateFormat.HTML, TemplateFormat.MARKDOWN_V2);
            case "webhook" -> List.of(TemplateFormat.JSON);
            default -> List.of(TemplateFormat.SUBJECT, TemplateFormat.TEXT, TemplateFormat.HTML);
          };
      if (!allowed.contains(part.format())) {
        throw new IllegalArgumentException(
            part.label() + ": a part for " + part.channel() + " must be one of " + allowed);
      }
      boolean second =
          part.channel().value().equals("telegram")
              && parts.values().stream()
                  .anyMatch(
                      other ->
                          other.channel().equals(part.channel())
                              && other.locale().equals(part.locale())
                              && other.format() != part.format());
      if (second) {
        throw new IllegalArgumentException(
            "template " + name + " has a telegram part in this language already; one is enough");
      }
    }

    /**
     * Builds the template.
     *
     * @throws IllegalArgumentException if it has no parts
     */
    public Template build() {
      if (parts.isEmpty()) {
        throw new IllegalArgumentException(
            "template " + name + " says nothing: call email(...), sms(...) or part(...)");
      }
      return new Template(this);
    }
  }
}
