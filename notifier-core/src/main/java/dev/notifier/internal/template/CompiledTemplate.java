package dev.notifier.internal.template;

import dev.notifier.ChannelId;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateVersion;
import dev.notifier.internal.render.CompiledPart;
import dev.notifier.internal.render.Includes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A version of a template whose parts are compiled when they are needed first. Thread-safe. */
final class CompiledTemplate {
  /** Gives what a template includes, and tells which text that is. */
  interface Library {
    Optional<VersionKey> active(String name);

    Optional<TemplateVersion> version(VersionKey key);
  }

  private record Compiled(CompiledPart part, Map<String, VersionKey> included) {}

  private final TemplateVersion version;
  private final Library library;
  private final Map<TemplatePart, Compiled> parts = new ConcurrentHashMap<>();

  CompiledTemplate(TemplateVersion version, Library library) {
    this.version = version;
    this.library = library;
  }

  TemplateVersion version() {
    return version;
  }

  /** Returns what it says on a channel to a reader; empty if it says nothing there. */
  List<CompiledPart> parts(ChannelId channel, Locale reader) {
    List<CompiledPart> found = new ArrayList<>();
    for (TemplatePart part : version.template().parts(channel, reader)) {
      found.add(compiled(part));
    }
    return found;
  }

  /** Returns what is wrong with any of its parts. */
  List<TemplateProblem> problems() {
    List<TemplateProblem> problems = new ArrayList<>();
    for (TemplatePart part : version.template().parts()) {
      try {
        compiled(part);
      } catch (TemplateException e) {
        problems.addAll(e.problems());
      }
    }
    return problems;
  }

  /** Returns the names of what its parts include, directly or not; all of them compile. */
  Set<String> includes() {
    Set<String> names = new TreeSet<>();
    version.template().parts().forEach(part -> names.addAll(compiled(part).included().keySet()));
    return names;
  }

  private CompiledPart compiled(TemplatePart part) {
    Compiled known = parts.get(part);
    if (known != null && isCurrent(known)) {
      return known.part();
    }
    Map<String, VersionKey> keys = new HashMap<>();
    CompiledPart made = CompiledPart.compile(version, part, noting(keys));
    parts.put(part, new Compiled(made, keys));
    return made;
  }

  private Includes noting(Map<String, VersionKey> keys) {
    return name -> {
      if (!Names.isName(name)) {
        return Optional.empty();
      }
      Optional<VersionKey> key = library.active(name);
      key.ifPresent(active -> keys.put(name, active));
      return key.flatMap(library::version);
    };
  }

  /** What a part includes may have got a new version since the part was compiled. */
  private boolean isCurrent(Compiled compiled) {
    for (Map.Entry<String, VersionKey> each : compiled.included().entrySet()) {
      if (!library.active(each.getKey()).equals(Optional.of(each.getValue()))) {
        return false;
      }
    }
    return true;
  }

  /** Returns the problem with a variable, at the place where one of these parts uses it. */
  TemplateProblem problemWith(String variable, String message, Iterable<CompiledPart> rendered) {
    for (CompiledPart part : rendered) {
      Optional<TemplateProblem> problem = part.problemWith(variable, message);
      if (problem.isPresent()) {
        return problem.get();
      }
    }
    return TemplateProblem.of(version.reference(), message);
  }

  Template template() {
    return version.template();
  }

  /** Makes a library of two functions. */
  static Library library(
      Function<String, Optional<VersionKey>> active,
      Function<VersionKey, Optional<TemplateVersion>> version) {
    return new Library() {
      @Override
      public Optional<VersionKey> active(String name) {
        return active.apply(name);
      }

      @Override
      public Optional<TemplateVersion> version(VersionKey key) {
        return version.apply(key);
      }
    };
  }
}
