package dev.notifier.internal.delivery;

import dev.notifier.Address;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Masks the recipient's address in the words of providers and foreign code, which quote it. */
final class Redaction {
  private Redaction() {}

  static String of(String text, Address address) {
    return holds(text, address)
        ? alone(address).matcher(text).replaceAll(Matcher.quoteReplacement(address.masked()))
        : text;
  }

  /** Not as a part of a longer word or number: the chat id 1 must not make 401 unreadable. */
  private static Pattern alone(Address address) {
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])" + Pattern.quote(address.value()) + "(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE);
  }

  private static boolean holds(String text, Address address) {
    return lowerCase(text).contains(lowerCase(address.value()));
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static DeliveryResult of(DeliveryResult result, Address address) {
    if (result instanceof Accepted || !holds(result.reason(), address)) {
      return result;
    }
    String reason = of(result.reason(), address);
    if (result instanceof Transient failure) {
      return new Transient(reason, failure.retryAfter());
    }
    if (result instanceof Permanent failure) {
      return new Permanent(reason, failure.suppressRecipient(), failure.configurationFault());
    }
    if (result instanceof Deferred deferred) {
      return new Deferred(deferred.until(), deferred.obstacle(), reason);
    }
    return result instanceof Ambiguous ? new Ambiguous(reason) : result;
  }
}
