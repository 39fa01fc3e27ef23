package dev.notifier.channel.email;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Logs in to a server by the first mechanism that it offers and takes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4954">RFC 4954</a>
 * @see <a href="https://developers.google.com/workspace/gmail/imap/xoauth2-protocol">XOAUTH2</a>
 */
final class SmtpLogin {
  private static final int CONTINUE = 334;
  private static final int UNKNOWN_MECHANISM = 504;
  private static final int REFUSED = 535;

  /** The server's end of the conversation. */
  @FunctionalInterface
  interface Server {
    /** Sends a line and returns the answer. */
    SmtpReply say(String line) throws IOException;
  }

  @FunctionalInterface
  private interface Mechanism {
    SmtpReply run() throws IOException;
  }

  private final Server server;
  private final Set<String> offered;

  /**
   * Creates it.
   *
   * @param offered the mechanisms that the server has listed, in upper case
   */
  SmtpLogin(Server server, Set<String> offered) {
    this.server = server;
    this.offered = offered;
  }

  /**
   * Logs in.
   *
   * @return the server's last word
   * @throws MissingExtensionException if the server offers no mechanism for these credentials
   */
  SmtpReply with(SmtpCredentials credentials) throws IOException {
    Map<String, Mechanism> mechanisms = new LinkedHashMap<>();
    if (credentials instanceof SmtpCredentials.Password password) {
      mechanisms.put("PLAIN", () -> plain(password));
      mechanisms.put("LOGIN", () -> login(password));
    } else if (credentials instanceof SmtpCredentials.Token token) {
      mechanisms.put("XOAUTH2", () -> xoauth2(token));
    }
    return firstOffered(mechanisms);
  }

  private SmtpReply firstOffered(Map<String, Mechanism> mechanisms) throws IOException {
    SmtpReply reply = null;
    for (Map.Entry<String, Mechanism> mechanism : mechanisms.entrySet()) {
      boolean untried = reply == null || reply.code() == UNKNOWN_MECHANISM;
      if (untried && offered.contains(mechanism.getKey())) {
        reply = mechanism.getValue().run();
      }
    }
    if (reply == null) {
      throw new MissingExtensionException("AUTH " + String.join(" or ", mechanisms.keySet()));
    }
    return reply;
  }

  private SmtpReply plain(SmtpCredentials.Password credentials) throws IOException {
    return server.say(
        "AUTH PLAIN "
            + base64(
                credentials.user() + '\0' + credentials.user() + '\0' + credentials.password()));
  }

  private SmtpReply login(SmtpCredentials.Password credentials) throws IOException {
    SmtpReply reply = server.say("AUTH LOGIN");
    if (reply.code() == CONTINUE) {
      reply = server.say(base64(credentials.user()));
    }
    if (reply.code() == CONTINUE) {
      reply = server.say(base64(credentials.password()));
    }
    return reply;
  }

  private SmtpReply xoauth2(SmtpCredentials.Token credentials) throws IOException {
    try {
      String token = checked(credentials.tokens().current());
      SmtpReply reply = xoauth2(credentials.user(), token);
      if (reply.code() != REFUSED) {
        return reply;
      }
      String other = checked(credentials.tokens().refreshed(token));
      return other.equals(token) ? reply : xoauth2(credentials.user(), other);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an access token", e);
    } catch (RuntimeException e) { // its message is anybody's, and may hold the token
      throw new IOException("the supplier of access tokens threw " + e.getClass().getName());
    }
  }

  /** A refusal comes in two steps: 334 with its details, and 535 when those were acknowledged. */
  private SmtpReply xoauth2(String user, String token) throws IOException {
    String words = "user=" + user + "\1auth=Bearer " + token + "\1\1";
    SmtpReply reply = server.say("AUTH XOAUTH2 " + base64(words));
    return reply.code() == CONTINUE ? server.say("") : reply;
  }

  private static String checked(String token) throws IOException {
    if (!token.matches("[\\x21-\\x7e]{1,16384}")) {
      throw new IOException(
          "the access token must be 1 to 16384 ASCII characters without white space");
    }
    return token;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
