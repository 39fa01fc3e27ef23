package dev.notifier.store.jdbc;

import dev.notifier.NotifierException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@link JdbcSchema} for the command line. */
final class SchemaCommand {
  private static final Set<String> OPTIONS = Set.of("--url", "--user", "--prefix");
  private static final String USAGE =
      """
      usage: JdbcSchema status | migrate | validate | rollback <version>
                 --url <JDBC URL> [--user <name>] [--prefix <notifier_>]
             JdbcSchema print <h2 | postgresql | mariadb> [--prefix <notifier_>]
      The password is read from the environment variable NOTIFIER_STORE_JDBC_PASSWORD.""";

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream errors;
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();

  SchemaCommand(Map<String, String> environment, PrintStream out, PrintStream errors) {
    this.environment = environment;
    this.out = out;
    this.errors = errors;
  }

  /** Returns the exit status: 0 done, 1 failed, 2 not understood. */
  int run(List<String> arguments) {
    try {
      read(arguments);
      execute();
      return 0;
    } catch (NotifierException e) {
      errors.println(e.getMessage());
      return 1;
    } catch (IllegalArgumentException e) {
      errors.println(e.getMessage());
      errors.println(USAGE);
      return 2;
    }
  }

  private void read(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        words.add(argument);
      } else if (OPTIONS.contains(argument) && i + 1 < arguments.size()) {
        options.put(argument, arguments.get(++i));
      } else {
        throw new IllegalArgumentException(
            OPTIONS.contains(argument)
                ? "option " + argument + " needs a value"
                : "unknown option: " + argument.replaceFirst("=.*", "=…"));
      }
    }
  }

  private void execute() {
    String command = String.join(" ", words);
    if (command.equals("status")) {
      schema().status().forEach(out::println);
    } else if (command.equals("migrate")) {
      out.println("versions installed: " + schema().migrate());
    } else if (command.equals("validate")) {
      schema().validate();
      out.println("the tables are as they should be");
    } else if (command.matches("rollback [0-9]{1,6}")) {
      schema().rollback(Integer.parseInt(words.get(1)));
      out.println("rolled back to version " + words.get(1));
    } else if (command.matches("print (h2|postgresql|mariadb)")) {
      DatabaseKind kind = DatabaseKind.valueOf(words.get(1).toUpperCase(Locale.ROOT));
      out.print(new SchemaPrint(kind, prefix()).all());
    } else {
      throw new IllegalArgumentException(
          command.isEmpty() ? "say what to do" : "unknown command: " + command);
    }
  }

  private JdbcSchema schema() {
    String url = options.get("--url");
    if (url == null) {
      throw new IllegalArgumentException("option --url is missing");
    }
    String password = environment.get("NOTIFIER_STORE_JDBC_PASSWORD");
    return JdbcSchema.of(new UrlDataSource(new JdbcUrl(url), options.get("--user"), password))
        .prefix(prefix().text());
  }

  private TablePrefix prefix() {
    String prefix = options.get("--prefix");
    return prefix == null ? TablePrefix.DEFAULT : new TablePrefix(prefix);
  }
}
