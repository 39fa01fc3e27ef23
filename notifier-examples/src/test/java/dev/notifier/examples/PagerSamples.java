package dev.notifier.examples;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.IOException;

/** The channel of the guide "Write a channel". */
final class PagerSamples {
  private PagerSamples() {}

  /** What the guide's channel talks to. */
  @FunctionalInterface
  interface PagerService {
    int page(String number, String text) throws IOException;
  }

  // sample: pagerChannel
  static final class PagerChannel implements Channel {
    private final PagerService service;

    PagerChannel(PagerService service) {
      this.service = service;
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
      int code = service.page(attempt.address().value(), attempt.content().text().orElse(""));
      return switch (code) {
        case 200 -> DeliveryResult.accepted();
        case 404 -> DeliveryResult.suppressRecipient("404: no such pager");
        case 401 -> DeliveryResult.configurationFault("401: the key is refused");
        case 429, 503 -> DeliveryResult.transientFailure("the pager service says " + code);
        default -> DeliveryResult.permanentFailure("the pager service says " + code);
      };
    }
  }

  // end

  static PagerService connect(String url, String key) {
    return (number, text) -> key.isEmpty() || url.isEmpty() ? 401 : 200;
  }

  // sample: pagerProvider
  public static final class PagerChannelProvider implements ChannelProvider {
    @Override
    public String id() {
      return "pager";
    }

    @Override
    public Channel create(ProviderSettings settings) {
      String url = settings.required("url");
      String key = settings.secret("key").orElse("");
      return new PagerChannel(connect(url, key));
    }
  }
  // end
}
