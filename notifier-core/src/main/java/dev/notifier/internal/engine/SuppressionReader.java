package dev.notifier.internal.engine;

import dev.notifier.NotifierException;
import dev.notifier.StoreException;
import dev.notifier.Suppression;
import dev.notifier.SuppressionImport;
import dev.notifier.SuppressionImport.Problem;
import dev.notifier.SuppressionTarget;
import java.io.IOException;
import java.io.Reader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Reads a list of suppressions once, line by line, and stores it in chunks. */
final class SuppressionReader {
  private static final int CHUNK = 500;
  private static final int MOST_PROBLEMS = 1000;

  /** Longer than a target of 2,048 characters, a reason and both in quotation marks. */
  private static final int LONGEST_LINE = 8192;

  private static final int BUFFER = 16 * 1024;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Reader source;
  private final Consumer<SuppressionTarget> check;
  private final InstantSource clock;
  private final ToIntFunction<List<Suppression>> store;

  private final char[] buffer = new char[BUFFER];
  private int position;
  private int end;
  private boolean afterReturn;

  private final List<Suppression> chunk = new ArrayList<>(CHUNK);
  private final List<Problem> problems = new ArrayList<>();
  private long line;
  private long storedUntil;
  private long added;
  private long present;
  private long refused;

  /**
   * Creates it.
   *
   * @param check refuses a target by an exception
   * @param store takes a chunk, all or none, and tells how many were new
   */
  SuppressionReader(
      Reader source,
      Consumer<SuppressionTarget> check,
      InstantSource clock,
      ToIntFunction<List<Suppression>> store) {
    this.source = source;
    this.check = check;
    this.clock = clock;
    this.store = store;
  }

  SuppressionImport read() throws IOException {
    for (StringBuilder text = nextLine(); text != null; text = nextLine()) {
      line++;
      take(text);
      if (chunk.size() == CHUNK) {
        storeChunk();
      }
    }
    storeChunk();
    return new SuppressionImport(added, present, refused, problems);
  }

  private void take(StringBuilder text) {
    if (text.length() > LONGEST_LINE) {
      refuse("a line must have at most " + LONGEST_LINE + " characters");
      return;
    }
    String content = text.toString().strip();
    if (content.isEmpty() || (line == 1 && SuppressionLine.isHeader(content))) {
      return;
    }
    try {
      Suppression suppression = SuppressionLine.parse(content, clock.instant());
      check.accept(suppression.target());
      chunk.add(suppression);
    } catch (NotifierException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void refuse(String why) {
    refused++;
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new Problem(line, why));
    }
  }

  private void storeChunk() {
    if (!chunk.isEmpty()) {
      int fresh;
      try {
        fresh = store.applyAsInt(List.copyOf(chunk));
      } catch (StoreException e) {
        throw new StoreException(
            "the import broke off: lines 1 to "
                + storedUntil
                + " are suppressed, but for those that break a rule, and lines "
                + (storedUntil + 1)
                + " to "
                + line
                + " may be; repeat it, which does no harm: "
                + e.getMessage(),
            e);
      }
      added += fresh;
      present += chunk.size() - fresh;
      chunk.clear();
    }
    storedUntil = line;
  }

  // --- Lines ------------------------------------------------------------------------------------

  /** Returns the next line, of one that is too long only a part; null at the end. */
  private @Nullable StringBuilder nextLine() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean isThere = false;
    while (fill()) {
      char c = buffer[position++];
      boolean endsReturn = afterReturn && c == '\n';
      afterReturn = c == '\r';
      if (endsReturn) {
        continue;
      }
      isThere = true;
      if (c == '\n' || c == '\r') {
        return text;
      }
      if (text.length() <= LONGEST_LINE && !(line == 0 && text.isEmpty() && c == BYTE_ORDER_MARK)) {
        text.append(c);
      }
    }
    return isThere ? text : null;
  }

  private boolean fill() throws IOException {
    if (position == end) {
      position = 0;
      end = Math.max(source.read(buffer), 0);
    }
    return end > 0;
  }
}
