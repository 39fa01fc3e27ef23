package dev.notifier.internal.render;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.MustacheParser;
import com.github.mustachejava.MustacheVisitor;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplatePart;
import dev.notifier.TemplateProblem;
import dev.notifier.TemplateVersion;
import dev.notifier.internal.render.IncludeTag.Include;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one part, with all that it includes, into a tree of tags. It is mustache.java's factory,
 * without what makes that one dangerous: it reads no file or URL, looks into no object, calls
 * nothing in the data, and knows no recursion. For one part and one thread.
 */
final class PartCompiler extends DefaultMustacheFactory {
  private static final int MAX_DEPTH = 20;
  private static final int MAX_INCLUDES = 1000;
  private static final int MAX_TEXT = 4_000_000;

  /** Of the path to a value. A matcher would overflow the stack over one that is much longer. */
  private static final int MAX_NAME = 1000;

  private final TemplateVersion version;
  private final TemplatePart part;
  private final Includes includes;
  private final List<TemplateProblem> problems = new ArrayList<>();
  private final Deque<String> chain = new ArrayDeque<>();
  private final Map<String, TemplateVersion> included = new HashMap<>();
  private final Map<String, Place> uses = new HashMap<>();
  private @Nullable Parse parse;
  private @Nullable Include pending;
  private int includeCount;
  private int textLength;

  private PartCompiler(TemplateVersion version, TemplatePart part, Includes includes) {
    super(name -> null);
    setObjectHandler(NoObjects.INSTANCE);
    this.version = version;
    this.part = part;
    this.includes = includes;
  }

  /**
   * Compiles a part.
   *
   * @throws TemplateException with all problems, if there are any
   */
  static CompiledPart compile(TemplateVersion version, TemplatePart part, Includes includes) {
    PartCompiler compiler = new PartCompiler(version, part, includes);
    Mustache tree = compiler.compile();
    if (tree == null || !compiler.problems.isEmpty()) {
      throw new TemplateException(compiler.problems);
    }
    return new CompiledPart(version, part, tree, compiler.included, compiler.uses);
  }

  private @Nullable Mustache compile() {
    try {
      chain.push(version.template().name());
      Scope scope = Scope.of(version.template());
      Mustache tree = parse(version, part.label(), part.text(), scope, 0, new HtmlState());
      tree.init();
      return tree;
    } catch (RenderFailure e) {
      problems.add(e.problem());
      return null;
    }
  }

  private Mustache parse(
      TemplateVersion from,
      String label,
      String text,
      Scope scope,
      int indentation,
      HtmlState html) {
    Parse outer = parse;
    Parse current = new Parse(from.reference(), label, text, scope, this::bind, indentation, html);
    parse = current;
    try {
      return mc.compile(current.reader(), "part");
    } catch (RenderFailure e) {
      throw e;
    } catch (MustacheException | IndexOutOfBoundsException e) { // the parser trips over odd tags
      throw current.failure();
    } finally {
      parse = outer;
    }
  }

  /** Returns the text that is being parsed. */
  Parse parse() {
    if (parse == null) {
      throw new MustacheException("nothing is being parsed");
    }
    return parse;
  }

  // --- Names and values -------------------------------------------------------------------------

  /** Called by the parser with each tag, before it acts on it. */
  @Override
  public String translate(String tag) {
    return parse().tag(tag);
  }

  /** Returns what a tag says; null, and a problem is noted, if that makes no sense. */
  @Nullable Expression expression(String text, boolean escaped) {
    Parse current = parse();
    Place place = current.place();
    if (escaped && part.format() == TemplateFormat.HTML) {
      current.html().problemWithValue().map(place::problem).ifPresent(problems::add);
    }
    Function<String, Path> paths = name -> bind(name, current.scope(), place);
    try {
      return Expression.parse(text, paths);
    } catch (IllegalArgumentException e) {
      problems.add(place.problem(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private Path bind(String name, Scope scope, Place place) {
    if (name.length() > MAX_NAME || !Expression.NAME.matcher(name).matches()) {
      problems.add(
          place.problem(
              "\""
                  + shortened(name)
                  + "\" is no name of a variable: letters, digits, hyphens and underscores, in"
                  + " parts separated by dots"));
      return new Path(".", place, Path.NOTHING);
    }
    boolean special = name.equals(".") || Path.LOOP_NAMES.contains(name);
    if (special && !scope.isInSection() && !scope.isLenient()) {
      problems.add(place.problem("\"" + name + "\" makes sense in a section over a list only"));
    }
    if (!special && !scope.knows(name) && !scope.isLenient()) {
      problems.add(
          place.problem(
              "variable \"" + name + "\" is not declared; declared are " + scope.declaredNames()));
    }
    uses.putIfAbsent(name.split("\\.", 2)[0], place);
    return new Path(name, place, scope.fallback(name));
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= 60 ? line : line.substring(0, 60) + "…";
  }

  // --- Layouts and partials ---------------------------------------------------------------------

  /** Returns how the last tag includes a partial. */
  Include partial(String indentation) {
    Parse current = parse();
    return new Include(
        current.place(),
        current.scope(),
        indentation,
        current.standsAlone(),
        current.html().copy());
  }

  /** Returns how the layout that has just ended includes another template. */
  Include layout(Parse.Open layout) {
    Parse current = parse();
    return new Include(layout.place(), current.scope(), "", false, current.html().copy());
  }

  /** Runs the part of mustache.java that asks for a partial, on behalf of a tag. */
  void including(Include include, Runnable init) {
    Include outer = pending;
    pending = include;
    try {
      init.run();
    } finally {
      pending = outer;
    }
  }

  @Override
  public Mustache compilePartial(String name) {
    Include include = pending;
    if (include == null) {
      throw new MustacheException("nothing includes " + shortened(name));
    }
    checkChain(name, include);
    TemplateVersion found = found(name, include);
    TemplatePart piece = piece(found.template(), include);
    textLength += piece.text().length();
    if (++includeCount > MAX_INCLUDES || textLength > MAX_TEXT) {
      throw include
          .place()
          .failure(
              "a part must include at most "
                  + MAX_INCLUDES
                  + " others, with "
                  + MAX_TEXT
                  + " characters in all");
    }
    chain.push(name);
    try {
      Mustache tree =
          parse(
              found,
              piece.label(),
              lines(piece.text(), include),
              include.scope().including(found.template()),
              include.indentation().length(),
              include.html().copy());
      tree.init();
      return tree;
    } finally {
      chain.pop();
    }
  }

  private void checkChain(String name, Include include) {
    if (chain.contains(name)) {
      List<String> way = new ArrayList<>(chain);
      Collections.reverse(way);
      throw include
          .place()
          .failure(
              "template " + name + " includes itself: " + String.join(" → ", way) + " → " + name);
    }
    if (chain.size() > MAX_DEPTH) {
      throw include.place().failure("templates include each other at most " + MAX_DEPTH + " deep");
    }
  }

  private TemplateVersion found(String name, Include include) {
    TemplateVersion known = included.get(name);
    if (known != null) {
      return known;
    }
    TemplateVersion found =
        includes
            .find(name)
            .orElseThrow(
                () ->
                    include
                        .place()
                        .failure("there is no active template \"" + shortened(name) + "\""));
    included.put(name, found);
    return found;
  }

  /** The same part of the other template, so that it is escaped for the same destination. */
  private TemplatePart piece(Template template, Include include) {
    return template.parts(part.channel(), part.locale()).stream()
        .filter(each -> each.format() == part.format())
        .findFirst()
        .orElseThrow(
            () ->
                include
                    .place()
                    .failure("template " + template.name() + " has no part " + part.label()));
  }

  /**
   * A partial that stands on a line of its own hands its indentation on, as mustache has it. It
   * ends the line as well, which its author cannot be asked to do: no editor shows that, and the
   * text form of templates has no line break at the end of a part.
   */
  private static String lines(String text, Include include) {
    boolean open = include.isLine() && !text.isEmpty() && !text.endsWith("\n");
    String whole = open ? text + '\n' : text;
    return include.indentation().isEmpty()
        ? whole
        : whole.replaceAll("\n(?!$)", "\n" + include.indentation());
  }

  // --- Of the factory ---------------------------------------------------------------------------

  @Override
  public MustacheVisitor createMustacheVisitor() {
    return new PartVisitor(this);
  }

  @Override
  protected MustacheParser createParser() {
    return new WhitespaceParser(this);
  }

  /** Nothing is ever read by name: {@link #compilePartial} gets texts from {@link Includes}. */
  @Override
  public Reader getReader(String name) {
    throw new MustacheException("nothing is read from files or URLs");
  }

  @Override
  public String resolvePartialPath(String directory, String name, String extension) {
    return name;
  }

  /** The parser that treats white space as the specification has it, as far as it can. */
  private static final class WhitespaceParser extends MustacheParser {
    WhitespaceParser(PartCompiler compiler) {
      super(compiler, true);
    }
  }
}
