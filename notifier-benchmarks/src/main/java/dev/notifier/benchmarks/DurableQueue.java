package dev.notifier.benchmarks;

/** A queue in a database whose deliveries only count themselves. */
interface DurableQueue extends AutoCloseable {
  /** Accepts the jobs from one number to another, many at a time, as fast as it can. */
  void acceptAll(int from, int to) throws InterruptedException;

  /** Accepts a job; returns when it is durable. */
  void accept(int number);

  /** Leaves jobs in the database as if another process had accepted them. */
  void preload(int count);

  /** Begins to work. */
  void start();

  /** Waits until so many jobs are done, and the database knows it. */
  void awaitDone(int count);

  /** Waits until the table shows that no job is left: the proof, which is not measured. */
  void awaitDrained();

  @Override
  void close();
}
