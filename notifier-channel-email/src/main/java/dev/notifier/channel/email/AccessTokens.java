package dev.notifier.channel.email;

import java.io.IOException;

/**
 * Where a channel gets the OAuth 2.0 access tokens that it logs in with.
 *
 * <p>Asked once for each new connection, by several threads at a time: keep the token until shortly
 * before it expires, and bound every wait for a new one. A failure to get one is a transient
 * failure of the delivery; its message is logged and may hold no secret.
 */
@FunctionalInterface
public interface AccessTokens {
  /**
   * Returns a token that should be valid now.
   *
   * @throws IOException if there is none to be had
   * @throws InterruptedException if the thread was interrupted because the notifier is closing
   */
  String current() throws IOException, InterruptedException;

  /**
   * Returns another token, after the server has refused the current one. The same one again means
   * that there is no other; then the login has failed. Defaults to {@link #current}.
   *
   * @param refused the token that the server did not take
   * @throws IOException if there is none to be had
   * @throws InterruptedException if the thread was interrupted because the notifier is closing
   */
  default String refreshed(String refused) throws IOException, InterruptedException {
    return current();
  }
}
