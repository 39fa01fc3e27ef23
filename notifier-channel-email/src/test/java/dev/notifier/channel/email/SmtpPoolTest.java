package dev.notifier.channel.email;

import static dev.notifier.channel.email.ScriptedSmtpServer.HANG_UP;
import static dev.notifier.channel.email.SmtpReplyClassifierTest.kindOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections are kept, checked, given up and shared. */
@Timeout(30)
class SmtpPoolTest {
  private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
  private final AtomicLong nanos = new AtomicLong();
  private SmtpChannelBuilder builder;

  @BeforeEach
  void configure() {
    builder =
        EmailChannel.smtp("localhost", server.port())
            .from("Shop <no-reply@example.com>")
            .plaintext()
            .connectionAge(Duration.ofMinutes(5))
            .idleTimeout(Duration.ofMinutes(1))
            .checkAfterIdle(Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SmtpChannel channel() {
    return new SmtpChannel(
        new SmtpSettings(builder), InstantSource.system(), nanos::get, Duration.ofSeconds(20));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static DeliveryResult send(SmtpChannel channel) throws IOException {
    return channel.send(Attempts.toAda());
  }

  private static void sendWell(SmtpChannel channel) throws IOException {
    assertThat(send(channel)).isInstanceOf(Accepted.class);
  }

  private long count(String command) {
    return server.commands().stream().filter(said -> said.startsWith(command)).count();
  }

  // --- Keeping ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messagesShareOneConnection(boolean pipelining) throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP");
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      sendWell(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.messages()).hasSize(3);
    assertThat(count("EHLO")).isEqualTo(1);
    assertThat(count("RSET") + count("NOOP")).isZero();
  }

  @Test
  void aKeptConnectionSavesTheHandshakeAndTheLogin(@TempDir Path folder) throws IOException {
    TestCertificates certificates = TestCertificates.forNames(folder, "dns:localhost");
    server.withStartTls(certificates.context()).offering("AUTH PLAIN");
    builder =
        EmailChannel.smtp("localhost", server.port())
            .from("a@example.com")
            .sslContext(certificates.context())
            .credentials("user", "password");
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(1);
    assertThat(count("STARTTLS")).isEqualTo(1);
    assertThat(count("AUTH")).isEqualTo(1);
    assertThat(server.messages()).hasSize(2);
  }

  @Test
  void aConnectionTakesItsShareOfMessagesOnly() throws IOException {
    builder.messagesPerConnection(2);
    try (SmtpChannel channel = channel()) {
      for (int i = 0; i < 5; i++) {
        sendWell(channel);
      }
    }

    assertThat(server.connections()).isEqualTo(3);
    assertThat(server.messages()).hasSize(5);
  }

  @Test
  void anOldConnectionTakesNoOtherMessage() throws IOException {
    try (SmtpChannel channel = channel()) {
      for (int i = 0; i < 11; i++) { // ten times half a minute
        sendWell(channel);
        pass(Duration.ofSeconds(30));
      }
    }

    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aConnectionThatIdledForTooLongIsNotUsed() throws IOException {
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      pass(Duration.ofMinutes(1));
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
    assertThat(count("NOOP")).isZero();
  }

  @Test
  void whatNobodyNeedsIsClosedWithoutAnotherMessage() throws Exception {
    CountDownLatch goodbye = new CountDownLatch(1);
    server.on(
        Step.QUIT,
        command -> {
          goodbye.countDown();
          return "221 2.0.0 bye";
        });
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      pass(Duration.ofMinutes(1));

      assertThat(goodbye.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  // --- Checking ---------------------------------------------------------------------------------

  @Test
  void aConnectionIsCheckedOnlyAfterItIdled() throws IOException {
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      pass(Duration.ofMillis(4_999));
      sendWell(channel);
      assertThat(count("NOOP")).isZero();

      pass(Duration.ofSeconds(5));
      sendWell(channel);
      assertThat(count("NOOP")).isEqualTo(1);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {HANG_UP, "421 4.4.2 idle for too long", "what?"})
  void aConnectionThatFailsTheCheckIsReplaced(String reply) throws IOException {
    server.on(Step.NOOP, reply);
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      pass(Duration.ofSeconds(5));
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.messages()).hasSize(2);
  }

  // --- Giving up --------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerThatHungUpMeanwhileIsConnectedToAgain(boolean pipelining) throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP");
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      server.hangUp();
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.messages()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"MAIL", "RCPT", "DATA", "END_OF_DATA"})
  void a421OnAKeptConnectionIsTriedAgainOnANewOne(Step step) throws IOException {
    server.on(step, usual(step), "421 4.7.0 too many messages", usual(step));
    try (SmtpChannel channel = channel()) {
      sendWell(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.messages()).hasSize(2);
  }

  private static String usual(Step step) {
    return step == Step.DATA ? "354 go ahead" : "250 2.0.0 ok";
  }

  @Test
  void a421OnANewConnectionIsTheAnswer() throws IOException {
    server.on(Step.RCPT, "421 4.7.0 slow down");
    try (SmtpChannel channel = channel()) {
      assertThat(send(channel)).isInstanceOf(Transient.class);
    }

    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasLostIsNeverTriedAgain() throws IOException {
    server.on(Step.END_OF_DATA, "250 2.0.0 ok", HANG_UP);
    try (SmtpChannel channel = channel()) {
      sendWell(channel);

      assertThat(send(channel)).isInstanceOf(Ambiguous.class);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"MAIL, what?", "RCPT, 354 what?", "DATA, 250 2.0.0 ok", "END_OF_DATA, 354 what?"})
  void whoeverBreaksTheProtocolIsLeft(Step step, String reply) throws IOException {
    server.on(step, reply, usual(step));
    try (SmtpChannel channel = channel()) {
      send(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.messages()).hasSize(1);
  }

  /** Otherwise the stray reply would pass for the answer to the next message. */
  @Test
  void aConnectionWithAStrayReplyIsNotKept() throws IOException {
    server.on(Step.END_OF_DATA, "250 2.0.0 ok\r\n250 2.0.0 really", "554 5.7.1 spam");
    try (SmtpChannel channel = channel()) {
      sendWell(channel);

      assertThat(kindOf(send(channel))).isEqualTo("permanent");
    }
    assertThat(server.connections()).isEqualTo(2);
  }

  /** Old servers of Exchange never come back from it. */
  @Test
  void aSenderRefusedForNowEndsTheConnection() throws IOException {
    server.on(Step.MAIL, "451 Timeout waiting for data from client", "250 ok");
    try (SmtpChannel channel = channel()) {
      assertThat(send(channel)).isInstanceOf(Transient.class);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL,        550 5.1.8 no,      true",
    "MAIL,        550 5.1.8 no,      false",
    "RCPT,        550 5.1.1 unknown, true",
    "RCPT,        550 5.1.1 unknown, false",
    "DATA,        554 5.5.1 no,      true",
    "DATA,        554 5.5.1 no,      false",
    "END_OF_DATA, 554 5.7.1 spam,    true",
    "END_OF_DATA, 554 5.7.1 spam,    false",
  })
  void aRefusalLeavesTheConnectionFitForTheNext(Step step, String reply, boolean pipelining)
      throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP").on(step, reply, usual(step));
    try (SmtpChannel channel = channel()) {
      assertThat(send(channel).reason()).endsWith("was answered with " + reply);
      sendWell(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(1);
    assertThat(count("RSET")).isEqualTo(step == Step.END_OF_DATA ? 0 : 1);
    assertThat(server.messages().stream().filter(message -> !message.isEmpty())).hasSize(2);
  }

  @Test
  void aRefusedResetEndsTheConnection() throws IOException {
    server.on(Step.RCPT, "550 5.1.1 unknown", "250 ok").on(Step.RSET, "500 what?");
    try (SmtpChannel channel = channel()) {
      send(channel);
      sendWell(channel);
    }

    assertThat(server.connections()).isEqualTo(2);
  }

  // --- Sharing ----------------------------------------------------------------------------------

  @Test
  void everySenderHasAConnectionAndNoMore() throws Exception {
    List<DeliveryResult> results = sendTogether(6, 10);

    assertThat(results).hasSize(60).allMatch(Accepted.class::isInstance);
    assertThat(server.messages()).hasSize(60);
    assertThat(server.connections()).isBetween(1, 6);
  }

  @Test
  void sendersWaitForOneOfFewConnections() throws Exception {
    builder.connections(2);
    AtomicLong open = new AtomicLong();
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    server
        .on(
            Step.MAIL,
            command -> {
              seen.add(open.incrementAndGet());
              return "250 ok";
            })
        .on(
            Step.END_OF_DATA,
            message -> {
              open.decrementAndGet();
              return "250 ok";
            });

    List<DeliveryResult> results = sendTogether(6, 10);

    assertThat(results).hasSize(60).allMatch(Accepted.class::isInstance);
    assertThat(seen).allMatch(count -> count <= 2);
    assertThat(server.connections()).isBetween(1, 2);
  }

  private List<DeliveryResult> sendTogether(int senders, int each) throws Exception {
    Phaser together = new Phaser(senders);
    List<DeliveryResult> results = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (SmtpChannel channel = channel()) {
      List<Thread> threads =
          java.util.stream.IntStream.range(0, senders)
              .mapToObj(i -> new Thread(() -> sendAll(channel, together, each, results)))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join(20_000);
      }
    }
    return results;
  }

  private static void sendAll(
      SmtpChannel channel, Phaser together, int count, List<DeliveryResult> results) {
    together.arriveAndAwaitAdvance();
    for (int i = 0; i < count; i++) {
      try {
        results.add(send(channel));
      } catch (IOException e) {
        results.add(DeliveryResult.transientFailure(e.toString()));
      }
    }
  }

  @Test
  void whoGetsNoConnectionIsToldWhy() throws Exception {
    builder.connections(1).connectTimeout(Duration.ofMillis(100));
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    server.on(
        Step.MAIL,
        command -> {
          reached.countDown();
          try {
            return goOn.await(20, TimeUnit.SECONDS) ? "250 ok" : HANG_UP;
          } catch (InterruptedException e) {
            return HANG_UP;
          }
        });
    try (SmtpChannel channel = channel()) {
      AtomicReference<DeliveryResult> first = new AtomicReference<>();
      Thread sender =
          new Thread(
              () -> {
                try {
                  first.set(send(channel));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      sender.start();
      assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

      DeliveryResult second = send(channel);
      goOn.countDown();
      sender.join(20_000);

      assertThat(first.get()).isInstanceOf(Accepted.class);
      assertThat(second)
          .isEqualTo(
              DeliveryResult.transientFailure(
                  "all 1 connections to localhost:"
                      + server.port()
                      + " were busy for PT0.1S: raise connections or lower the lane's"
                      + " concurrency"));
    }
  }

  @Test
  void theLaneFollowsTheConnections() {
    try (SmtpChannel channel = channel()) {
      ChannelPolicy defaults = ChannelPolicy.defaults();
      assertThat(channel.policy(defaults)).isSameAs(defaults);
    }
    builder.connections(3);
    try (SmtpChannel channel = channel()) {
      assertThat(channel.policy(ChannelPolicy.defaults()).concurrency()).isEqualTo(3);
    }
  }

  @Test
  void aClosedChannelSendsNothing() throws IOException {
    SmtpChannel channel = channel();
    sendWell(channel);
    channel.close();

    assertThat(send(channel)).isInstanceOf(Transient.class);
    assertThat(server.messages()).hasSize(1);
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    server.on(
        Step.RCPT,
        command -> {
          reached.countDown();
          return ScriptedSmtpServer.SILENCE;
        });
    SmtpChannel channel = channel();
    AtomicReference<DeliveryResult> result = new AtomicReference<>();
    Thread sender =
        new Thread(
            () -> {
              try {
                result.set(send(channel));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    sender.start();
    assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

    channel.close();

    sender.join(20_000);
    assertThat(result.get()).isInstanceOf(Transient.class);
  }

  // --- What the server offers -------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageTooLargeForTheServerIsRefusedBeforeItIsSent(boolean kept) throws IOException {
    server.offering("SIZE 2000");
    try (SmtpChannel channel = channel()) {
      if (kept) {
        sendWell(channel);
      }
      DeliveryResult result =
          channel.send(
              Attempts.of(Notification.to("email:ada@example.com").text("x".repeat(3000))));

      assertThat(kindOf(result)).isEqualTo("permanent");
      assertThat(result.reason()).endsWith("octets, but the server takes at most 2000");
      sendWell(channel);
    }
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.commands()).anyMatch(said -> said.matches("MAIL FROM:<.*> SIZE=[0-9]{3}"));
  }

  // --- Several recipients -----------------------------------------------------------------------

  private static DeliveryAttempt toAdaAndCopies() {
    return Attempts.of(
        Notification.to("email:ada@example.com")
            .text("x")
            .options(
                ChannelOptions.of(
                    "email", Map.of("cc", "bob@example.com", "bcc", "eve@example.org"))));
  }

  private void refuse(String... repliesByAddress) {
    server.on(
        Step.RCPT,
        command -> {
          for (int i = 0; i < repliesByAddress.length; i += 2) {
            if (command.contains(repliesByAddress[i])) {
              return repliesByAddress[i + 1];
            }
          }
          return "250 2.1.5 ok";
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageGoesOnceToAllItsRecipients(boolean pipelining) throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.send(toAdaAndCopies()).reason()).isEqualTo("accepted by the provider");
    }

    assertThat(server.commands())
        .containsSubsequence(
            "RCPT TO:<ada@example.com>", "RCPT TO:<bob@example.com>", "RCPT TO:<eve@example.org>");
    assertThat(server.messages()).hasSize(1);
    assertThat(server.messages().get(0)).doesNotContain("eve@");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoIsRefusedAmongOthersIsNamedMasked(boolean pipelining) throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP");
    refuse("bob@", "550 5.1.1 bob@example.com unknown", "eve@", "450 4.2.0 later");
    try (SmtpChannel channel = channel()) {
      DeliveryResult result = channel.send(toAdaAndCopies());

      assertThat(result).isInstanceOf(Accepted.class);
      assertThat(result.reason())
          .isEqualTo(
              "accepted by the provider, but not for b***@example.com (550 5.1.1),"
                  + " e***@example.org (450 4.2.0)");
    }
    assertThat(server.messages()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereAllAreRefusedTheDeliverysOwnCounts(boolean pipelining) throws IOException {
    server.offering(pipelining ? "PIPELINING" : "HELP");
    refuse("ada@", "550 5.1.1 unknown", "bob@", "450 4.2.0 later", "eve@", "450 4.2.0 later");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.send(toAdaAndCopies()))
          .isEqualTo(
              DeliveryResult.suppressRecipient("RCPT TO was answered with 550 5.1.1 unknown"));
    }
    assertThat(server.messages().stream().filter(message -> !message.isEmpty())).isEmpty();
  }

  @Test
  void aRefusedMessageSuppressesNoneOfSeveralRecipients() throws IOException {
    server.on(Step.END_OF_DATA, "550 5.1.1 somebody is unknown");
    try (SmtpChannel channel = channel()) {
      assertThat(kindOf(channel.send(toAdaAndCopies()))).isEqualTo("permanent");
      assertThat(kindOf(send(channel))).isEqualTo("suppress");
    }
  }

  @Test
  void a421AmongRecipientsIsForAllOfThem() throws IOException {
    refuse("bob@", "421 4.3.2 shutting down");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.send(toAdaAndCopies())).isInstanceOf(Transient.class);
    }
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void anyAddressThatAServerQuotesIsMasked() throws IOException {
    refuse("@", "450 4.2.0 bob@example.com and eve@example.org and Ada@example.com wait");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.send(toAdaAndCopies()).reason())
          .endsWith("450 4.2.0 b***@example.com and e***@example.org and a***@example.com wait");
    }
  }
}
