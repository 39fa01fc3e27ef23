package dev.notifier.channel.email;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a server or with the settings, and what to do, to an operator. */
final class SmtpDiagnosis {
  private static final String PORTS =
      "usual are 587 for STARTTLS, 465 for TLS from the first byte (implicitTls, security=tls) and"
          + " 25 for relays";

  private SmtpDiagnosis() {}

  /** Returns advice on a connection that could not be opened, empty if there is none to give. */
  static String of(
      SmtpSettings settings, SmtpStage stage, @Nullable SmtpReply reply, IOException failure) {
    if (failure instanceof MissingExtensionException missing) {
      return ofExtension(missing);
    }
    if (reply != null && reply.isRefusal()) {
      return ofRefusal(stage, reply, settings.credentials);
    }
    return switch (stage) {
      case CONNECT -> ofConnect(failure);
      case TLS_HANDSHAKE -> ofTls(failure);
      case GREETING -> ofGreeting(failure, settings.security);
      default -> "";
    };
  }

  private static String ofExtension(MissingExtensionException failure) {
    return failure.extension().equals("STARTTLS")
        ? "the connection cannot be encrypted on this port: " + PORTS
        : "the server does not take this kind of login here, perhaps on another port: " + PORTS;
  }

  // --- What the server said ---------------------------------------------------------------------

  private static String ofRefusal(
      SmtpStage stage, SmtpReply reply, @Nullable SmtpCredentials credentials) {
    if (reply.isTemporary()) {
      return "the server is busy, or takes no more from this client for now: try again later";
    }
    return switch (stage) {
      case GREETING -> "the server does not serve this client: its address may be blocked";
      case EHLO ->
          "the server does not like the name or the address of this client: set localHost"
              + " (local-host) to a name that the DNS knows for it";
      case AUTH -> ofLogin(reply, credentials);
      default -> "";
    };
  }

  private static String ofLogin(SmtpReply reply, @Nullable SmtpCredentials credentials) {
    if (credentials instanceof SmtpCredentials.Token) {
      return "the user or the access token is wrong: the token may have expired, or lack the scope"
          + " for SMTP";
    }
    return reply.code() == 534 || reply.status().equals("5.7.9")
        ? "the server takes no ordinary password: make an app password, or log in by OAuth 2.0"
            + " (oauth2, token-file)"
        : "the user or the password is wrong, or the account may not send by SMTP; many providers"
            + " want an app password or OAuth 2.0 here";
  }

  // --- What went wrong on the way ---------------------------------------------------------------

  private static String ofConnect(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "the DNS does not know this host: check its name, and the network";
    }
    if (failure instanceof SocketTimeoutException) {
      return "nobody answers there: a firewall may drop the connection (many networks block port"
          + " 25), or the host is wrong";
    }
    if (failure instanceof ConnectException) {
      return "nothing listens on this port: check host and port; " + PORTS;
    }
    return failure instanceof NoRouteToHostException
        ? "there is no way from here to this host: check the network"
        : "";
  }

  private static String ofTls(IOException failure) {
    if (has(failure, CertificateExpiredException.class)) {
      return "the server's certificate has expired";
    }
    if (has(failure, CertificateNotYetValidException.class)) {
      return "the server's certificate is not valid yet: check the clock of this machine";
    }
    if (has(failure, CertPathBuilderException.class)
        || has(failure, CertPathValidatorException.class)) {
      return "nobody whom this application trusts has signed the server's certificate: give the"
          + " one who did by trustStore (trust-store)";
    }
    if (has(failure, CertificateException.class)) {
      return "the server's certificate is for another name: use a host name that it carries";
    }
    if (failure instanceof SocketTimeoutException || has(failure, EOFException.class)) {
      return "the server does not answer in TLS: " + PORTS;
    }
    return failure instanceof SSLException
        ? "the server does not speak TLS 1.2 or 1.3 there: " + PORTS
        : "";
  }

  private static String ofGreeting(IOException failure, SmtpSecurity security) {
    if (failure instanceof ProtocolException) {
      return "what answers there is no mail server: check host and port; " + PORTS;
    }
    boolean silent = failure instanceof SocketTimeoutException || failure instanceof EOFException;
    return silent && security != SmtpSecurity.TLS
        ? "the server accepts the connection but does not greet: perhaps it speaks TLS from the"
            + " first byte (implicitTls, security=tls), or is no mail server"
        : "";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
