package dev.notifier.channel.email;

import dev.notifier.http.HttpSender;
import dev.notifier.spi.Channel;
import org.jspecify.annotations.Nullable;

/** An account with Twilio SendGrid: made by {@link EmailChannel#sendGrid}. Not thread-safe. */
public final class SendGridAccount extends HttpEmailAccount<SendGridAccount> {
  private final String apiKey;
  private @Nullable SendGridSignature eventSignature;

  SendGridAccount(String apiKey) {
    super("https://api.sendgrid.com");
    this.apiKey = Secrets.checkWord("apiKey", apiKey);
  }

  /**
   * Sends by SendGrid's servers in the European Union, for a subuser that lives there.
   *
   * @see <a href="https://www.twilio.com/docs/sendgrid/for-developers/sending-email/regions">
   *     SendGrid, regions</a>
   */
  public SendGridAccount europe() {
    return baseUrl("https://api.eu.sendgrid.com");
  }

  /**
   * Sets the key by which events are verified: the "verification key" that SendGrid shows when the
   * signed event webhook is turned on. Without it every event is refused.
   *
   * @throws IllegalArgumentException if it is no such key
   */
  public SendGridAccount eventKey(String key) {
    this.eventSignature = new SendGridSignature(key);
    return this;
  }

  @Override
  SendGridAccount self() {
    return this;
  }

  @Override
  Channel channel(MessageSettings settings, HttpSender http) {
    return new HttpEmailChannel(new SendGridGateway(this), settings, http);
  }

  String apiKey() {
    return apiKey;
  }

  SendGridEvents events() {
    return new SendGridEvents(eventSignature, clock());
  }
}
