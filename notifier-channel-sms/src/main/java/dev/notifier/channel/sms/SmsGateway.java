package dev.notifier.channel.sms;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.Verification;
import dev.notifier.spi.DeliveryUpdate;
import java.util.List;
import java.util.Optional;

/** One account with one provider, by which messages leave. Thread-safe. */
interface SmsGateway extends AutoCloseable {
  /** Returns the provider's name, for messages. */
  String name();

  /** Returns why this provider cannot send such a message at all, if it cannot. */
  Optional<String> obstacle(SmsMessage message);

  /** Sends a message, once. */
  DeliveryResult send(SmsMessage message);

  /** Finds out whether the account's credentials work. */
  Verification verify();

  /** Tells whether a callback looks like one of this provider's; it may be forged. */
  boolean recognises(CallbackRequest request);

  /**
   * Verifies and understands a callback.
   *
   * @throws dev.notifier.spi.InvalidCallbackException if it is forged, too old or malformed
   */
  List<DeliveryUpdate> receive(CallbackRequest request);

  @Override
  void close();
}
