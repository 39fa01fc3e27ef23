package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * The tables of the JDBC store: which versions of them are installed, and the ways up and down.
 *
 * <p>The store migrates by itself when it starts, unless its setting {@code schema} says otherwise.
 * This class is for doing it apart from that, in a program or from the command line; {@link #print}
 * is for hosts that have a migrations tool. What is installed is recorded in the table {@code
 * schema_history} behind the prefix.
 *
 * <p>One node at a time changes the tables, whoever starts at once; the others wait. On PostgreSQL
 * a change happens in whole or not at all. H2, MariaDB and MySQL commit after every statement:
 * there a broken change is seen, refused and undone with {@link #rollback}.
 *
 * <p>Immutable and safe for threads. Every method takes a connection and gives it back as it was;
 * on H2 those that change something take two. All throw {@link StoreException} if the database does
 * not answer or refuses, and {@link ConfigurationException} if it is of a kind or version that
 * cannot be used.
 */
public final class JdbcSchema {
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_PATIENCE = Duration.ofHours(1);

  private final DataSource dataSource;
  private final TablePrefix prefix;
  private final Duration patience;

  private JdbcSchema(DataSource dataSource, TablePrefix prefix, Duration patience) {
    this.dataSource = dataSource;
    this.prefix = prefix;
    this.patience = patience;
  }

  /**
   * Returns the schema of a database, with the prefix {@code notifier_}.
   *
   * @param dataSource leads to a user that may make tables, in the database and schema where they
   *     shall be
   */
  public static JdbcSchema of(DataSource dataSource) {
    return new JdbcSchema(
        Objects.requireNonNull(dataSource, "dataSource"), TablePrefix.DEFAULT, DEFAULT_PATIENCE);
  }

  /**
   * Returns this schema with another prefix: what all names of tables and indexes begin with. Two
   * notifiers with two prefixes share a database without seeing each other.
   *
   * @param prefix 1 to 30 characters a–z, 0–9 and underscore, a letter first; {@code notifier_} by
   *     default
   * @throws ConfigurationException if it is anything else
   */
  public JdbcSchema prefix(String prefix) {
    return new JdbcSchema(dataSource, new TablePrefix(prefix), patience);
  }

  /**
   * Returns this schema with another bound on the wait for a node that changes the tables right
   * now.
   *
   * @param patience from 1 s to 1 hour, in whole seconds; 60 s by default
   */
  public JdbcSchema patience(Duration patience) {
    if (patience.compareTo(Duration.ofSeconds(1)) < 0 || patience.compareTo(LONGEST_PATIENCE) > 0) {
      throw new IllegalArgumentException(
          "patience must be from 1 s to 1 hour, but was " + patience);
    }
    return new JdbcSchema(dataSource, prefix, Duration.ofSeconds(patience.toSeconds()));
  }

  /** Returns all versions, known here or recorded there, oldest first. Changes nothing. */
  public List<SchemaVersion> status() {
    return with("read the schema of", SchemaSession::versions);
  }

  /**
   * Installs all versions that are pending. Needs no right to make tables if there are none.
   *
   * @return how many versions were installed
   * @throws ConfigurationException if the tables are newer than this library, if a script was
   *     changed after it ran, or if an earlier change was broken off; nothing is changed then
   */
  public int migrate() {
    return with(
        "migrate",
        session -> {
          if (session.versions().stream().allMatch(is(SchemaVersion.State.APPLIED))) {
            return 0;
          }
          return session.locked(
              patience,
              alone -> {
                refuseTrouble(alone.versions());
                return alone.migrate();
              });
        });
  }

  /**
   * Removes all versions above one, <b>with all that is in their tables</b>. Also clears away what
   * a broken change left. The notifiers that use the tables have to be closed.
   *
   * @param toVersion the version to keep; 0 removes everything but the history table
   * @throws IllegalArgumentException if this library does not know that version
   * @throws ConfigurationException if the tables are newer than this library, or a script was
   *     changed after it ran; nothing is changed then
   */
  public void rollback(int toVersion) {
    int newest = SchemaScript.all(DatabaseKind.H2).size();
    if (toVersion < 0 || toVersion > newest) {
      throw new IllegalArgumentException(
          "the version to go back to must be from 0 to " + newest + ", but was " + toVersion);
    }
    with(
        "roll back",
        session ->
            session.locked(
                patience,
                alone -> {
                  refuse(alone.versions(), SchemaVersion.State.UNKNOWN, tooNew());
                  refuse(alone.versions(), SchemaVersion.State.CHANGED, changed());
                  alone.rollback(toVersion);
                  return toVersion;
                }));
  }

  /**
   * Checks that the tables are those that this library needs, and changes nothing. Waits for a node
   * that changes them right now.
   *
   * @throws ConfigurationException if a version is pending, newer than this library, changed or
   *     broken off; the message says what to do
   */
  public void validate() {
    List<SchemaVersion> versions = status();
    if (versions.stream().anyMatch(is(SchemaVersion.State.UNFINISHED))) {
      versions = with("wait for", session -> session.locked(patience, SchemaSession::versions));
    }
    refuseTrouble(versions);
    refuse(
        versions,
        SchemaVersion.State.PENDING,
        "is not installed: run JdbcSchema.migrate(), set notifier.store.jdbc.schema=migrate, or run"
            + " the SQL that JdbcSchema.print shows");
  }

  private void refuseTrouble(List<SchemaVersion> versions) {
    refuse(versions, SchemaVersion.State.UNKNOWN, tooNew());
    refuse(versions, SchemaVersion.State.CHANGED, changed());
    for (SchemaVersion version : versions) {
      refuse(
          List.of(version),
          SchemaVersion.State.UNFINISHED,
          "was begun and broken off, so part of it is there: run JdbcSchema.rollback("
              + (version.number() - 1)
              + "), which removes that part, then migrate again");
    }
  }

  private static String tooNew() {
    return "was installed by a newer notifier-store-jdbc: update this one, which knows versions up to "
        + SchemaScript.all(DatabaseKind.H2).size();
  }

  private static String changed() {
    return "was installed by another script than the one in this notifier-store-jdbc: use the"
        + " release that installed it, or a fresh prefix";
  }

  private void refuse(List<SchemaVersion> versions, SchemaVersion.State state, String why) {
    versions.stream()
        .filter(is(state))
        .findFirst()
        .ifPresent(
            version -> {
              throw new ConfigurationException(
                  "version "
                      + version.number()
                      + " ("
                      + version.description()
                      + ") of the tables "
                      + prefix
                      + " "
                      + why);
            });
  }

  private static Predicate<SchemaVersion> is(SchemaVersion.State state) {
    return version -> version.state() == state;
  }

  private <T> T with(String task, SchemaSession.Work<T> work) {
    try (SchemaSession session = new SchemaSession(dataSource, prefix)) {
      return work.run(session);
    } catch (SQLException e) {
      String remedy =
          Failures.isLackOfRights(e)
              ? "; let a user do it who may make tables, or run what JdbcSchema.print shows and set"
                  + " notifier.store.jdbc.schema=validate"
              : "";
      throw new StoreException(
          "cannot " + task + " the tables " + prefix + ": " + e.getMessage() + remedy, e);
    }
  }

  /**
   * Returns the SQL of all versions, for a database of that kind and with this prefix. It records
   * them in the history table, so that {@link #validate} is content. Asks no database.
   */
  public String print(DatabaseKind kind) {
    return new SchemaPrint(kind, prefix).all();
  }

  /**
   * Returns the SQL that leads from one version to another, up or down, as {@link
   * #print(DatabaseKind)} does.
   *
   * @param from the version that is there, 0 for none
   * @param to the version wanted, 0 for none
   * @throws IllegalArgumentException if this library does not know one of the versions
   */
  public String print(DatabaseKind kind, int from, int to) {
    return new SchemaPrint(kind, prefix).of(from, to);
  }

  /**
   * Shows or changes the tables from the command line: {@code status}, {@code migrate}, {@code
   * rollback <version>} and {@code print <kind>}.
   *
   * @param args what to do, and {@code --url}, {@code --user} and {@code --prefix}; the password is
   *     read from the environment variable {@code NOTIFIER_STORE_JDBC_PASSWORD}
   */
  public static void main(String[] args) {
    System.exit(new SchemaCommand(System.getenv(), System.out, System.err).run(List.of(args)));
  }
}
