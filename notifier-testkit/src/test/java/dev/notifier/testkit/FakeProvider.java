package dev.notifier.testkit;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider in memory that does all that can be asked of one, with a sound channel to it. */
final class FakeProvider implements ChannelContract.Provider {
  static final String SILENCE = "no answer in time";

  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private volatile DeliveryResult answer = DeliveryResult.accepted();

  Channel channel() {
    return new Channel() {
      @Override
      public DeliveryResult send(DeliveryAttempt attempt) {
        return answerTo(attempt);
      }

      @Override
      public void check(DeliveryAttempt attempt) {
        if (attempt.address().value().contains(" ")) {
          throw new InvalidNotificationException("address must have no space");
        }
      }
    };
  }

  private DeliveryResult answerTo(DeliveryAttempt attempt) {
    if (answer instanceof DeliveryResult.Accepted) {
      tokens.add(attempt.delivery().toString());
    }
    return answer;
  }

  @Override
  public void accept() {
    answer = DeliveryResult.accepted();
  }

  @Override
  public void refuseForGood() {
    answer = DeliveryResult.permanentFailure("no such address");
  }

  @Override
  public void refuseForNow() {
    answer = DeliveryResult.transientFailure("busy");
  }

  @Override
  public void askToWait(Duration retryAfter) {
    answer = DeliveryResult.transientFailure("busy", retryAfter);
  }

  @Override
  public void refuseCredentials() {
    answer = DeliveryResult.configurationFault("bad password");
  }

  @Override
  public void hangUp() {
    answer = DeliveryResult.ambiguous("it hung up");
  }

  @Override
  public void stall() {
    answer = DeliveryResult.ambiguous(SILENCE);
  }

  @Override
  public List<String> acceptedTokens() {
    return List.copyOf(tokens);
  }
}
