package dev.notifier;

/**
 * Stands around the channel's call: it may look, measure, change the content, or answer itself.
 *
 * <p>Interceptors run in the order in which they were added, outside the rate limits and the
 * circuit breakers, on the delivery worker, from several threads at a time. An interceptor calls
 * {@link Chain#proceed} at most once. Once it has, the answer stands: what the interceptor returns
 * or throws afterwards cannot turn an accepted message into a retry. One that throws before it
 * proceeds makes the attempt a transient failure.
 */
@FunctionalInterface
public interface DeliveryInterceptor {
  /** Answers for an attempt, usually with what {@code chain.proceed(attempt)} returns. */
  DeliveryResult intercept(DeliveryAttempt attempt, Chain chain) throws Exception;

  /** The rest of the way to the channel. */
  @FunctionalInterface
  interface Chain {
    /**
     * Goes on with this attempt, or one derived from it.
     *
     * @throws IllegalStateException if it is called a second time, or with another delivery
     */
    DeliveryResult proceed(DeliveryAttempt attempt);
  }
}
