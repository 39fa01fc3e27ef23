package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.CallbackRequest;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.testkit.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailLineTest {
  private static final DeliveryResult BUSY = DeliveryResult.transientFailure("busy");
  private static final DeliveryResult LOST = DeliveryResult.ambiguous("no answer");
  private static final DeliveryResult REFUSED = DeliveryResult.permanentFailure("refused");
  private static final DeliveryResult DEAD = DeliveryResult.suppressRecipient("no such user");
  private static final DeliveryResult WRONG_KEY = DeliveryResult.configurationFault("wrong key");
  private static final DeliveryResult SENT = DeliveryResult.accepted("id");

  private final List<String> asked = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final Provider a = new Provider("a");
  private final Provider b = new Provider("b");
  private final Provider c = new Provider("c");
  private final EmailLine failOver = new EmailLine(List.of(a, b, c), false, clock);

  /** A provider that answers what it is told to. */
  private final class Provider implements Channel {
    private final String name;
    private DeliveryResult answer = SENT;
    private @Nullable IOException failure;
    private @Nullable String cannotCarry;
    private Verification verification = Verification.works("works");
    private List<DeliveryUpdate> updates = List.of();
    private @Nullable InvalidCallbackException refusal;
    private boolean closed;

    Provider(String name) {
      this.name = name;
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) throws IOException {
      if (cannotCarry != null) {
        return DeliveryResult.permanentFailure(cannotCarry);
      }
      asked.add(name);
      if (failure != null) {
        throw failure;
      }
      return answer;
    }

    @Override
    public void check(DeliveryAttempt attempt) {
      if (cannotCarry != null) {
        throw new InvalidNotificationException(cannotCarry);
      }
    }

    @Override
    public List<String> preview(DeliveryAttempt attempt) {
      return List.of("by " + name);
    }

    @Override
    public Verification verify() {
      return verification;
    }

    @Override
    public List<DeliveryUpdate> receive(CallbackRequest request) {
      if (refusal != null) {
        throw refusal;
      }
      return updates;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private DeliveryResult send(EmailLine line) throws Exception {
    return line.send(Attempts.toAda());
  }

  private List<String> askedBy(EmailLine line) throws Exception {
    asked.clear();
    send(line);
    return List.copyOf(asked);
  }

  // --- Which is next ----------------------------------------------------------------------------

  @Test
  void theFirstProviderGetsEveryMessageThatItTakes() throws Exception {
    assertThat(send(failOver)).isEqualTo(SENT);
    assertThat(send(failOver)).isEqualTo(SENT);
    assertThat(asked).containsExactly("a", "a");
  }

  @Test
  void whatWasCertainlyNotTakenGoesToTheNext() throws Exception {
    a.answer = BUSY;
    b.answer = WRONG_KEY;

    assertThat(send(failOver)).isEqualTo(SENT);
    assertThat(asked).containsExactly("a", "b", "c");
  }

  @Test
  void anExceptionMeansThatNothingLeft() throws Exception {
    a.failure = new IOException("no AWS credentials");

    assertThat(send(failOver)).isEqualTo(SENT);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void afterALostAnswerNobodyElseIsAsked() throws Exception {
    a.answer = LOST;

    assertThat(send(failOver)).isEqualTo(LOST);
    assertThat(asked).containsExactly("a");
  }

  @Test
  void aLostAnswerOfALaterProviderEndsTheAttemptToo() throws Exception {
    a.answer = BUSY;
    b.answer = LOST;

    assertThat(send(failOver)).isEqualTo(LOST);
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void aRefusalOfTheMessageOrTheRecipientIsFinal() throws Exception {
    a.answer = REFUSED;
    assertThat(send(failOver)).isEqualTo(REFUSED);
    a.answer = DEAD;
    assertThat(send(failOver)).isEqualTo(DEAD);
    assertThat(asked).containsExactly("a", "a");
  }

  @Test
  void whatOneProviderCannotCarryGoesToOneThatCan() throws Exception {
    a.cannotCarry = "a takes no empty file";

    assertThat(send(failOver)).isEqualTo(SENT);
    failOver.check(Attempts.toAda());
    assertThat(failOver.preview(Attempts.toAda()))
        .containsExactly("not by a: a takes no empty file", "by b", "by c");
    assertThat(asked).containsExactly("b");
  }

  @Test
  void whatNobodyCanCarryIsRefusedBeforeItIsAccepted() throws Exception {
    for (Provider provider : List.of(a, b, c)) {
      provider.cannotCarry = "not by " + provider;
    }

    assertThatThrownBy(() -> failOver.check(Attempts.toAda()))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("not by a");
    assertThat(send(failOver))
        .isEqualTo(DeliveryResult.permanentFailure("not by a; not by b; not by c"));
  }

  @Test
  void roundRobinBeginsWithEachInTurn() throws Exception {
    EmailLine line = new EmailLine(List.of(a, b, c), true, clock);
    for (int i = 0; i < 4; i++) {
      send(line);
    }
    assertThat(asked).containsExactly("a", "b", "c", "a");

    b.answer = BUSY;
    assertThat(askedBy(line)).containsExactly("b", "c");
  }

  // --- When all fail ----------------------------------------------------------------------------

  @Test
  void whatPassesByItselfIsToldRatherThanWhatMustBeMended() throws Exception {
    a.answer = WRONG_KEY;
    b.answer = BUSY;
    c.answer = WRONG_KEY;

    assertThat(send(failOver)).isEqualTo(DeliveryResult.transientFailure("wrong key; busy"));
  }

  @Test
  void ifAllAreSetUpWronglyTheChannelIs() throws Exception {
    a.answer = WRONG_KEY;
    b.answer = WRONG_KEY;
    c.cannotCarry = "too large for c";

    assertThat(((Permanent) send(failOver)).configurationFault()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"30, 10, 10", "30, -, -", "-, -, -"})
  void theShortestWaitCountsIfAllSayOne(
      @Nullable Integer first, @Nullable Integer second, @Nullable Integer expected)
      throws Exception {
    a.answer = DeliveryResult.transientFailure("busy", seconds(first));
    b.answer = DeliveryResult.transientFailure("busy", seconds(second));
    c.answer = WRONG_KEY;

    assertThat(((Transient) send(failOver)).retryAfter().orElse(null)).isEqualTo(seconds(expected));
  }

  private static @Nullable Duration seconds(@Nullable Integer seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }

  // --- Resting ----------------------------------------------------------------------------------

  @Test
  void oneBusyAnswerDoesNotSendAProviderToTheEndOfTheLine() throws Exception {
    a.answer = BUSY;
    assertThat(askedBy(failOver)).containsExactly("a", "b");
    assertThat(askedBy(failOver)).containsExactly("a", "b");
    a.answer = SENT;
    assertThat(askedBy(failOver)).containsExactly("a");
    a.answer = BUSY;
    assertThat(askedBy(failOver)).containsExactly("a", "b");
    assertThat(askedBy(failOver)).containsExactly("a", "b");
  }

  @Test
  void threeInARowDoForAMinute() throws Exception {
    a.answer = BUSY;
    for (int i = 0; i < 3; i++) {
      assertThat(askedBy(failOver)).containsExactly("a", "b");
    }
    assertThat(askedBy(failOver)).containsExactly("b");

    clock.advance(Duration.ofSeconds(59));
    assertThat(askedBy(failOver)).containsExactly("b");

    clock.advance(Duration.ofSeconds(1));
    assertThat(askedBy(failOver)).as("one message tries again").containsExactly("a", "b");
    assertThat(askedBy(failOver)).as("and the next does not").containsExactly("b");
  }

  @Test
  void aLostAnswerDoesAtOnceSoThatTheRetryLeavesByAnother() throws Exception {
    a.answer = LOST;
    assertThat(askedBy(failOver)).containsExactly("a");
    assertThat(askedBy(failOver)).containsExactly("b");
  }

  @Test
  void aFaultOfTheSettingsDoesAtOnce() throws Exception {
    a.answer = WRONG_KEY;
    assertThat(askedBy(failOver)).containsExactly("a", "b");
    assertThat(askedBy(failOver)).containsExactly("b");
  }

  @Test
  void afterItsRestAProviderIsAsGoodAsBefore() throws Exception {
    a.answer = LOST;
    send(failOver);
    clock.advance(Duration.ofMinutes(1));
    a.answer = SENT;

    assertThat(askedBy(failOver)).containsExactly("a");
    assertThat(askedBy(failOver)).containsExactly("a");
    a.answer = BUSY;
    assertThat(askedBy(failOver)).containsExactly("a", "b");
    assertThat(askedBy(failOver)).containsExactly("a", "b");
  }

  @Test
  void aRefusalShowsThatAProviderWorks() throws Exception {
    a.answer = BUSY;
    send(failOver);
    send(failOver);
    a.answer = REFUSED;
    send(failOver);
    a.answer = BUSY;
    send(failOver);

    assertThat(askedBy(failOver)).containsExactly("a", "b");
  }

  @Test
  void aProviderThatRestsIsAskedWhenNobodyElseTakesTheMessage() throws Exception {
    a.answer = LOST;
    send(failOver);
    a.answer = SENT;
    b.answer = BUSY;
    c.answer = BUSY;

    assertThat(askedBy(failOver)).containsExactly("b", "c", "a");
  }

  // --- Around it --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "WORKS, WORKS, WORKS",
    "WORKS, UNKNOWN, UNKNOWN",
    "UNKNOWN, UNREACHABLE, UNREACHABLE",
    "UNREACHABLE, REFUSED, REFUSED",
  })
  void theLineWorksIfAllProvidersDo(Verdict first, Verdict second, Verdict expected) {
    a.verification = new Verification(first, "one");
    b.verification = new Verification(second, "two");

    assertThat(failOver.verify()).isEqualTo(new Verification(expected, "one; two; works"));
  }

  @Test
  void aCallbackIsForTheProviderThatFindsItGenuine() {
    DeliveryUpdate update =
        DeliveryUpdate.of(Attempts.DELIVERY, DeliveryStatus.DELIVERED, "by b's word");
    a.refusal = InvalidCallbackException.malformed("not mine");
    b.updates = List.of(update);
    c.refusal = InvalidCallbackException.forged("forged");

    assertThat(failOver.receive(CallbackRequest.of("POST", "https://shop.example/")))
        .containsExactly(update);
  }

  @Test
  void theMostTellingRefusalOfACallbackIsTold() {
    a.refusal = InvalidCallbackException.malformed("not mine");
    b.refusal = InvalidCallbackException.forged("the signature is wrong");
    c.refusal = InvalidCallbackException.malformed("not mine");
    CallbackRequest request = CallbackRequest.of("POST", "https://shop.example/");

    assertThatThrownBy(() -> failOver.receive(request)).hasMessage("the signature is wrong");

    c.refusal = InvalidCallbackException.unverifiable("later");
    assertThatThrownBy(() -> failOver.receive(request)).hasMessage("later");
  }

  @Test
  void closingClosesAll() {
    failOver.close();

    assertThat(List.of(a.closed, b.closed, c.closed)).containsOnly(true);
  }

  @Test
  void theProvidersOfALineHaveOneId() {
    ChannelFactory email = EmailChannel.sendGrid("SG.key").from("a@b.example");
    ChannelFactory other = EmailChannel.sendGrid("SG.key").from("a@b.example").id("mail2");

    assertThat(EmailChannel.failOver(email, email).id()).isEqualTo(ChannelId.of("email"));
    assertThatThrownBy(() -> EmailChannel.roundRobin(email, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[email, mail2]");
  }
}
