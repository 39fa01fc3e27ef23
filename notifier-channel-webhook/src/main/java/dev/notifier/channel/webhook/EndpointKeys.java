package dev.notifier.channel.webhook;

import dev.notifier.Address;
import java.util.List;

/**
 * The keys that sign for one endpoint.
 *
 * @param keys ready to sign
 * @param secrets what they were made from, which must not be shown
 */
record EndpointKeys(List<SigningKey> keys, List<String> secrets) {
  /** Finds the keys of an endpoint. */
  interface Source {
    EndpointKeys of(Address endpoint) throws UnpreparedException;
  }

  /** Reads the same secrets for every endpoint, once. */
  static EndpointKeys parse(List<String> secrets) {
    return new EndpointKeys(secrets.stream().map(SigningKey::parse).toList(), List.copyOf(secrets));
  }

  /** Asks the host for the secrets of each endpoint. */
  static Source lookedUp(SecretLookup lookup) {
    return endpoint -> {
      List<String> secrets = ask(lookup, endpoint);
      try {
        return parse(secrets);
      } catch (IllegalArgumentException e) {
        throw new UnpreparedException("a secret of the endpoint cannot be used: " + e.getMessage());
      }
    };
  }

  private static List<String> ask(SecretLookup lookup, Address endpoint)
      throws UnpreparedException {
    List<String> secrets;
    try {
      secrets = lookup.secretsOf(endpoint);
    } catch (RuntimeException e) { // only the class: the message may quote what must not be told
      throw new UnpreparedException(
          "the secrets of the endpoint could not be looked up: " + e.getClass().getName());
    }
    if (secrets.isEmpty()) {
      throw new UnpreparedException("the endpoint has no secret to sign with");
    }
    return secrets;
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "EndpointKeys[" + keys.size() + "]";
  }
}
