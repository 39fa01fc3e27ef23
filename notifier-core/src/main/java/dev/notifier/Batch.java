package dev.notifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many notifications that are sent as one: all accepted or none, or each by itself.
 *
 * <p>A batch can be sent once, whatever it was made of: sending reads it, and a second time it is
 * empty. Give a large batch the priority LOW, so that what is more important overtakes it.
 */
public final class Batch {
  private final boolean atomic;
  private final Iterator<Supplier<Notification>> items;
  private final Optional<RateLimit> rate;
  private final Consumer<BatchItem> onItem;

  private Batch(
      boolean atomic,
      Iterator<Supplier<Notification>> items,
      Optional<RateLimit> rate,
      Consumer<BatchItem> onItem) {
    this.atomic = atomic;
    this.items = items;
    this.rate = rate;
    this.onItem = onItem;
  }

  private static Batch of(boolean atomic, Iterator<Supplier<Notification>> items) {
    return new Batch(atomic, items, Optional.empty(), item -> {});
  }

  /** Returns a batch of which all is accepted, or nothing. It is held in memory as a whole. */
  public static Batch atomic(List<Notification> notifications) {
    return of(true, suppliers(copy(notifications, "notifications").stream()));
  }

  /** Returns a batch of which each item is accepted or refused by itself; read as it is sent. */
  public static Batch bestEffort(Iterable<Notification> notifications) {
    Iterator<Notification> source =
        Objects.requireNonNull(notifications, "notifications").iterator();
    return of(
        false,
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return source.hasNext();
          }

          @Override
          public Supplier<Notification> next() {
            Notification next = source.next();
            return () -> notNull(next);
          }
        });
  }

  /** Returns a batch of which each item is accepted or refused by itself; read as it is sent. */
  public static Batch bestEffort(Stream<Notification> notifications) {
    return of(false, suppliers(notifications));
  }

  /**
   * Returns a batch of which all is accepted, or nothing, made of the application's own objects. If
   * one of them makes no notification, such as for want of a valid address, the error names it.
   */
  public static <T> Batch atomic(List<T> source, Function<? super T, Notification> notification) {
    return of(true, suppliers(copy(source, "source").stream(), notification));
  }

  /**
   * Returns a batch of which each item is accepted or refused by itself, made of the application's
   * own objects as it is sent. One that makes no notification is refused, and the others go on:
   * that is more than {@code stream.map} can do.
   */
  public static <T> Batch bestEffort(
      Stream<T> source, Function<? super T, Notification> notification) {
    return of(false, suppliers(source, notification));
  }

  private static <T> Iterator<Supplier<Notification>> suppliers(
      Stream<T> source, Function<? super T, Notification> notification) {
    Objects.requireNonNull(notification, "notification");
    return Objects.requireNonNull(source, "source")
        .<Supplier<Notification>>map(item -> () -> notNull(notification.apply(item)))
        .iterator();
  }

  private static Iterator<Supplier<Notification>> suppliers(Stream<Notification> notifications) {
    return Objects.requireNonNull(notifications, "notifications")
        .<Supplier<Notification>>map(item -> () -> notNull(item))
        .iterator();
  }

  /** Unlike {@link List#copyOf}, with what is null: it is refused by its index. */
  private static <T> List<T> copy(List<T> source, String name) {
    return Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(source, name)));
  }

  private static Notification notNull(@Nullable Notification item) {
    if (item == null) {
      throw new InvalidNotificationException("there is no notification but null");
    }
    return item;
  }

  /** Starts a batch that says the same, by a stored template, to many recipients. */
  public static OneTemplate of(String template) {
    return new OneTemplate(Objects.requireNonNull(template, "template"), builder -> builder);
  }

  /**
   * Returns this batch, sent no faster than this. The n-th item is due n periods / permits after
   * the start.
   */
  public Batch rate(RateLimit limit) {
    return new Batch(atomic, items, Optional.of(Objects.requireNonNull(limit, "limit")), onItem);
  }

  /**
   * Returns this batch, telling what became of each item, in order, on the thread that accepts
   * them; so it must be quick. What it throws ends the batch.
   */
  public Batch onItem(Consumer<BatchItem> listener) {
    return new Batch(atomic, items, rate, Objects.requireNonNull(listener, "listener"));
  }

  /** Tells whether all is accepted or nothing. */
  public boolean isAtomic() {
    return atomic;
  }

  /** Returns what makes the notifications, for the engine; always the same iterator. */
  public Iterator<Supplier<Notification>> items() {
    return items;
  }

  /** Returns how fast it may be sent, if that is limited. */
  public Optional<RateLimit> rate() {
    return rate;
  }

  /** Returns who is told of each item. */
  public Consumer<BatchItem> listener() {
    return onItem;
  }

  /** One of many recipients of a template, with its own variables. */
  public record Target(Recipient recipient, Map<String, ?> data) {
    /** Creates the target. */
    public Target {
      Objects.requireNonNull(recipient, "recipient");
      Objects.requireNonNull(data, "data");
    }

    /** Returns the recipient and the names of the variables, never their values. */
    @Override
    public String toString() {
      return "Target[" + recipient + ", " + data.keySet() + "]";
    }
  }

  /** A batch of one template before its recipients are known. Immutable. */
  public static final class OneTemplate {
    private final String template;
    private final UnaryOperator<Notification.Builder> settings;

    private OneTemplate(String template, UnaryOperator<Notification.Builder> settings) {
      this.template = template;
      this.settings = settings;
    }

    /** Returns it with settings for each notification: its route, its priority and so on. */
    public OneTemplate with(UnaryOperator<Notification.Builder> more) {
      return new OneTemplate(template, builder -> more.apply(settings.apply(builder)));
    }

    /** Returns the batch of which all is accepted, or nothing. */
    public Batch atomic(List<Target> targets) {
      return Batch.of(true, items(copy(targets, "targets").stream()));
    }

    /** Returns the batch of which each item is accepted or refused by itself. */
    public Batch bestEffort(Stream<Target> targets) {
      return Batch.of(false, items(targets));
    }

    /**
     * Returns the batch of which all is accepted, or nothing, to the application's own objects. If
     * one of them makes no target, such as for want of a valid address, the error names it.
     */
    public <T> Batch atomic(List<T> source, Function<? super T, Target> target) {
      return Batch.atomic(source, item -> notification(target.apply(item)));
    }

    /**
     * Returns the batch of which each item is accepted or refused by itself, to the application's
     * own objects. One that makes no target is refused, and the others go on.
     */
    public <T> Batch bestEffort(Stream<T> source, Function<? super T, Target> target) {
      return Batch.bestEffort(source, item -> notification(target.apply(item)));
    }

    private Iterator<Supplier<Notification>> items(Stream<Target> targets) {
      return Objects.requireNonNull(targets, "targets")
          .<Supplier<Notification>>map(target -> () -> notification(target))
          .iterator();
    }

    private Notification notification(@Nullable Target target) {
      if (target == null) {
        throw new InvalidNotificationException("there is no target but null");
      }
      Notification.Builder builder = Notification.to(target.recipient());
      return settings.apply(builder.template(template, target.data())).build();
    }
  }
}
