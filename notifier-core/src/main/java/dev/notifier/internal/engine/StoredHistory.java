package dev.notifier.internal.engine;

import dev.notifier.DeliveryStatus;
import dev.notifier.History;
import dev.notifier.HistoryExport;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The store's history, as an application sees it. */
record StoredHistory(NotificationStore store, InstantSource clock) implements History {
  @Override
  public long purge(Duration age, DeliveryStatus... statuses) {
    PurgeRequest request = new PurgeRequest(justAfter(age), setOf(statuses), Optional.empty());
    long forgotten = 0;
    while (true) {
      PurgeStep step = store.purge(request);
      forgotten += step.forgotten();
      if (step.next().isEmpty() || Thread.currentThread().isInterrupted()) {
        return forgotten;
      }
      request = request.goingOn(step.next().get());
    }
  }

  /** What was settled exactly so long ago goes as well. */
  private Instant justAfter(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("age must not be negative, but was " + age);
    }
    Instant now = clock.instant();
    boolean isBeyondAll = age.compareTo(Duration.between(Instant.EPOCH, now)) > 0;
    return isBeyondAll ? Instant.EPOCH : now.minus(age).plusMillis(1);
  }

  private static Set<DeliveryStatus> setOf(DeliveryStatus... statuses) {
    if (statuses.length > 0) {
      return EnumSet.copyOf(Arrays.asList(statuses));
    }
    Set<DeliveryStatus> settled = EnumSet.allOf(DeliveryStatus.class);
    settled.removeIf(status -> !status.isSettled());
    return settled;
  }

  // --- Export -----------------------------------------------------------------------------------

  @Override
  public long export(HistoryExport export, OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    try {
      long lines = export(export, line -> write(out, line));
      out.flush();
      return lines;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void write(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long export(HistoryExport export, Consumer<? super String> lines) {
    Objects.requireNonNull(lines, "lines");
    ExportedLine line = new ExportedLine(export);
    HistoryQuery rest = export.query();
    long count = 0;
    while (true) {
      Page<NotificationReport> page = store.search(rest);
      for (NotificationReport report : page.items()) {
        lines.accept(line.of(report));
        count++;
      }
      if (page.next().isEmpty()) {
        return count;
      }
      rest = rest.after(page.next().get());
    }
  }
}
