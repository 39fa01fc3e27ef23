package dev.notifier.internal.render;

import com.github.mustachejava.Mustache;
import com.github.mustachejava.util.InternalArrayList;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A part that is ready to be rendered. Immutable and thread-safe. */
public final class CompiledPart {
  private final TemplateVersion version;
  private final TemplatePart part;
  private final Mustache tree;
  private final Map<String, TemplateVersion> included;
  private final Map<String, Place> uses;

  CompiledPart(
      TemplateVersion version,
      TemplatePart part,
      Mustache tree,
      Map<String, TemplateVersion> included,
      Map<String, Place> uses) {
    this.version = version;
    this.part = part;
    this.tree = tree;
    this.included = Map.copyOf(included);
    this.uses = Map.copyOf(uses);
  }

  /**
   * Compiles a part with what it includes.
   *
   * @throws TemplateException with every problem
   */
  public static CompiledPart compile(
      TemplateVersion version, TemplatePart part, Includes includes) {
    return PartCompiler.compile(version, part, includes);
  }

  /** Returns the part that it was made from. */
  public TemplatePart part() {
    return part;
  }

  /** Returns the versions of the layouts and partials that went into it, by name. */
  public Map<String, TemplateVersion> included() {
    return included;
  }

  /** Returns what is wrong with a variable, at the place where it is used first, if it is used. */
  public Optional<TemplateProblem> problemWith(String variable, String message) {
    return Optional.ofNullable(uses.get(variable)).map(place -> place.problem(message));
  }

  /**
   * Renders the part.
   *
   * @throws TemplateException if the data does not fit, or the result is empty or too long
   */
  public String render(Map<String, Object> data, Target target) {
    List<Object> scopes = new InternalArrayList<>();
    scopes.add(data);
    PartWriter out = new PartWriter(part, target);
    try {
      tree.execute(out, scopes);
    } catch (RenderFailure e) {
      throw new TemplateException(e.problem());
    } catch (PartLimitException e) {
      throw problem(String.valueOf(e.getMessage()));
    }
    String text = finished(out.toString());
    if (text.isBlank()) {
      throw problem("it renders to nothing");
    }
    return text;
  }

  private String finished(String text) {
    if (part.format() == TemplateFormat.SUBJECT) {
      return SubjectLine.of(text);
    }
    if (part.format() == TemplateFormat.JSON) {
      JsonSyntax.problemIn(text)
          .ifPresent(
              message -> {
                throw problem(message);
              });
    }
    return text;
  }

  private TemplateException problem(String message) {
    return new TemplateException(
        new TemplateProblem(version.reference(), part.label(), 0, 0, message));
  }
}
