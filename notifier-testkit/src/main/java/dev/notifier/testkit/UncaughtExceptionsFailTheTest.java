package dev.notifier.testkit;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the test during which an exception ended a thread that nobody looked after. Without it,
 * such a test is green and a line on the console tells of a thread that died.
 *
 * <p>Put {@code @ExtendWith(UncaughtExceptionsFailTheTest.class)} on a test class, or set {@code
 * junit.jupiter.extensions.autodetection.enabled = true} for all of them. A thread with a handler
 * of its own is not watched. When tests run side by side, the test that fails may be a neighbour.
 */
public final class UncaughtExceptionsFailTheTest
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(UncaughtExceptionsFailTheTest.class);

  /** Creates the extension; JUnit does. */
  public UncaughtExceptionsFailTheTest() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    watch(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    watch(context).failIfAny();
  }

  /** A thread may also die between the last test and the end of the class. */
  @Override
  public void afterAll(ExtensionContext context) {
    watch(context).failIfAny();
  }

  /** Returns the one watch of the whole run; JUnit closes it at the end. */
  private static Watch watch(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Watch.class, key -> Watch.start(), Watch.class);
  }

  /** Stands in for the default handler while tests run. */
  private static final class Watch implements UncaughtExceptionHandler, AutoCloseable {
    private record Death(String thread, Throwable cause) {}

    private final Queue<Death> deaths = new ConcurrentLinkedQueue<>();
    private final @Nullable UncaughtExceptionHandler before;

    private Watch(@Nullable UncaughtExceptionHandler before) {
      this.before = before;
    }

    static Watch start() {
      Watch watch = new Watch(Thread.getDefaultUncaughtExceptionHandler());
      Thread.setDefaultUncaughtExceptionHandler(watch);
      return watch;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
      deaths.add(new Death(thread.getName(), cause));
      if (before != null) {
        before.uncaughtException(thread, cause);
      }
    }

    void failIfAny() {
      Death first = deaths.poll();
      if (first == null) {
        return;
      }
      AssertionError failure =
          new AssertionError("thread \"" + first.thread() + "\" died", first.cause());
      for (Death next = deaths.poll(); next != null; next = deaths.poll()) {
        failure.addSuppressed(next.cause());
      }
      throw failure;
    }

    @Override
    public void close() {
      Thread.setDefaultUncaughtExceptionHandler(before);
      failIfAny();
    }
  }
}
