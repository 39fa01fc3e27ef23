package dev.notifier.internal.delivery;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.internal.resilience.Gate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds an application's interceptor to its contract: it proceeds once, and the answer stands. */
final class GuardedInterceptor implements Gate {
  private static final Logger log = LoggerFactory.getLogger(GuardedInterceptor.class);

  private final DeliveryInterceptor interceptor;

  GuardedInterceptor(DeliveryInterceptor interceptor) {
    this.interceptor = interceptor;
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain next) {
    OnceOnly once = new OnceOnly(attempt, next);
    DeliveryResult own = answerOf(attempt, once);
    DeliveryResult answer = once.answer;
    if (answer == null) {
      return Redaction.of(own, attempt.address());
    }
    if (!answer.equals(own)) {
      log.warn("interceptor {} changed an answer; the answer stands: {}", name(), answer.reason());
    }
    return answer;
  }

  private DeliveryResult answerOf(DeliveryAttempt attempt, OnceOnly once) {
    try {
      DeliveryResult result = interceptor.intercept(attempt, once);
      return result != null ? result : failure("returned null");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure("was interrupted");
    } catch (Throwable e) {
      return failure("threw " + Redaction.of(Failures.describe(e), attempt.address()));
    }
  }

  private DeliveryResult failure(String what) {
    log.warn("interceptor {} {}", name(), what);
    return DeliveryResult.transientFailure("interceptor " + name() + " " + what);
  }

  private String name() {
    return interceptor.getClass().getName();
  }

  /** The way on, which can be taken once. Used by one thread. */
  private static final class OnceOnly implements DeliveryInterceptor.Chain {
    private final DeliveryAttempt original;
    private final DeliveryInterceptor.Chain next;
    private boolean taken;
    private @Nullable DeliveryResult answer;

    OnceOnly(DeliveryAttempt original, DeliveryInterceptor.Chain next) {
      this.original = original;
      this.next = next;
    }

    @Override
    public DeliveryResult proceed(DeliveryAttempt attempt) {
      if (taken) {
        throw new IllegalStateException("an interceptor may call proceed only once per attempt");
      }
      if (!attempt.delivery().equals(original.delivery())
          || !attempt.address().equals(original.address())) {
        throw new IllegalStateException(
            "an interceptor may change the content, but went on with another delivery: " + attempt);
      }
      taken = true;
      DeliveryResult result = next.proceed(attempt);
      answer = result;
      return result;
    }
  }
}
