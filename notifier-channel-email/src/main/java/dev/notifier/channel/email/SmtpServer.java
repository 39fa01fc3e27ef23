package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.channel.email.SmtpPool.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server, with the connections to it and what is known of its health. Thread-safe. */
final class SmtpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SmtpServer.class);

  private static final int CLOSING = 421;
  private static final long UP = 0;

  /**
   * What became of a message at this server.
   *
   * @param words what happened, without the server's own words, which may quote an address
   * @param refused the recipients that an accepted message does not reach, by their index
   * @param connectionFault whether the connection, and not the message, is to blame
   * @param elsewhere whether another server may do better, and cannot make a duplicate
   */
  record Outcome(
      DeliveryResult result,
      String words,
      Map<Integer, SmtpReply> refused,
      boolean connectionFault,
      boolean elsewhere) {}

  private final SmtpSettings settings;
  private final HostAndPort address;
  private final SmtpSockets sockets;
  private final LongSupplier nanos;
  private final Duration longestUse;
  private final SmtpPool<SmtpConnection> pool;
  private final Semaphore permits;
  private final AtomicLong passedOverUntil = new AtomicLong(UP);

  SmtpServer(
      SmtpSettings settings,
      HostAndPort address,
      SmtpSockets sockets,
      LongSupplier nanos,
      Duration longestUse) {
    this.settings = settings;
    this.address = address;
    this.sockets = sockets;
    this.nanos = nanos;
    this.longestUse = longestUse;
    this.pool = new SmtpPool<>(settings.pooling, sockets.watch(), nanos);
    int most = settings.pooling.connections();
    this.permits = new Semaphore(most == 0 ? Integer.MAX_VALUE : most);
  }

  HostAndPort address() {
    return address;
  }

  // --- Health -----------------------------------------------------------------------------------

  /**
   * Tells whether to try this server now. Of a server that failed, only one caller is told so when
   * the time has come: the others need not wait for it as well.
   */
  boolean isWorthTrying() {
    long until = passedOverUntil.get();
    long now = nanos.getAsLong();
    return until == UP || (now - until >= 0 && passedOverUntil.compareAndSet(until, later(now)));
  }

  private long later(long now) {
    return (now + settings.pooling.retryServerAfter().toNanos()) | 1; // never UP
  }

  private void noteHealth(Outcome outcome) {
    if (!outcome.elsewhere()) {
      if (passedOverUntil.getAndSet(UP) != UP) {
        log.info("channel '{}': {} works again", settings.id, address);
      }
    } else if (passedOverUntil.getAndSet(later(nanos.getAsLong())) == UP) {
      pool.clear();
      log.warn("channel '{}': {} fails: {}", settings.id, address, outcome.words());
    }
  }

  // --- Sending ----------------------------------------------------------------------------------

  /** Tries to send a message, over a kept connection if there is one. */
  Outcome send(SmtpMail mail) {
    try {
      if (!permits.tryAcquire(settings.connectTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return failed(
            "all "
                + settings.pooling.connections()
                + " connections to "
                + address
                + " were busy for "
                + settings.connectTimeout
                + ": raise connections or lower the lane's concurrency");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted while waiting for a connection to " + address);
    }
    try {
      return withPermit(mail);
    } finally {
      permits.release();
    }
  }

  private static Outcome failed(String reason) {
    return new Outcome(DeliveryResult.transientFailure(reason), reason, Map.of(), false, true);
  }

  private Outcome withPermit(SmtpMail mail) {
    Lease<SmtpConnection> kept = pool.take();
    if (kept != null) {
      Outcome outcome = sendOver(kept, mail);
      if (!outcome.connectionFault()) {
        return outcome;
      }
      log.debug("a kept connection to {} failed: {}", address, outcome.words());
    }
    Outcome outcome = sendOverNew(mail);
    noteHealth(outcome);
    return outcome;
  }

  private Outcome sendOverNew(SmtpMail mail) {
    SmtpConnection connection = newConnection();
    try {
      connection.open();
    } catch (IOException e) {
      Outcome outcome = outcomeOf(connection.stage(), connection.reply(), mail, e);
      connection.close();
      return outcome;
    }
    return sendOver(pool.opened(connection), mail);
  }

  /** Creates a connection that is not open and that no pool knows. */
  SmtpConnection newConnection() {
    return new SmtpConnection(settings, address, sockets, longestUse);
  }

  private Outcome sendOver(Lease<SmtpConnection> lease, SmtpMail mail) {
    try {
      Map<Integer, SmtpReply> refused = lease.connection().send(mail);
      return new Outcome(
          DeliveryResult.accepted(mail.messageId()), "accepted", refused, false, false);
    } catch (IOException e) {
      return outcomeOf(lease.connection().stage(), lease.connection().reply(), mail, e);
    } finally {
      pool.giveBack(lease);
    }
  }

  /** Returns what became of a message whose conversation ended early. */
  static Outcome outcomeOf(
      SmtpStage stage, @Nullable SmtpReply reply, SmtpMail mail, Exception failure) {
    if (failure instanceof UnsendableException) {
      String reason = String.valueOf(failure.getMessage());
      return new Outcome(DeliveryResult.permanentFailure(reason), reason, Map.of(), false, false);
    }
    DeliveryResult result =
        sparing(stage, mail, SmtpReplyClassifier.classify(stage, reply, failure));
    boolean free = !Thread.currentThread().isInterrupted() && isNotTaken(stage, reply);
    boolean ofConnection = free && isOfConnection(reply) && !isMissingExtension(failure);
    boolean elsewhere = free && (ofConnection || isOfServer(stage, reply));
    return new Outcome(result, wordsOf(stage, reply, result), Map.of(), ofConnection, elsewhere);
  }

  /** Once several recipients were named, nobody knows which of them a refusal is about. */
  private static DeliveryResult sparing(SmtpStage stage, SmtpMail mail, DeliveryResult result) {
    boolean anyOfSeveral = stage != SmtpStage.RCPT && mail.recipients().size() > 1;
    return anyOfSeveral && result instanceof Permanent failure && failure.suppressRecipient()
        ? DeliveryResult.permanentFailure(failure.reason())
        : result;
  }

  private static String wordsOf(SmtpStage stage, @Nullable SmtpReply reply, DeliveryResult result) {
    return reply == null || !reply.isRefusal()
        ? result.reason()
        : stage + " was answered with " + (reply.code() + " " + reply.status()).strip();
  }

  /** After the final dot only a proper refusal says that the server does not have the message. */
  private static boolean isNotTaken(SmtpStage stage, @Nullable SmtpReply reply) {
    return stage != SmtpStage.END_OF_DATA || (reply != null && reply.isRefusal());
  }

  private static boolean isOfConnection(@Nullable SmtpReply reply) {
    return reply == null || !reply.isRefusal() || reply.code() == CLOSING;
  }

  private static boolean isMissingExtension(Exception failure) {
    return failure instanceof MissingExtensionException;
  }

  /** Anything before the message; no room for it; a fault of the system, which 4.3.x says. */
  private static boolean isOfServer(SmtpStage stage, @Nullable SmtpReply reply) {
    return stage.isBeforeMessage()
        || (reply != null
            && reply.isTemporary()
            && (stage == SmtpStage.MAIL || reply.status().startsWith("4.3.")));
  }

  @Override
  public void close() {
    pool.end();
  }
}
