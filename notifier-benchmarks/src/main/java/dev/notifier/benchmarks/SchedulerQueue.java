package dev.notifier.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.store.jdbc.DatabaseKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * db-scheduler as its documentation recommends for throughput: immediate execution, lock-and-fetch
 * where it has that (PostgreSQL), a pool with a connection for each thread.
 */
final class SchedulerQueue implements DurableQueue {
  private static final int THREADS = 20;
  private static final int GROUP = 1000;

  /** When more is fetched, and how much at most, as multiples of the threads. */
  record Limits(double lower, double upper) {}

  private final HikariDataSource pool;
  private final Counted counted;
  private final OneTimeTask<String> task;
  private final Scheduler scheduler;

  SchedulerQueue(BenchmarkServer.Database database, Limits limits, IntConsumer observer) {
    pool = database.durablePool(THREADS + 5);
    counted = new Counted(observer);
    createTable(database.kind());
    task =
        Tasks.oneTime("benchmark", String.class)
            .execute((instance, context) -> counted.handle(Integer.parseInt(instance.getId())));
    SchedulerBuilder builder =
        Scheduler.create(pool, task)
            .threads(THREADS)
            .pollingInterval(Duration.ofMillis(100))
            .enableImmediateExecution()
            .shutdownMaxWait(Duration.ofSeconds(5));
    if (database.kind() == DatabaseKind.MARIADB) {
      builder.alwaysPersistTimestampInUTC();
    }
    scheduler =
        (database.kind() == DatabaseKind.POSTGRESQL
                ? builder.pollUsingLockAndFetch(limits.lower(), limits.upper())
                : builder.pollUsingFetch(limits.lower(), limits.upper()))
            .build();
  }

  /** The table of its documentation, without the optional index by priority. */
  private void createTable(DatabaseKind kind) {
    boolean zoned = kind == DatabaseKind.POSTGRESQL || kind == DatabaseKind.H2;
    String time = zoned ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP(6) NULL";
    String bytes = kind == DatabaseKind.POSTGRESQL ? "BYTEA" : "BLOB";
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE scheduled_tasks (task_name VARCHAR(100) NOT NULL, task_instance"
              + " VARCHAR(100) NOT NULL, task_data "
              + bytes
              + ", execution_time "
              + time.replace(" NULL", "")
              + ", picked BOOLEAN NOT NULL, picked_by VARCHAR(50), last_success "
              + time
              + ", last_failure "
              + time
              + ", consecutive_failures INT, last_heartbeat "
              + time
              + ", version BIGINT NOT NULL, priority SMALLINT, state VARCHAR(100),"
              + " PRIMARY KEY (task_name, task_instance))");
      statement.execute("CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)");
      statement.execute("CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void start() {
    scheduler.start();
  }

  @Override
  public void acceptAll(int from, int to) {
    for (int next = from; next < to; next += GROUP) {
      List<TaskInstance<?>> group = new ArrayList<>(GROUP);
      for (int number = next; number < Math.min(to, next + GROUP); number++) {
        group.add(instance(number));
      }
      scheduler.scheduleBatch(group, Instant.now());
    }
  }

  private TaskInstance<String> instance(int number) {
    return task.instance(
        Integer.toString(number), "u" + number + "@example.com" + NotifierQueue.TEXT);
  }

  @Override
  public void accept(int number) {
    scheduler.schedule(instance(number), Instant.now());
  }

  @Override
  public void preload(int count) {
    acceptAll(0, count);
  }

  @Override
  public void awaitDone(int count) {
    counted.await(count);
    awaitDrained();
  }

  @Override
  public void awaitDrained() {
    counted.awaitEmpty(pool, "scheduled_tasks");
  }

  @Override
  public void close() {
    scheduler.stop();
    pool.close();
  }
}
