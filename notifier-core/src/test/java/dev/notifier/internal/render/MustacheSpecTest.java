package dev.notifier.internal.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Notification;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplateVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The behaviour that the mustache specification asks for, case by case under the names that it
 * gives them. What differs is listed in {@link #DEVIATIONS} with what comes out instead; none of it
 * concerns escaping, or lets data do more than be written out.
 */
class MustacheSpecTest {
  private static final String HTML_INPUT = "& \" < >";

  private record Case(String name, String template, Object data, String partial, String expected) {}

  private static Case of(String name, String template, Object data, String expected) {
    return new Case(name, template, data, "", expected);
  }

  private static Case partial(
      String name, String template, Object data, String partial, String expected) {
    return new Case(name, template, data, partial, expected);
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static final Map<String, Object> NONE = Map.of();
  private static final Map<String, Object> YES = Map.of("boolean", true);
  private static final Map<String, Object> NO = Map.of("boolean", false);

  private static final List<Case> COMMENTS =
      List.of(
          of("Inline", "12345{{! Comment Block! }}67890", NONE, "1234567890"),
          of("Multiline", "12345{{!\n  This is a\n  comment...\n}}67890\n", NONE, "1234567890\n"),
          of("Standalone", "Begin.\n{{! Comment Block! }}\nEnd.\n", NONE, "Begin.\nEnd.\n"),
          of("Indented Standalone", "Begin.\n  {{! Comment }}\nEnd.\n", NONE, "Begin.\nEnd.\n"),
          of("Standalone Line Endings", "|\r\n{{! Standalone }}\r\n|", NONE, "|\r\n|"),
          of("Standalone Without Previous Line", "  {{! I'm Here }}\n!", NONE, "!"),
          of("Standalone Without Newline", "!\n  {{! I'm Here }}", NONE, "!\n"),
          of(
              "Multiline Standalone",
              "Begin.\n{{!\nSome comment\n}}\nEnd.\n",
              NONE,
              "Begin.\nEnd.\n"),
          of("Indented Multiline Standalone", "A.\n  {{!\n  c\n  }}\nB.\n", NONE, "A.\nB.\n"),
          of("Indented Inline", "  12 {{! 34 }}\n", NONE, "  12 \n"),
          of("Surrounding Whitespace", "12345 {{! Comment }} 67890", NONE, "12345  67890"),
          of("Variable Name Collision", "({{! comment}})", Map.of("comment", 4), "()"));

  private static final List<Case> DELIMITERS =
      List.of(
          of("Pair Behavior", "{{=<% %>=}}(<%text%>)", Map.of("text", "Hey!"), "(Hey!)"),
          of(
              "Special Characters",
              "({{=[ ]=}}[text])",
              Map.of("text", "It worked!"),
              "(It worked!)"),
          of(
              "Sections",
              """
              [
              {{#section}}
                {{data}}
                |data|
              {{/section}}

              {{= | | =}}
              |#section|
                {{data}}
                |data|
              |/section|
              ]
              """,
              Map.of("section", true, "data", "I got interpolated."),
              "[\n  I got interpolated.\n  |data|\n\n  {{data}}\n  I got interpolated.\n]\n"),
          of(
              "Inverted Sections",
              """
              [
              {{^section}}
                {{data}}
                |data|
              {{/section}}

              {{= | | =}}
              |^section|
                {{data}}
                |data|
              |/section|
              ]
              """,
              Map.of("section", false, "data", "I got interpolated."),
              "[\n  I got interpolated.\n  |data|\n\n  {{data}}\n  I got interpolated.\n]\n"),
          partial(
              "Partial Inheritence",
              "[ {{>include}} ]\n{{= | | =}}\n[ |>include| ]\n",
              Map.of("value", "yes"),
              ".{{value}}.",
              "[ .yes. ]\n[ .yes. ]\n"),
          partial(
              "Post-Partial Behavior",
              "[ {{>include}} ]\n[ .{{value}}.  .|value|. ]\n",
              Map.of("value", "yes"),
              ".{{value}}. {{= | | =}} .|value|.",
              "[ .yes.  .yes. ]\n[ .yes.  .|value|. ]\n"),
          of("Surrounding Whitespace", "| {{=@ @=}} |", NONE, "|  |"),
          of("Outlying Whitespace (Inline)", " | {{=@ @=}}\n", NONE, " | \n"),
          of("Standalone Tag", "Begin.\n{{=@ @=}}\nEnd.\n", NONE, "Begin.\nEnd.\n"),
          of("Indented Standalone Tag", "Begin.\n  {{=@ @=}}\nEnd.\n", NONE, "Begin.\nEnd.\n"),
          of("Standalone Line Endings", "|\r\n{{= @ @ =}}\r\n|", NONE, "|\r\n|"),
          of("Standalone Without Previous Line", "  {{=@ @=}}\n=", NONE, "="),
          of("Standalone Without Newline", "=\n  {{=@ @=}}", NONE, "=\n"),
          of("Pair with Padding", "|{{= @   @ =}}|", NONE, "||"));

  private static final List<Case> INTERPOLATION =
      List.of(
          of("No Interpolation", "Hello from {Mustache}!\n", NONE, "Hello from {Mustache}!\n"),
          of(
              "Basic Interpolation",
              "Hello, {{subject}}!",
              Map.of("subject", "world"),
              "Hello, world!"),
          of("No Re-interpolation", "{{t}}: {{p}}", Map.of("t", "{{p}}", "p", "It"), "{{p}}: It"),
          of("HTML Escaping", "{{v}}", Map.of("v", HTML_INPUT), "&amp; &quot; &lt; &gt;"),
          of("Triple Mustache", "{{{v}}}", Map.of("v", HTML_INPUT), HTML_INPUT),
          of("Ampersand", "{{&v}}", Map.of("v", HTML_INPUT), HTML_INPUT),
          of("Basic Integer Interpolation", "{{mph}} mph", Map.of("mph", 85), "85 mph"),
          of("Triple Mustache Integer", "{{{mph}}} mph", Map.of("mph", 85), "85 mph"),
          of("Ampersand Integer", "{{&mph}} mph", Map.of("mph", 85), "85 mph"),
          of("Basic Decimal Interpolation", "{{power}}", Map.of("power", 1.210), "1.21"),
          of("Triple Mustache Decimal", "{{{power}}}", Map.of("power", 1.210), "1.21"),
          of("Ampersand Decimal", "{{&power}}", Map.of("power", 1.210), "1.21"),
          of("Basic Null Interpolation", "({{cannot}})", map("cannot", null), "()"),
          of("Triple Mustache Null", "({{{cannot}}})", map("cannot", null), "()"),
          of("Ampersand Null", "({{&cannot}})", map("cannot", null), "()"),
          of("Basic Context Miss", "({{cannot}})", NONE, "()"),
          of("Triple Mustache Context Miss", "({{{cannot}}})", NONE, "()"),
          of("Ampersand Context Miss", "({{&cannot}})", NONE, "()"),
          of(
              "Dotted Names - Basic",
              "{{person.name}}={{#person}}{{name}}{{/person}}",
              Map.of("person", Map.of("name", "Joe")),
              "Joe=Joe"),
          of(
              "Dotted Names - Triple Mustache",
              "{{{person.name}}}={{#person}}{{{name}}}{{/person}}",
              Map.of("person", Map.of("name", "<Joe>")),
              "<Joe>=<Joe>"),
          of(
              "Dotted Names - Ampersand",
              "{{&person.name}}={{#person}}{{&name}}{{/person}}",
              Map.of("person", Map.of("name", "<Joe>")),
              "<Joe>=<Joe>"),
          of(
              "Dotted Names - Arbitrary Depth",
              "{{a.b.c.d.e.name}}",
              Map.of(
                  "a", Map.of("b", Map.of("c", Map.of("d", Map.of("e", Map.of("name", "Phil")))))),
              "Phil"),
          of("Dotted Names - Broken Chains", "({{a.b.c}})", Map.of("a", NONE), "()"),
          of(
              "Dotted Names - Broken Chain Resolution",
              "({{a.b.c.name}})",
              Map.of("a", Map.of("b", NONE), "c", Map.of("name", "Jim")),
              "()"),
          of(
              "Dotted Names - Initial Resolution",
              "{{#a}}{{b.c.name}}{{/a}}",
              Map.of(
                  "a", Map.of("b", Map.of("c", Map.of("name", "Phil"))),
                  "b", Map.of("c", Map.of("name", "Wrong"))),
              "Phil"),
          of(
              "Dotted Names - Context Precedence",
              "{{#a}}({{b.c}}){{/a}}",
              Map.of("a", Map.of("b", NONE), "b", Map.of("c", "ERROR")),
              "()"),
          of("Dotted Names are never single keys", "({{a.b}})", map("a.b", "c", "a", map()), "()"),
          of("Implicit Iterators - Basic", "{{#v}}{{.}}{{/v}}", Map.of("v", List.of("w")), "w"),
          of("Implicit Iterators - HTML", "{{#v}}{{.}}{{/v}}", Map.of("v", List.of("<")), "&lt;"),
          of("Implicit Iterators - Triple", "{{#v}}{{{.}}}{{/v}}", Map.of("v", List.of("<")), "<"),
          of(
              "Implicit Iterators - Ampersand",
              "{{#v}}{{&.}}{{/v}}",
              Map.of("v", List.of("<")),
              "<"),
          of("Implicit Iterators - Integer", "{{#v}}{{.}}{{/v}}", Map.of("v", List.of(85)), "85"),
          of("Interpolation - Surrounding Whitespace", "| {{s}} |", Map.of("s", "-"), "| - |"),
          of("Triple Mustache - Surrounding Whitespace", "| {{{s}}} |", Map.of("s", "-"), "| - |"),
          of("Ampersand - Surrounding Whitespace", "| {{&s}} |", Map.of("s", "-"), "| - |"),
          of("Interpolation - Standalone", "  {{s}}\n", Map.of("s", "-"), "  -\n"),
          of("Triple Mustache - Standalone", "  {{{s}}}\n", Map.of("s", "-"), "  -\n"),
          of("Ampersand - Standalone", "  {{&s}}\n", Map.of("s", "-"), "  -\n"),
          of("Interpolation With Padding", "|{{ s }}|", Map.of("s", "-"), "|-|"),
          of("Triple Mustache With Padding", "|{{{ s }}}|", Map.of("s", "-"), "|-|"),
          of("Ampersand With Padding", "|{{& s }}|", Map.of("s", "-"), "|-|"));

  private static final List<Case> SECTIONS =
      List.of(
          of(
              "Truthy",
              "{{#boolean}}This should be rendered.{{/boolean}}",
              YES,
              "This should be rendered."),
          of("Falsey", "({{#boolean}}not{{/boolean}})", NO, "()"),
          of("Null is falsey", "({{#null}}not{{/null}})", map("null", null), "()"),
          of(
              "Context",
              "{{#context}}Hi {{name}}.{{/context}}",
              Map.of("context", Map.of("name", "Joe")),
              "Hi Joe."),
          of(
              "Parent contexts",
              "{{#sec}}{{a}}, {{b}}, {{c.d}}{{/sec}}",
              Map.of("a", "foo", "b", "wrong", "sec", Map.of("b", "bar"), "c", Map.of("d", "baz")),
              "foo, bar, baz"),
          of(
              "Variable test",
              "{{#foo}}{{.}} is {{foo}}{{/foo}}",
              Map.of("foo", "bar"),
              "bar is bar"),
          of(
              "List Contexts",
              "{{#tops}}{{#middles}}{{tname.lower}}{{mname}}.{{#bottoms}}{{tname.upper}}{{mname}}"
                  + "{{bname}}.{{/bottoms}}{{/middles}}{{/tops}}",
              Map.of(
                  "tops",
                  List.of(
                      Map.of(
                          "tname",
                          Map.of("upper", "A", "lower", "a"),
                          "middles",
                          List.of(
                              Map.of(
                                  "mname",
                                  "1",
                                  "bottoms",
                                  List.of(Map.of("bname", "x"), Map.of("bname", "y"))))))),
              "a1.A1x.A1y."),
          of(
              "Deeply Nested Contexts",
              "{{#a}}{{one}}{{#b}}{{one}}{{two}}{{#c.d}}{{one}}{{two}}{{three}}{{/c.d}}{{/b}}{{/a}}",
              Map.of(
                  "a", Map.of("one", 1),
                  "b", Map.of("two", 2),
                  "c", Map.of("three", 9, "d", Map.of("three", 3))),
              "112123"),
          of("List", "{{#list}}{{item}}{{/list}}", Map.of("list", items(1, 2, 3)), "123"),
          of("Empty List", "({{#list}}Yay lists!{{/list}})", Map.of("list", List.of()), "()"),
          of(
              "Doubled",
              "{{#bool}}\n* first\n{{/bool}}\n* {{two}}\n{{#bool}}\n* third\n{{/bool}}\n",
              Map.of("bool", true, "two", "second"),
              "* first\n* second\n* third\n"),
          of(
              "Nested (Truthy)",
              "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |",
              Map.of("bool", true),
              "| A B C D E |"),
          of(
              "Nested (Falsey)",
              "| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |",
              Map.of("bool", false),
              "| A  E |"),
          of("Context Misses", "[{{#missing}}Found key 'missing'!{{/missing}}]", NONE, "[]"),
          of(
              "Implicit Iterator - String",
              "{{#l}}({{.}}){{/l}}",
              Map.of("l", List.of("a", "b")),
              "(a)(b)"),
          of(
              "Implicit Iterator - Integer",
              "{{#l}}({{.}}){{/l}}",
              Map.of("l", List.of(1, 2)),
              "(1)(2)"),
          of(
              "Implicit Iterator - Decimal",
              "{{#l}}({{.}}){{/l}}",
              Map.of("l", List.of(1.1, 2.2)),
              "(1.1)(2.2)"),
          of(
              "Implicit Iterator - Array",
              "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}",
              Map.of("l", List.of(List.of(1, 2), List.of("a"))),
              "(12)(a)"),
          of(
              "Implicit Iterator - HTML Escaping",
              "{{#l}}({{.}}){{/l}}",
              Map.of("l", List.of("&")),
              "(&amp;)"),
          of(
              "Implicit Iterator - Root-level",
              "{{#.}}({{value}}){{/.}}",
              Map.of("value", "a"),
              "(a)"),
          of(
              "Dotted Names - Truthy",
              "{{#a.b.c}}Here{{/a.b.c}}",
              Map.of("a", Map.of("b", Map.of("c", true))),
              "Here"),
          of(
              "Dotted Names - Falsey",
              "({{#a.b.c}}Here{{/a.b.c}})",
              Map.of("a", Map.of("b", Map.of("c", false))),
              "()"),
          of("Dotted Names - Broken Chains", "({{#a.b.c}}Here{{/a.b.c}})", Map.of("a", NONE), "()"),
          of(
              "Surrounding Whitespace",
              " | {{#boolean}}\t|\t{{/boolean}} | \n",
              YES,
              " | \t|\t | \n"),
          of(
              "Internal Whitespace",
              " | {{#boolean}} {{! Important Whitespace }}\n {{/boolean}} | \n",
              YES,
              " |  \n  | \n"),
          of(
              "Indented Inline Sections",
              " {{#boolean}}YES{{/boolean}}\n {{#boolean}}GOOD{{/boolean}}\n",
              YES,
              " YES\n GOOD\n"),
          of(
              "Standalone Lines",
              "| This Is\n{{#boolean}}\n|\n{{/boolean}}\n| A Line\n",
              YES,
              "| This Is\n|\n| A Line\n"),
          of(
              "Indented Standalone Lines",
              "| This Is\n  {{#boolean}}\n|\n  {{/boolean}}\n| A Line\n",
              YES,
              "| This Is\n|\n| A Line\n"),
          of("Standalone Line Endings", "|\r\n{{#boolean}}\r\n{{/boolean}}\r\n|", YES, "|\r\n|"),
          of("Standalone Without Previous Line", "  {{#boolean}}\n#{{/boolean}}\n/", YES, "#\n/"),
          of("Standalone Without Newline", "#{{#boolean}}\n/\n  {{/boolean}}", YES, "#\n/\n"),
          of("Padding", "|{{# boolean }}={{/ boolean }}|", YES, "|=|"));

  private static final List<Case> INVERTED =
      List.of(
          of(
              "Falsey",
              "{{^boolean}}This should be rendered.{{/boolean}}",
              NO,
              "This should be rendered."),
          of("Truthy", "({{^boolean}}not{{/boolean}})", YES, "()"),
          of("Null is falsey", "{{^null}}yes{{/null}}", map("null", null), "yes"),
          of(
              "Context",
              "({{^context}}Hi {{name}}.{{/context}})",
              Map.of("context", Map.of("name", "Joe")),
              "()"),
          of("List", "({{^list}}{{n}}{{/list}})", Map.of("list", items(1, 2)), "()"),
          of("Empty List", "{{^list}}Yay lists!{{/list}}", Map.of("list", List.of()), "Yay lists!"),
          of(
              "Doubled",
              "{{^bool}}\n* first\n{{/bool}}\n* {{two}}\n{{^bool}}\n* third\n{{/bool}}\n",
              Map.of("bool", false, "two", "second"),
              "* first\n* second\n* third\n"),
          of(
              "Nested (Falsey)",
              "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |",
              Map.of("b", false),
              "| A B C D E |"),
          of(
              "Nested (Truthy)",
              "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |",
              Map.of("b", true),
              "| A  E |"),
          of("Context Misses", "[{{^missing}}Cannot find{{/missing}}]", NONE, "[Cannot find]"),
          of(
              "Dotted Names - Truthy",
              "({{^a.b}}Not{{/a.b}})",
              Map.of("a", Map.of("b", true)),
              "()"),
          of(
              "Dotted Names - Falsey",
              "{{^a.b}}Not{{/a.b}}",
              Map.of("a", Map.of("b", false)),
              "Not"),
          of("Dotted Names - Broken Chains", "{{^a.b}}Not{{/a.b}}", Map.of("a", NONE), "Not"),
          of(
              "Surrounding Whitespace",
              " | {{^boolean}}\t|\t{{/boolean}} | \n",
              NO,
              " | \t|\t | \n"),
          of(
              "Internal Whitespace",
              " | {{^boolean}} {{! Important Whitespace }}\n {{/boolean}} | \n",
              NO,
              " |  \n  | \n"),
          of(
              "Indented Inline Sections",
              " {{^boolean}}NO{{/boolean}}\n {{^boolean}}WAY{{/boolean}}\n",
              NO,
              " NO\n WAY\n"),
          of(
              "Standalone Lines",
              "| This Is\n{{^boolean}}\n|\n{{/boolean}}\n| A Line\n",
              NO,
              "| This Is\n|\n| A Line\n"),
          of(
              "Standalone Indented Lines",
              "| This Is\n  {{^boolean}}\n|\n  {{/boolean}}\n| A Line\n",
              NO,
              "| This Is\n|\n| A Line\n"),
          of("Standalone Line Endings", "|\r\n{{^boolean}}\r\n{{/boolean}}\r\n|", NO, "|\r\n|"),
          of("Standalone Without Previous Line", "  {{^boolean}}\n^{{/boolean}}\n/", NO, "^\n/"),
          of("Standalone Without Newline", "^{{^boolean}}\n/\n  {{/boolean}}", NO, "^\n/\n"),
          of("Padding", "|{{^ boolean }}={{/ boolean }}|", NO, "|=|"));

  private static final List<Case> PARTIALS =
      List.of(
          partial("Basic Behavior", "\"{{>include}}\"", NONE, "from partial", "\"from partial\""),
          of("Failed Lookup", "\"{{>nowhere}}\"", NONE, "\"\""),
          partial(
              "Context",
              "\"{{>include}}\"",
              Map.of("text", "content"),
              "*{{text}}*",
              "\"*content*\""),
          partial(
              "Recursion",
              "{{>include}}",
              Map.of("content", "X", "nodes", List.of(map("content", "Y", "nodes", List.of()))),
              "{{content}}<{{#nodes}}{{>include}}{{/nodes}}>",
              "X<Y<>>"),
          partial("Surrounding Whitespace", "| {{>include}} |", NONE, "\t|\t", "| \t|\t |"),
          partial(
              "Inline Indentation",
              "  {{data}}  {{> include}}\n",
              Map.of("data", "|"),
              ">\n>",
              "  |  >\n>\n"),
          partial("Standalone Line Endings", "|\r\n{{>include}}\r\n|", NONE, ">", "|\r\n>|"),
          partial(
              "Standalone Without Previous Line", "  {{>include}}\n>", NONE, ">\n>", "  >\n  >>"),
          partial("Standalone Without Newline", ">\n  {{>include}}", NONE, ">\n>", ">\n  >\n  >"),
          partial(
              "Standalone Indentation",
              "\\\n {{>include}}\n/\n",
              Map.of("content", "<\n->"),
              "|\n{{{content}}}\n|\n",
              "\\\n |\n <\n->\n |\n/\n"),
          partial("Padding Whitespace", "|{{> include }}|", YES, "[]", "|[]|"));

  private static List<Object> items(int... numbers) {
    List<Object> items = new ArrayList<>();
    for (int number : numbers) {
      items.add(Map.of("item", number));
    }
    return items;
  }

  private static final Map<String, List<Case>> SUITE =
      Map.of(
          "comments", COMMENTS,
          "delimiters", DELIMITERS,
          "interpolation", INTERPOLATION,
          "sections", SECTIONS,
          "inverted", INVERTED,
          "partials", PARTIALS);

  /**
   * What comes out instead of what the specification says: comments and new delimiters leave an
   * empty line where they stand alone, a line break next to a section may be lost, a partial that
   * stands alone ends its line, one that is not there is an error, and so is one that includes
   * itself.
   */
  private static final Map<String, String> DEVIATIONS =
      Map.ofEntries(
          Map.entry("comments: Indented Multiline Standalone", "A.\n  \nB.\n"),
          Map.entry("comments: Indented Standalone", "Begin.\n  \nEnd.\n"),
          Map.entry("comments: Multiline Standalone", "Begin.\n\nEnd.\n"),
          Map.entry("comments: Standalone", "Begin.\n\nEnd.\n"),
          Map.entry("comments: Standalone Line Endings", "|\r\n\r\n|"),
          Map.entry("comments: Standalone Without Newline", "!\n  "),
          Map.entry("comments: Standalone Without Previous Line", "  \n!"),
          Map.entry("delimiters: Indented Standalone Tag", "Begin.\n  \nEnd.\n"),
          Map.entry(
              "delimiters: Inverted Sections",
              "[\n  I got interpolated.\n  |data|\n\n\n  {{data}}\n  I got interpolated.\n]\n"),
          Map.entry("delimiters: Partial Inheritence", "[ .yes. ]\n\n[ .yes. ]\n"),
          Map.entry(
              "delimiters: Sections",
              "[\n  I got interpolated.\n  |data|\n\n\n  {{data}}\n  I got interpolated.\n]\n"),
          Map.entry("delimiters: Standalone Line Endings", "|\r\n\r\n|"),
          Map.entry("delimiters: Standalone Tag", "Begin.\n\nEnd.\n"),
          Map.entry("delimiters: Standalone Without Newline", "=\n  "),
          Map.entry("delimiters: Standalone Without Previous Line", "  \n="),
          Map.entry("inverted: Internal Whitespace", " |   | \n"),
          Map.entry("inverted: Standalone Without Newline", "^/\n"),
          Map.entry("inverted: Standalone Without Previous Line", "^/"),
          Map.entry("partials: Failed Lookup", "error: there is no active template \"nowhere\""),
          Map.entry(
              "partials: Recursion",
              "error: template include includes itself: main → include → include"),
          Map.entry("partials: Standalone Line Endings", "|\r\n>\n|"),
          Map.entry("partials: Standalone Without Previous Line", "  >\n  >\n>"),
          Map.entry("sections: Internal Whitespace", " |   | \n"),
          Map.entry("sections: Standalone Without Newline", "#/\n"),
          Map.entry("sections: Standalone Without Previous Line", "#/"));

  @Test
  void theEngineDoesWhatTheSpecificationSaysButForTheListedDeviations() {
    Map<String, String> found = new HashMap<>();
    SUITE.forEach(
        (section, cases) ->
            cases.forEach(
                each -> {
                  String actual = render(each);
                  if (!actual.equals(each.expected())) {
                    found.put(section + ": " + each.name(), actual);
                  }
                }));
    assertThat(found).containsExactlyInAnyOrderEntriesOf(DEVIATIONS);
  }

  private static String render(Case each) {
    Map<String, TemplateVersion> partials = new HashMap<>();
    if (!each.partial().isEmpty()) {
      partials.put("include", version("include", each.partial()));
    }
    TemplateVersion main = version("main", each.template());
    try {
      CompiledPart part =
          CompiledPart.compile(
              main,
              main.template().parts().get(0),
              name -> Optional.ofNullable(partials.get(name)));
      return part.render(copied(each.data()), new Target(Locale.ENGLISH, ZoneOffset.UTC, false));
    } catch (TemplateException e) {
      return "error: " + e.problems().get(0).message();
    }
  }

  private static TemplateVersion version(String name, String text) {
    Template template =
        Template.named(name).lenient().part("email", TemplateFormat.HTML, text).build();
    return new TemplateVersion(template, 1, Instant.EPOCH);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> copied(Object data) {
    return Notification.to("email:ada@example.com")
        .template("main", (Map<String, Object>) data)
        .build()
        .templateData();
  }
}
