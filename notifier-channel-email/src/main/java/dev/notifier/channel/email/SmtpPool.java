package dev.notifier.channel.email;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server that nobody uses just now, the last used on top.
 *
 * <p>It holds no more than were in use at the same time, for a connection leaves it to be used.
 * Thread-safe; the lock is not held while anything is said to a server.
 */
final class SmtpPool<C extends KeptConnection> implements SmtpWatch.Watched {
  private record Idle<C>(C connection, long openedAt, long since) {}

  /** A connection in somebody's hands. */
  record Lease<C>(C connection, long openedAt) {}

  private final SmtpPooling pooling;
  private final SmtpWatch watch;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Idle<C>> idle = new ArrayDeque<>(); // guarded by lock
  private boolean closed; // guarded by lock

  SmtpPool(SmtpPooling pooling, SmtpWatch watch, LongSupplier nanos) {
    this.pooling = pooling;
    this.watch = watch;
    this.nanos = nanos;
  }

  /** Returns a connection that still works as far as anybody knows, null if there is none. */
  @Nullable Lease<C> take() {
    for (Idle<C> top = pop(); top != null; top = pop()) {
      long now = nanos.getAsLong();
      if (isOver(top, now)) {
        top.connection().close();
      } else if (isWithin(pooling.checkAfterIdle(), top.since(), now)
          || top.connection().isAlive()) {
        return new Lease<>(top.connection(), top.openedAt());
      } else {
        top.connection().close();
        clear(); // the others have been idle for even longer
      }
    }
    return null;
  }

  /** Returns the lease of a connection that was just opened. */
  Lease<C> opened(C connection) {
    return new Lease<>(connection, nanos.getAsLong());
  }

  private @Nullable Idle<C> pop() {
    lock.lock();
    try {
      return idle.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a connection for the next message, or closes it if it has done its duty. */
  void giveBack(Lease<C> lease) {
    long now = nanos.getAsLong();
    C connection = lease.connection();
    boolean fit =
        connection.isUsable()
            && connection.messages() < pooling.messages()
            && isWithin(pooling.age(), lease.openedAt(), now);
    if (!fit || !push(new Idle<>(connection, lease.openedAt(), now))) {
      connection.close();
    }
  }

  private boolean push(Idle<C> returned) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (idle.isEmpty()) {
        watch.add(this);
      }
      idle.addFirst(returned);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver(Idle<?> one, long now) {
    return !isWithin(pooling.age(), one.openedAt(), now)
        || !isWithin(pooling.idleTimeout(), one.since(), now);
  }

  private static boolean isWithin(Duration time, long since, long now) {
    return now - since < time.toNanos();
  }

  /** Closes what has been idle for too long. */
  @Override
  public void look() {
    long now = nanos.getAsLong();
    List<C> over = new ArrayList<>();
    lock.lock();
    try {
      idle.removeIf(one -> isOver(one, now) && over.add(one.connection()));
      if (idle.isEmpty()) {
        watch.remove(this);
      }
    } finally {
      lock.unlock();
    }
    over.forEach(KeptConnection::close);
  }

  /** Closes all that are idle, for their server is thought to be gone. */
  void clear() {
    List<Idle<C>> all;
    lock.lock();
    try {
      all = List.copyOf(idle);
      idle.clear();
      watch.remove(this);
    } finally {
      lock.unlock();
    }
    all.forEach(one -> one.connection().close());
  }

  /** Closes all, and from now on all that are given back. */
  @Override
  public void end() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    clear();
  }
}
