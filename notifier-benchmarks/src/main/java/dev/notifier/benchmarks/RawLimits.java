package dev.notifier.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What disk and database can do at most: printed beside every figure of a queue. */
final class RawLimits {
  private static final int COUNT = 100_000;

  private RawLimits() {}

  static void print(BenchmarkServer server) throws IOException, SQLException {
    System.out.printf(
        Locale.ROOT, "fsync beside the database's files: %,.0f/s%n", fsyncs(server.directory()));
    try (BenchmarkServer.Database database = server.create();
        RawQueue queue = new RawQueue(database)) {
      BlockingQueue<byte[][]> inserted = new LinkedBlockingQueue<>();
      long start = System.nanoTime();
      queue.insertGroups(COUNT, inserted);
      long middle = System.nanoTime();
      queue.finishGroups(COUNT, inserted);
      long end = System.nanoTime();
      System.out.printf(
          Locale.ROOT,
          "raw, groups of 1000 on one connection: insert %,.0f/s, move to history %,.0f/s%n",
          COUNT * 1e9 / (middle - start),
          COUNT * 1e9 / (end - middle));
    }
  }

  private static double fsyncs(Path directory) throws IOException {
    Path file = directory.resolve("fsync");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      int count = 0;
      while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1)) {
        channel.write(ByteBuffer.allocate(4096), 0);
        channel.force(false);
        count++;
      }
      return count * 1e9 / (System.nanoTime() - start);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
