package dev.notifier.testkit;

import dev.notifier.DeliveryAttempt;
import dev.notifier.spi.Channel;
import java.util.List;

/** The smallest provider there can be: it accepts, and tells what it accepted. */
class RecordingChannelContractTest extends ChannelContract {
  private final RecordingChannel recording = new RecordingChannel();

  @Override
  protected Channel createChannel() {
    return recording;
  }

  @Override
  protected Provider provider() {
    return new Provider() {
      @Override
      public List<String> acceptedTokens() {
        return recording.attempts().stream()
            .map(DeliveryAttempt::delivery)
            .map(Object::toString)
            .toList();
      }
    };
  }
}
