package dev.notifier;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which notifications to look for: all that fulfil each condition that is set. Channel and status
 * are those of one and the same delivery.
 *
 * <p>Immutable and thread-safe.
 *
 * <pre>{@code
 * HistoryQuery failed =
 *     HistoryQuery.builder().recipientNamed("user-42").status(DeliveryStatus.FAILED).build();
 * Page<NotificationReport> page = notifier.search(failed);
 * page.next().ifPresent(cursor -> notifier.search(failed.after(cursor)));
 * }</pre>
 */
public final class HistoryQuery {
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int MAX_PAGE_SIZE = 1000;

  private final @Nullable String recipientKey;
  private final @Nullable ChannelId channel;
  private final Set<DeliveryStatus> statuses;
  private final @Nullable Instant acceptedFrom;
  private final @Nullable Instant acceptedTo;
  private final @Nullable String correlationId;
  private final Set<String> tags;
  private final @Nullable String batch;
  private final int pageSize;
  private final @Nullable DeliveryId before;

  private HistoryQuery(Builder builder, @Nullable DeliveryId before) {
    this.recipientKey = builder.recipientKey;
    this.channel = builder.channel;
    this.statuses = Set.copyOf(builder.statuses);
    this.acceptedFrom = builder.acceptedFrom;
    this.acceptedTo = builder.acceptedTo;
    this.correlationId = builder.correlationId;
    this.tags = Set.copyOf(builder.tags);
    this.batch = builder.batch;
    this.pageSize = builder.pageSize;
    this.before = before;
  }

  private HistoryQuery(HistoryQuery query, DeliveryId before) {
    this.recipientKey = query.recipientKey;
    this.channel = query.channel;
    this.statuses = query.statuses;
    this.acceptedFrom = query.acceptedFrom;
    this.acceptedTo = query.acceptedTo;
    this.correlationId = query.correlationId;
    this.tags = query.tags;
    this.batch = query.batch;
    this.pageSize = query.pageSize;
    this.before = before;
  }

  /** Starts a query that finds every notification. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns this query for the page that follows.
   *
   * @param cursor what {@link Page#next()} gave
   * @throws IllegalArgumentException if it is something else
   */
  public HistoryQuery after(String cursor) {
    return new HistoryQuery(this, position(cursor));
  }

  private static DeliveryId position(String cursor) {
    try {
      return DeliveryId.parse(Objects.requireNonNull(cursor, "cursor"));
    } catch (InvalidNotificationException e) {
      throw new IllegalArgumentException(
          "cursor must be what Page.next() gave, but was " + Quoted.of(cursor), e);
    }
  }

  /** Returns the {@link Recipient#key()} to look for, if there is a condition on it. */
  public Optional<String> recipientKey() {
    return Optional.ofNullable(recipientKey);
  }

  /** Returns the channel that a delivery must have, or have had last. */
  public Optional<ChannelId> channel() {
    return Optional.ofNullable(channel);
  }

  /** Returns the states of which a delivery must be in one; empty if any will do. */
  public Set<DeliveryStatus> statuses() {
    return statuses;
  }

  /** Returns the earliest time of acceptance. */
  public Optional<Instant> acceptedFrom() {
    return Optional.ofNullable(acceptedFrom);
  }

  /** Returns the time before which it must have been accepted. */
  public Optional<Instant> acceptedTo() {
    return Optional.ofNullable(acceptedTo);
  }

  /** Returns the correlation id to look for. */
  public Optional<String> correlationId() {
    return Optional.ofNullable(correlationId);
  }

  /** Returns the tags of which a notification must have every one. */
  public Set<String> tags() {
    return tags;
  }

  /** Returns the {@linkplain BatchRun#id() id} of the batch to which it must belong. */
  public Optional<String> batch() {
    return Optional.ofNullable(batch);
  }

  /** Returns the most items that a page may hold. */
  public int pageSize() {
    return pageSize;
  }

  /** Returns the delivery where the last page ended: only smaller ids follow. */
  public Optional<DeliveryId> before() {
    return Optional.ofNullable(before);
  }

  /** Tells whether a notification fulfils every condition, wherever the last page ended. */
  public boolean matches(NotificationReport report) {
    Notification notification = report.notification();
    return (recipientKey == null || recipientKey.equals(notification.recipient().key()))
        && (correlationId == null
            || notification.correlationId().filter(correlationId::equals).isPresent())
        && notification.tags().containsAll(tags)
        && isOfBatch(report.id())
        && (acceptedFrom == null || !report.acceptedAt().isBefore(acceptedFrom))
        && (acceptedTo == null || report.acceptedAt().isBefore(acceptedTo))
        && report.deliveries().stream()
            .anyMatch(delivery -> matches(delivery.channel(), delivery.status()));
  }

  /** Tells whether a notification belongs to the batch to look for, if there is one. */
  public boolean isOfBatch(NotificationId id) {
    return batch == null || batch.equals(BatchReport.idOf(id));
  }

  /** Tells whether a delivery on this channel in this state is one to look for. */
  public boolean matches(ChannelId channel, DeliveryStatus status) {
    return (this.channel == null || this.channel.equals(channel))
        && (statuses.isEmpty() || statuses.contains(status));
  }

  /** Collects the conditions of a query. Not thread-safe. */
  public static final class Builder {
    private final Set<DeliveryStatus> statuses = EnumSet.noneOf(DeliveryStatus.class);
    private final Set<String> tags = new TreeSet<>();
    private int pageSize = DEFAULT_PAGE_SIZE;
    private @Nullable String recipientKey;
    private @Nullable ChannelId channel;
    private @Nullable Instant acceptedFrom;
    private @Nullable Instant acceptedTo;
    private @Nullable String correlationId;
    private @Nullable String batch;
    private @Nullable DeliveryId before;

    private Builder() {}

    /**
     * Looks for what was sent to this recipient: to its name or, if it has none, to its first
     * address. What was sent to a named recipient is not found by an address.
     */
    public Builder recipient(Recipient recipient) {
      if (recipient.name().isEmpty() && recipient.addresses().isEmpty()) {
        throw new IllegalArgumentException("the recipient has neither a name nor an address");
      }
      this.recipientKey = recipient.key();
      return this;
    }

    /** Looks for what was sent to the recipient of this name. */
    public Builder recipientNamed(String name) {
      return recipient(Recipient.named(name));
    }

    /** Looks for deliveries that this channel has, or had last. */
    public Builder channel(String channel) {
      this.channel = ChannelId.of(channel);
      return this;
    }

    /** Looks for deliveries in one of these states, in place of those that were set before. */
    public Builder status(DeliveryStatus first, DeliveryStatus... more) {
      EnumSet<DeliveryStatus> chosen = EnumSet.of(first, more);
      statuses.clear();
      statuses.addAll(chosen);
      return this;
    }

    /** Looks for what was accepted at this time or later. */
    public Builder acceptedFrom(Instant time) {
      this.acceptedFrom = Objects.requireNonNull(time, "time");
      return this;
    }

    /** Looks for what was accepted before this time. */
    public Builder acceptedTo(Instant time) {
      this.acceptedTo = Objects.requireNonNull(time, "time");
      return this;
    }

    /** Looks for what was sent with this correlation id. */
    public Builder correlationId(String id) {
      this.correlationId = Objects.requireNonNull(id, "id");
      return this;
    }

    /** Looks for what has this tag, and every other one that was asked for. */
    public Builder tag(String tag) {
      tags.add(Objects.requireNonNull(tag, "tag"));
      return this;
    }

    /**
     * Looks for what belongs to this batch. A page may be short, or empty, and have a successor:
     * what was accepted beside the batch is stepped over.
     *
     * @param id what {@link BatchRun#id()} gave
     * @throws IllegalArgumentException if it is something else
     */
    public Builder batch(String id) {
      BatchReport.groupOf(id); // refuses what is none
      this.batch = id;
      return this;
    }

    /**
     * Sets the most items that a page may hold. Defaults to 50.
     *
     * @param items from 1 to 1,000
     * @throws IllegalArgumentException if it is another number
     */
    public Builder pageSize(int items) {
      if (items < 1 || items > MAX_PAGE_SIZE) {
        throw new IllegalArgumentException(
            "page size must be from 1 to " + MAX_PAGE_SIZE + ", but was " + items);
      }
      this.pageSize = items;
      return this;
    }

    /**
     * Looks for what follows a page.
     *
     * @param cursor what {@link Page#next()} gave
     * @throws IllegalArgumentException if it is something else
     */
    public Builder after(String cursor) {
      this.before = position(cursor);
      return this;
    }

    /** Builds the query. */
    public HistoryQuery build() {
      return new HistoryQuery(this, before);
    }
  }
}
