package dev.notifier.channel.webhook;

import dev.notifier.Address;
import java.util.List;

/** Finds the signing secrets of an endpoint: in a database, say. Must be thread-safe and quick. */
@FunctionalInterface
public interface SecretLookup {
  /**
   * Returns the secrets that sign for an endpoint, at least one; two or more while one replaces
   * another.
   *
   * @param endpoint the endpoint's URL as an address
   */
  List<String> secretsOf(Address endpoint);
}
