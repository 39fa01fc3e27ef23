package dev.notifier.internal.render;

import dev.notifier.Template;
import dev.notifier.TemplateVariable;
import dev.notifier.VariableType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known, before there is any data, of the names that a tag may use: the declarations of the
 * template and of what it includes, and the sections around the tag. Immutable.
 */
final class Scope {
  private static final Set<VariableType> WITH_FIELDS =
      Set.of(VariableType.LIST, VariableType.MAP, VariableType.ANY);

  /** The template that is rendered first, then what includes what. */
  private final List<Template> templates;

  /** The full path of each section around the tag, from the outermost. */
  private final List<String> sections;

  private Scope(List<Template> templates, List<String> sections) {
    this.templates = templates;
    this.sections = sections;
  }

  static Scope of(Template template) {
    return new Scope(List.of(template), List.of());
  }

  /** Returns the scope of what a tag here includes. */
  Scope including(Template template) {
    List<Template> all = new ArrayList<>(templates);
    all.add(template);
    return new Scope(all, sections);
  }

  /** Returns the scope inside a section over this name. */
  Scope inside(String name) {
    List<String> all = new ArrayList<>(sections);
    all.add(meaningOf(name).orElse(name));
    return new Scope(templates, all);
  }

  boolean isLenient() {
    return templates.get(0).lenient();
  }

  boolean isInSection() {
    return !sections.isEmpty();
  }

  /** Tells whether a name can be anything. */
  boolean knows(String name) {
    return meaningOf(name).isPresent();
  }

  /** Returns the full path that a name stands for, as far as the declarations tell. */
  private Optional<String> meaningOf(String name) {
    return candidates(name).stream().filter(this::isPossible).findFirst();
  }

  /** A field of the innermost element, of the one around it, and so on; or a variable. */
  private List<String> candidates(String name) {
    List<String> candidates = new ArrayList<>();
    for (int i = sections.size() - 1; i >= 0; i--) {
      candidates.add(sections.get(i) + "." + name);
    }
    candidates.add(name);
    return candidates;
  }

  private boolean isPossible(String path) {
    return declaration(path).isPresent() || hasDeclaredFields(path) || isUndeclaredField(path);
  }

  private Optional<TemplateVariable> declaration(String path) {
    return templates.stream().flatMap(each -> each.variable(path).stream()).findFirst();
  }

  /** {@code customer} is known if {@code customer.name} is declared. */
  private boolean hasDeclaredFields(String path) {
    return templates.stream()
        .flatMap(each -> each.variables().stream())
        .anyMatch(variable -> variable.name().startsWith(path + "."));
  }

  /** A field can be anything as long as no field of its owner is declared. */
  private boolean isUndeclaredField(String path) {
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      String owner = path.substring(0, dot);
      if (hasDeclaredFields(owner)) {
        return false;
      }
      Optional<TemplateVariable> declared = declaration(owner);
      if (declared.isPresent()) {
        return WITH_FIELDS.contains(declared.get().type());
      }
    }
    return false;
  }

  /** Returns what stands in for a name that is not there; null if it must be there. */
  @Nullable Object fallback(String name) {
    for (String path : candidates(name)) {
      Optional<TemplateVariable> declared = declaration(path);
      if (declared.isPresent() && !declared.get().required()) {
        return declared.get().defaultValue().orElse(Path.NOTHING);
      }
    }
    return isLenient() ? Path.NOTHING : null;
  }

  /** Returns the names to show to an author who used another one. */
  Set<String> declaredNames() {
    Set<String> names = new TreeSet<>();
    templates.forEach(each -> each.variables().forEach(variable -> names.add(variable.name())));
    return names;
  }
}
