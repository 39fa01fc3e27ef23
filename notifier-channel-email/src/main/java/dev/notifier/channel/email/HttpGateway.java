package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.http.HttpReply;
import dev.notifier.spi.DeliveryUpdate;
import java.io.IOException;
import java.util.List;
import okhttp3.Request;

/** What is particular to one provider that takes mail over HTTP. Thread-safe. */
interface HttpGateway {
  /** Returns the provider's name, for messages. */
  String name();

  /**
   * Checks that this provider can carry a message with everything in it.
   *
   * @throws InvalidNotificationException if it cannot
   */
  void check(EmailMessage message);

  /**
   * Returns the request that sends a message.
   *
   * @throws InvalidNotificationException if it became too large
   * @throws IOException if the credentials cannot be had
   */
  Request request(EmailMessage message) throws IOException;

  /** Returns what an answer means. */
  DeliveryResult judge(HttpReply reply);

  /**
   * Returns the request that shows whether the credentials work, and sends nothing.
   *
   * @throws IOException if the credentials cannot be had
   */
  Request verification() throws IOException;

  /** Returns what the answer to that means. */
  Verification verdict(HttpReply reply);

  /**
   * Verifies and understands the provider's events.
   *
   * @throws dev.notifier.spi.InvalidCallbackException if they are forged, too old or malformed; it
   *     is malformed if it is not from this provider at all
   */
  List<DeliveryUpdate> receive(CallbackRequest request);
}
