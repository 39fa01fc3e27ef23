package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels that are broken on purpose, each in one way, and the tests that must find it. */
class ChannelContractTest {
  private static final String PASSWORD = "s3cret-token";

  /** Those for which a test waits until it has no patience left. */
  private static final Set<Class<?>> HANGING = Set.of(HangsWithProvider.class, HangsForEver.class);

  @ParameterizedTest
  @MethodSource
  void brokenChannelFailsExactlyTheTestsThatSaySo(Class<?> broken, Set<String> failing) {
    assertThat(ContractRun.of(broken).failed()).isEqualTo(failing);
  }

  static Stream<Arguments> brokenChannelFailsExactlyTheTestsThatSaySo() {
    return Stream.of(
        arguments(Sound.class, Set.of()),
        arguments(
            ThrowsRefusals.class,
            Set.of(
                "refusalForGoodIsPermanent",
                "refusedCredentialsAreConfigurationFault",
                "reasonSaysSomething")),
        arguments(
            TakesNowForGood.class,
            Set.of("refusalForNowIsTransient", "retryAfterIsPassedOn", "refusalIsForgotten")),
        arguments(ForgetsRetryAfter.class, Set.of("retryAfterIsPassedOn")),
        arguments(BlamesTheMessage.class, Set.of("refusedCredentialsAreConfigurationFault")),
        arguments(GivesNoReason.class, Set.of("reasonSaysSomething")),
        arguments(
            TakesSilenceForConsent.class,
            Set.of(
                "hangingUpIsNoAnswer",
                "lossIsForgotten",
                "stallingEnds",
                "interruptedWorkerComesHome")),
        arguments(TellsTheAddress.class, Set.of("whenRefusedForGood")),
        arguments(TellsTheText.class, Set.of("whenRefusedForNow")),
        arguments(TellsThePassword.class, Set.of("whenCredentialsAreRefused")),
        arguments(TellsInACause.class, Set.of("whenItHangsUp", "whenItStalls")),
        arguments(TellsInToString.class, Set.of("inToString")),
        arguments(HasTokenPerAttempt.class, Set.of("staysTheSameOverRetries")),
        arguments(HasOneToken.class, Set.of("differsBetweenDeliveries", "everyMessageArrivesOnce")),
        arguments(
            SendsTwice.class,
            Set.of(
                "oneAttemptIsOneMessage",
                "staysTheSameOverRetries",
                "differsBetweenDeliveries",
                "everyMessageArrivesOnce")),
        arguments(LosesSome.class, Set.of("everyMessageArrivesOnce")),
        arguments(
            TakesOneAtATime.class, Set.of("everyMessageIsAccepted", "everyMessageArrivesOnce")),
        arguments(HangsWithProvider.class, Set.of("stallingEnds", "whenItStalls")),
        arguments(
            HangsForEver.class,
            Set.of("stallingEnds", "interruptedWorkerComesHome", "whenItStalls")),
        arguments(ChecksNothing.class, Set.of("unsendableIsRefused")),
        arguments(SendsWhenItChecks.class, Set.of("checkSendsNothing")),
        arguments(HasNoPolicy.class, Set.of("policyIsThere")));
  }

  @Test
  void channelThatClosesOnlyOnceFails() {
    assertThat(ContractRun.of(ClosesOnlyOnce.class).failed())
        .isEqualTo(Set.of("unusedChannelCloses", "closesTwice"));
  }

  @Test
  void whatCannotBeProvokedIsSkippedAndNothingElse() {
    ContractRun run = ContractRun.of(KnowsNothing.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.skipped())
        .contains("refusalForGoodIsPermanent", "stallingEnds", "staysTheSameOverRetries")
        .contains("unsendableIsRefused", "everyMessageArrivesOnce")
        .doesNotContain("acceptedIsAccepted", "everyMessageIsAccepted", "closesTwice");
  }

  @Test
  void textTooShortToRecogniseIsRefused() {
    assertThat(ContractRun.of(SaysTooLittle.class).failed()).contains("whenAccepted");
  }

  /** A channel with one fault, before a provider that does all that can be asked of it. */
  abstract static class Faulty extends ChannelContract {
    private final FakeProvider provider = new FakeProvider();

    /** Puts the fault around a channel that has none. */
    abstract Channel broken(Channel sound);

    @Override
    protected Channel createChannel() {
      return broken(provider.channel());
    }

    @Override
    protected List<Notification> unsendableNotifications() {
      return List.of(Notification.to("contract:no address").text("Hello").build());
    }

    @Override
    protected Set<String> secrets() {
      return Set.of(PASSWORD);
    }

    @Override
    protected Provider provider() {
      return provider;
    }

    @Override
    protected Duration patience() {
      return HANGING.contains(getClass()) ? Duration.ofMillis(500) : super.patience();
    }
  }

  /** Passes everything on, to be broken in one place. */
  private abstract static class Forwarding implements Channel {
    final Channel sound;

    Forwarding(Channel sound) {
      this.sound = sound;
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
      return sound.send(attempt);
    }

    @Override
    public void check(DeliveryAttempt attempt) {
      sound.check(attempt);
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  /** A fault in what is made of the provider's answer. */
  @FunctionalInterface
  private interface Misreading {
    DeliveryResult of(DeliveryAttempt attempt, DeliveryResult result) throws IOException;
  }

  private static Channel misreading(Channel sound, Misreading fault) {
    return new Forwarding(sound) {
      @Override
      public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
        return fault.of(attempt, sound.send(attempt));
      }
    };
  }

  static final class Sound extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return sound;
    }
  }

  static final class ThrowsRefusals extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) -> {
            if (result instanceof Permanent) {
              throw new IllegalStateException("refused");
            }
            return result;
          });
    }
  }

  static final class TakesNowForGood extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Transient ? DeliveryResult.permanentFailure("no") : result);
    }
  }

  static final class ForgetsRetryAfter extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Transient ? DeliveryResult.transientFailure("busy") : result);
    }
  }

  static final class BlamesTheMessage extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Permanent ? DeliveryResult.permanentFailure("no") : result);
    }
  }

  static final class GivesNoReason extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Permanent failure
                  ? new Permanent("", failure.suppressRecipient(), failure.configurationFault())
                  : result);
    }
  }

  static final class TakesSilenceForConsent extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) -> result instanceof Ambiguous ? DeliveryResult.accepted() : result);
    }
  }

  static final class TellsTheAddress extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Permanent failure && !failure.configurationFault()
                  ? DeliveryResult.permanentFailure("unknown: " + attempt.address().value())
                  : result);
    }
  }

  static final class TellsTheText extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Transient failure
                  ? new Transient(
                      "refused: " + attempt.content().text().orElse(""), failure.retryAfter())
                  : result);
    }
  }

  static final class TellsThePassword extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) ->
              result instanceof Permanent failure && failure.configurationFault()
                  ? DeliveryResult.configurationFault("not a password: " + PASSWORD)
                  : result);
    }
  }

  static final class TellsInACause extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return misreading(
          sound,
          (attempt, result) -> {
            if (result instanceof Ambiguous) {
              throw new IOException("lost", new IOException(attempt.address().value()));
            }
            return result;
          });
    }
  }

  static final class TellsInToString extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public String toString() {
          return "PagerChannel[password=" + PASSWORD + "]";
        }
      };
    }
  }

  /** Sends another delivery's attempt in place of the one that was asked for. */
  private static Channel renaming(Channel sound, boolean always) {
    DeliveryId same = new DeliveryId(new NotificationId(new UUID(1, 1)), 0);
    DeliveryId retried = new DeliveryId(new NotificationId(new UUID(2, 2)), 0);
    return new Forwarding(sound) {
      @Override
      public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
        DeliveryId replaced = attempt.number() > 1 ? retried : attempt.delivery();
        return sound.send(
            DeliveryAttempt.of(
                always ? same : replaced, attempt.notification(), attempt.channel(), 1));
      }
    };
  }

  static final class HasTokenPerAttempt extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return renaming(sound, false);
    }
  }

  static final class HasOneToken extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return renaming(sound, true);
    }
  }

  static final class SendsTwice extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public DeliveryResult send(DeliveryAttempt attempt)
            throws IOException, InterruptedException {
          DeliveryResult first = sound.send(attempt);
          return first instanceof Accepted ? sound.send(attempt) : first;
        }
      };
    }
  }

  static final class LosesSome extends Faulty {
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public DeliveryResult send(DeliveryAttempt attempt)
            throws IOException, InterruptedException {
          return sent.incrementAndGet() % 50 == 0 ? DeliveryResult.accepted() : sound.send(attempt);
        }
      };
    }
  }

  /** Refuses a second thread while one is in it, and waits a little for a second one to come. */
  static final class TakesOneAtATime extends Faulty {
    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch met = new CountDownLatch(1);

    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public DeliveryResult send(DeliveryAttempt attempt)
            throws IOException, InterruptedException {
          try {
            if (inside.incrementAndGet() > 1) {
              met.countDown();
              return DeliveryResult.transientFailure("buffer in use");
            }
            met.await(20, TimeUnit.MILLISECONDS);
            return sound.send(attempt);
          } finally {
            inside.decrementAndGet();
          }
        }
      };
    }
  }

  private static Channel hanging(Channel sound, boolean interruptibly) {
    CountDownLatch never = new CountDownLatch(1);
    return new Forwarding(sound) {
      @Override
      public DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException {
        DeliveryResult result = sound.send(attempt);
        boolean stalled =
            result instanceof Ambiguous && result.reason().equals(FakeProvider.SILENCE);
        while (stalled) {
          try {
            never.await();
          } catch (InterruptedException e) {
            if (interruptibly) {
              throw e;
            }
          }
        }
        return result;
      }
    };
  }

  static final class HangsWithProvider extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return hanging(sound, true);
    }
  }

  static final class HangsForEver extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return hanging(sound, false);
    }
  }

  static final class ChecksNothing extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return attempt -> sound.send(attempt);
    }
  }

  static final class SendsWhenItChecks extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public void check(DeliveryAttempt attempt) {
          sound.check(attempt);
          try {
            sound.send(attempt);
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        }
      };
    }
  }

  static final class HasNoPolicy extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        @Override
        public ChannelPolicy policy(ChannelPolicy defaults) {
          return null;
        }
      };
    }
  }

  static final class ClosesOnlyOnce extends Faulty {
    @Override
    Channel broken(Channel sound) {
      return new Forwarding(sound) {
        private boolean closed;

        @Override
        public void close() {
          if (closed) {
            throw new IllegalStateException("closed already");
          }
          closed = true;
        }
      };
    }
  }

  static final class KnowsNothing extends ChannelContract {
    @Override
    protected Channel createChannel() {
      return new RecordingChannel();
    }
  }

  static final class SaysTooLittle extends ChannelContract {
    @Override
    protected Channel createChannel() {
      return new RecordingChannel();
    }

    @Override
    protected Notification notification() {
      return Notification.to("pager:4711").text("Hi").build();
    }
  }
}
