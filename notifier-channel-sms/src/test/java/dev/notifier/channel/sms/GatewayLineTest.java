package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayLineTest {
  private static final SmsMessage MESSAGE = message(List.of());
  private static final DeliveryResult BUSY =
      DeliveryResult.transientFailure("busy", Duration.ofSeconds(7));
  private static final DeliveryResult MISCONFIGURED = DeliveryResult.configurationFault("no key");
  private static final DeliveryResult LOST = DeliveryResult.ambiguous("no answer");
  private static final DeliveryResult REFUSED = DeliveryResult.permanentFailure("no such number");
  private static final DeliveryResult OPTED_OUT = DeliveryResult.suppressRecipient("STOP");
  private static final DeliveryResult SENT = DeliveryResult.accepted("1");

  private final SettableClock clock = new SettableClock();
  private final List<String> calls = new ArrayList<>();
  private final Account a = new Account("a");
  private final Account b = new Account("b");
  private final Account c = new Account("c");

  private static SmsMessage message(List<String> media) {
    return new SmsMessage(
        Attempts.DELIVERY, Attempts.NUMBER, Optional.empty(), "Hi", media, Optional.empty());
  }

  /** An account that answers what it is told to, and knows callbacks by their URL. */
  private final class Account implements SmsGateway {
    private final String name;
    private DeliveryResult answer = SENT;
    private Verification verification = Verification.works("fine");
    private boolean takesMedia = true;
    private boolean closed;

    Account(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<String> obstacle(SmsMessage message) {
      return message.isMms() && !takesMedia ? Optional.of(name + ": no media") : Optional.empty();
    }

    @Override
    public DeliveryResult send(SmsMessage message) {
      calls.add(name);
      return answer;
    }

    @Override
    public Verification verify() {
      return verification;
    }

    @Override
    public boolean recognises(CallbackRequest request) {
      return request.url().contains(name);
    }

    @Override
    public List<DeliveryUpdate> receive(CallbackRequest request) {
      calls.add(name);
      if (request.url().endsWith("/" + name)) {
        return List.of();
      }
      throw InvalidCallbackException.forged("not signed by " + name);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private GatewayLine failover() {
    return new GatewayLine(List.of(a, b, c), false, clock);
  }

  private GatewayLine roundRobin() {
    return new GatewayLine(List.of(a, b, c), true, clock);
  }

  @Test
  void theFirstAccountIsEnoughWhileItWorks() {
    GatewayLine line = failover();
    line.send(MESSAGE);
    line.send(MESSAGE);

    assertThat(calls).containsExactly("a", "a");
  }

  @Test
  void whatWasCertainlyNotTakenGoesToTheNextAccountAtOnce() {
    a.answer = BUSY;
    b.answer = MISCONFIGURED;

    assertThat(failover().send(MESSAGE)).isEqualTo(SENT);
    assertThat(calls).containsExactly("a", "b", "c");
  }

  @Test
  void aLostAnswerGoesToNobodyElseWithinTheAttempt() {
    a.answer = LOST;

    assertThat(failover().send(MESSAGE)).isEqualTo(LOST);
    assertThat(calls).containsExactly("a");
  }

  @Test
  void theNextAttemptAfterALostAnswerBeginsWithAnotherAccount() {
    GatewayLine line = failover();
    a.answer = LOST;
    line.send(MESSAGE);

    assertThat(line.send(MESSAGE)).isEqualTo(SENT);
    assertThat(calls).containsExactly("a", "b");
  }

  @Test
  void aRefusalOfTheMessageIsFinal() {
    a.answer = REFUSED;
    assertThat(failover().send(MESSAGE)).isEqualTo(REFUSED);
    a.answer = OPTED_OUT;
    assertThat(failover().send(MESSAGE)).isEqualTo(OPTED_OUT);

    assertThat(calls).containsExactly("a", "a");
  }

  @Test
  void whenAllFailWhatPassesByItselfIsTold() {
    a.answer = MISCONFIGURED;
    b.answer = BUSY;
    c.answer = MISCONFIGURED;

    assertThat(failover().send(MESSAGE)).isEqualTo(BUSY);
  }

  @Test
  void whenAllAreSetUpWronglyTheChannelIs() {
    a.answer = MISCONFIGURED;
    b.answer = MISCONFIGURED;
    c.answer = MISCONFIGURED;

    assertThat(failover().send(MESSAGE)).isEqualTo(MISCONFIGURED);
    assertThat(calls).hasSize(3);
  }

  @Test
  void anAccountThatFailedStandsAtTheEndOfTheLineForAMinute() {
    GatewayLine line = failover();
    a.answer = BUSY;
    line.send(MESSAGE);
    calls.clear();
    a.answer = SENT;

    clock.advance(Duration.ofSeconds(59));
    line.send(MESSAGE);
    clock.advance(Duration.ofSeconds(1));
    line.send(MESSAGE);

    assertThat(calls).containsExactly("b", "a");
  }

  @Test
  void anAccountThatRefusesAMessageIsWell() {
    GatewayLine line = failover();
    a.answer = BUSY;
    b.answer = BUSY;
    c.answer = BUSY;
    line.send(MESSAGE);
    calls.clear();
    a.answer = REFUSED;

    line.send(MESSAGE);
    line.send(MESSAGE);

    assertThat(calls).containsExactly("a", "a");
  }

  @Test
  void accountsInTurnShareTheMessages() {
    GatewayLine line = roundRobin();
    for (int i = 0; i < 7; i++) {
      line.send(MESSAGE);
    }

    assertThat(calls).containsExactly("a", "b", "c", "a", "b", "c", "a");
  }

  @Test
  void accountsInTurnFailOverToTheNextOfTheTurn() {
    GatewayLine line = roundRobin();
    b.answer = BUSY;
    line.send(MESSAGE);
    line.send(MESSAGE);
    line.send(MESSAGE);
    line.send(MESSAGE);
    line.send(MESSAGE);

    assertThat(calls).containsExactly("a", "b", "c", "c", "a", "c");
  }

  @Test
  void aMessageSkipsTheAccountsThatCannotCarryIt() {
    a.takesMedia = false;
    GatewayLine line = failover();

    line.check(message(List.of("https://shop.example/1.png")));
    line.send(message(List.of("https://shop.example/1.png")));

    assertThat(calls).containsExactly("b");
  }

  @Test
  void aMessageThatNobodyCanCarryIsRefusedWithTheReason() {
    a.takesMedia = false;
    b.takesMedia = false;
    c.takesMedia = false;

    assertThatThrownBy(() -> failover().check(message(List.of("https://shop.example/1.png"))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("a: no media");
  }

  @Test
  void theChannelWorksIfEveryAccountDoes() {
    assertThat(failover().verify().verdict()).isEqualTo(Verdict.WORKS);
    b.verification = Verification.unreachable("gone");
    assertThat(failover().verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    c.verification = Verification.refused("bad key");
    assertThat(failover().verify()).isEqualTo(Verification.refused("fine; gone; bad key"));
  }

  @Test
  void aCallbackGoesToTheAccountThatSignedIt() {
    failover().receive(CallbackRequest.of("POST", "https://shop.example/abc/b"));

    assertThat(calls).containsExactly("a", "b");
  }

  @Test
  void aCallbackThatNobodySignedIsForged() {
    assertThatThrownBy(() -> failover().receive(CallbackRequest.of("POST", "https://x.y/zz")))
        .isInstanceOf(InvalidCallbackException.class)
        .hasMessageContaining("no signature");
    assertThatThrownBy(() -> failover().receive(CallbackRequest.of("POST", "https://z.y/ab/")))
        .isInstanceOf(InvalidCallbackException.class)
        .hasMessage("not signed by b");
  }

  @Test
  void closingClosesEveryAccount() {
    failover().close();

    assertThat(List.of(a.closed, b.closed, c.closed)).containsOnly(true);
  }
}
