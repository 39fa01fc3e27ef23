package dev.notifier.benchmarks;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import dev.notifier.Notification;
import dev.notifier.Template;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.VariableType;
import dev.notifier.internal.store.InMemoryTemplateStore;
import dev.notifier.internal.template.TemplateLibrary;
import dev.notifier.internal.template.TemplateRenderer;
import dev.notifier.spi.TemplateStore;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How fast is a cached template rendered, strictness included, compared with mustache.java by
 * itself on the same three texts and the same data? And how much memory do 10,000 templates of a
 * store take in the caches when all of them are used?
 *
 * <p>"render" is all that happens at acceptance: the cache is asked, the data are checked, the
 * parts are rendered and the notification is made anew. "build and render" copies the data as well.
 * mustache.java only executes three templates that are at hand, and misses silently.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=TemplateBenchmark [-Drun.args="200000 7"]
 * }</pre>
 *
 * <p>Arguments: renderings per round (200,000), rounds (5).
 */
final class TemplateBenchmark {
  private static final int STORED = 10_000;

  private static final String SUBJECT = "Order {{order}} for {{customer.name}}";
  private static final String LINES =
      "{{#items}}\n<li>{{count}} x {{name}}{{#gift}} (gift){{/gift}}</li>\n{{/items}}\n";
  private static final String HTML =
      "<html><body><h1>Hello {{customer.name}}</h1>\n<p>Your order {{order}} is on its way to"
          + " {{customer.city}}.</p>\n<ul>\n"
          + LINES
          + "</ul>\n{{#note}}<p>{{note}}</p>{{/note}}{{^note}}<p>Thank you!</p>{{/note}}\n"
          + "<p>This message was sent to you since you bought something from {{shop}}.</p>\n"
          + "</body></html>\n";
  private static final String TEXT =
      "Hello {{{customer.name}}}\nYour order {{order}} is on its way to {{{customer.city}}}.\n"
          + LINES
          + "Thank you!\n{{{shop}}}\n";

  private static final Map<String, Object> DATA =
      Map.of(
          "order",
          1001,
          "shop",
          "Paper & Ink",
          "note",
          "",
          "customer",
          Map.of("name", "Ada <Lovelace>", "city", "London"),
          "items",
          List.of(item("Pen", 2, false), item("Ink & Quill", 1, true), item("Paper", 500, false)));

  private final int count;

  private TemplateBenchmark(int count) {
    this.count = count;
  }

  private static Map<String, Object> item(String name, int count, boolean gift) {
    return Map.of("name", name, "count", count, "gift", gift);
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws InterruptedException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Machine.print();
    new TemplateBenchmark(count).compare(rounds);
    printMemory();
  }

  private static Template template(String name) {
    return Template.named(name)
        .requires("order", VariableType.NUMBER)
        .requires("shop", VariableType.TEXT)
        .requires("customer", VariableType.MAP)
        .requires("items", VariableType.LIST)
        .optional("note", VariableType.TEXT)
        .email(SUBJECT, HTML, TEXT)
        .build();
  }

  private static TemplateRenderer renderer(TemplateStore store) {
    return new TemplateRenderer(new TemplateLibrary(store, null, null, InstantSource.system()));
  }

  private static void add(TemplateStore store, Template template) {
    Instant now = Instant.EPOCH;
    TemplateSummary summary =
        new TemplateSummary(template.name(), 1, 1, OptionalInt.of(1), Set.of(), Set.of(), now, now);
    store.replace(summary, Optional.of(new TemplateVersion(template, 1, now)));
  }

  // --- Speed ------------------------------------------------------------------------------------

  private void compare(int rounds) throws InterruptedException {
    DefaultMustacheFactory factory = new DefaultMustacheFactory();
    List<Mustache> bare = new ArrayList<>();
    for (String text : List.of(SUBJECT, HTML, TEXT)) {
      bare.add(factory.compile(new StringReader(text), "text" + bare.size()));
    }
    TemplateStore store = new InMemoryTemplateStore();
    add(store, template("order"));
    TemplateRenderer renderer = renderer(store);
    Notification built = notification("order");
    check(bare, renderer.render(built));
    new Comparison("three parts")
        .add("mustache.java", () -> timed(() -> characters(bare)))
        .add("render", () -> timed(() -> characters(renderer.render(built))))
        .add(
            "build and render",
            () -> timed(() -> characters(renderer.render(notification("order")))))
        .run(rounds);
  }

  private static Notification notification(String template) {
    return Notification.to("email:ada@example.com").template(template, DATA).build();
  }

  /** Does some work and tells how many characters came of it. */
  @FunctionalInterface
  private interface Work {
    int characters();
  }

  private double timed(Work work) {
    long characters = 0;
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      characters += work.characters();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (characters < (long) count * HTML.length()) {
      throw new IllegalStateException("rendered only " + characters + " characters");
    }
    return count / seconds;
  }

  private static int characters(List<Mustache> bare) {
    int characters = 0;
    for (Mustache mustache : bare) {
      characters += rendered(mustache).length();
    }
    return characters;
  }

  private static String rendered(Mustache mustache) {
    StringWriter out = new StringWriter();
    mustache.execute(out, DATA);
    return out.toString();
  }

  private static int characters(Notification notification) {
    return notification.contentByChannel().values().stream()
        .mapToInt(
            content ->
                content.subject().orElse("").length()
                    + content.html().orElse("").length()
                    + content.text().orElse("").length())
        .sum();
  }

  /** Two programs that say different things cannot be compared. */
  private static void check(List<Mustache> bare, Notification notification) {
    String html = notification.contentByChannel().values().iterator().next().html().orElse("");
    if (!rendered(bare.get(1)).equals(html)) {
      throw new IllegalStateException("mustache.java renders another text");
    }
  }

  // --- Memory -----------------------------------------------------------------------------------

  private static void printMemory() {
    TemplateStore store = new InMemoryTemplateStore();
    for (int number = 0; number < STORED; number++) {
      add(store, template("order-" + number));
    }
    TemplateRenderer renderer = renderer(store);
    renderer.render(notification("order-0"));
    long before = used();
    System.out.printf("%n| templates used | MB in the caches |%n|---|---|%n");
    for (int number = 0; number < STORED; number++) {
      renderer.render(notification("order-" + number));
      if ((number + 1) % 1000 == 0) {
        System.out.printf("| %,6d | %.1f |%n", number + 1, (used() - before) / 1e6);
      }
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
