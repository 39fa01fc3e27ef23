package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every channel must do, as tests. The author of a channel extends this class:
 *
 * <pre>{@code
 * class PagerChannelTest extends ChannelContract {
 *   private final FakePagerServer server = FakePagerServer.start();   // implements Provider
 *
 *   protected Channel createChannel() {
 *     return new PagerChannel(server.url(), "s3cret-token", Duration.ofSeconds(1));
 *   }
 *
 *   protected Notification notification() {
 *     return Notification.to("pager:4711-0815").text("The cellar is under water.").build();
 *   }
 *
 *   protected Set<String> secrets() { return Set.of("s3cret-token"); }
 *
 *   protected Provider provider() { return server; }
 * }
 * }</pre>
 *
 * <p>Only {@link #createChannel} must be there. What the tests cannot bring about without the other
 * methods is skipped, and a warning is logged that says which method to override. Give the channel
 * short time-outs: tests wait for them.
 */
public abstract class ChannelContract {
  private static final int THREADS = 8;
  private static final int SENDS_PER_THREAD = 25;

  /** Anything shorter may stand in a text by chance. */
  private static final int SHORTEST_TELLTALE = 6;

  private Channel channel;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected ChannelContract() {}

  /**
   * Makes the channel under test, with its provider behind it. Called before each test, before the
   * {@code @BeforeEach} methods of the subclass; the contract closes the channel afterwards.
   */
  protected abstract Channel createChannel() throws Exception;

  /**
   * Returns a notification that the channel can send, and that its provider accepts. The channel
   * under test is the first of its route. The address, the subject and each text must have at least
   * 6 characters, so that the tests can tell when they leak.
   *
   * <p>Defaults to a short text with a subject, for an address of a channel called {@code
   * contract}.
   */
  protected Notification notification() {
    return Notification.to("contract:recipient-5ab1@contract.example")
        .subject("Subject-of-the-contract-90cd")
        .text("Body-of-the-contract-17ef")
        .build();
  }

  /** Returns notifications that {@link Channel#check} must refuse. Defaults to none. */
  protected List<Notification> unsendableNotifications() {
    return List.of();
  }

  /** Returns the passwords, tokens and the like that the channel was given. Defaults to none. */
  protected Set<String> secrets() {
    return Set.of();
  }

  /** Returns how to control the provider behind the channel. Defaults to no control at all. */
  protected Provider provider() {
    return new Provider() {};
  }

  /**
   * Returns how long the tests wait for an answer: more than all time-outs of the channel under
   * test come to. Defaults to 10 seconds.
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /**
   * The provider behind the channel, as far as tests control it: usually a fake server. At the
   * start of a test it accepts everything; what is asked of it here holds until something else is.
   * A method that is not overridden skips the tests that need it.
   */
  public interface Provider {
    /** Accepts every message, as it does at the start of a test. */
    default void accept() {
      Skipped.because("override Provider.accept(): nothing tells the provider to accept again");
    }

    /** Refuses every message for good: no such address, not deliverable. */
    default void refuseForGood() {
      Skipped.because("override Provider.refuseForGood(): no message is refused for good");
    }

    /** Refuses every message for now, and does not say for how long. */
    default void refuseForNow() {
      Skipped.because("override Provider.refuseForNow(): no message is refused for now");
    }

    /** Refuses every message for now, and asks to wait this long, which is in whole seconds. */
    default void askToWait(Duration retryAfter) {
      Skipped.because("override Provider.askToWait(Duration): the provider never asks to wait");
    }

    /** Refuses the channel's credentials. */
    default void refuseCredentials() {
      Skipped.because("override Provider.refuseCredentials(): no credentials are refused");
    }

    /** Takes connections and closes them without an answer. */
    default void hangUp() {
      Skipped.because("override Provider.hangUp(): the provider never hangs up");
    }

    /** Takes connections and never answers. */
    default void stall() {
      Skipped.because("override Provider.stall(): the provider never stalls");
    }

    /**
     * Returns the delivery token of every message that the provider accepted, in order: that by
     * which a receiver recognises a repeat, such as the {@code Message-ID}.
     */
    default List<String> acceptedTokens() {
      return Skipped.because("override Provider.acceptedTokens(): nobody sees what arrives");
    }
  }

  // --- What the tests stand on ------------------------------------------------------------------

  @BeforeEach
  final void openChannel() throws Exception {
    channel = createChannel();
  }

  @AfterEach
  final void closeChannel() {
    channel.close();
  }

  private DeliveryAttempt attempt() {
    return attempt(newDelivery(), 1);
  }

  private DeliveryAttempt attempt(DeliveryId delivery, int number) {
    return attempt(delivery, notification(), number);
  }

  private static DeliveryAttempt attempt(
      DeliveryId delivery, Notification notification, int number) {
    ChannelId first = notification.route().legs().get(0).get(0);
    return DeliveryAttempt.of(delivery, notification, first, number);
  }

  private static DeliveryId newDelivery() {
    return new DeliveryId(new NotificationId(UUID.randomUUID()), 0);
  }

  private Answer send() throws InterruptedException {
    return send(attempt());
  }

  private Answer send(DeliveryAttempt attempt) throws InterruptedException {
    return PendingAnswer.start(channel, attempt).await(patience());
  }

  // --- The contract -----------------------------------------------------------------------------

  @Nested
  @DisplayName("When the provider accepts")
  class Accepting {
    @Test
    @DisplayName("the answer is Accepted")
    void acceptedIsAccepted() throws Exception {
      send().as(Accepted.class);
    }

    @Test
    @DisplayName("one attempt brings the provider one message")
    void oneAttemptIsOneMessage() throws Exception {
      send().as(Accepted.class);

      assertThat(provider().acceptedTokens()).hasSize(1);
    }

    @Test
    @DisplayName("a channel that was just checked can send")
    void whatIsCheckedCanBeSent() throws Exception {
      DeliveryAttempt attempt = attempt();

      channel.check(attempt);

      send(attempt).as(Accepted.class);
    }
  }

  @Nested
  @DisplayName("When the provider refuses")
  class Refusing {
    @Test
    @DisplayName("a refusal for good is Permanent, and nobody's configuration is to blame")
    void refusalForGoodIsPermanent() throws Exception {
      provider().refuseForGood();

      assertThat(send().as(Permanent.class).configurationFault()).isFalse();
    }

    @Test
    @DisplayName("a refusal for now is Transient")
    void refusalForNowIsTransient() throws Exception {
      provider().refuseForNow();

      send().as(Transient.class);
    }

    @Test
    @DisplayName("the time that the provider asks to wait is passed on")
    void retryAfterIsPassedOn() throws Exception {
      Duration wanted = Duration.ofSeconds(7);
      provider().askToWait(wanted);

      assertThat(send().as(Transient.class).retryAfter())
          .hasValueSatisfying(
              wait -> assertThat(wait).isBetween(wanted.minusSeconds(1), wanted.plusSeconds(1)));
    }

    @Test
    @DisplayName("refused credentials are a configuration fault")
    void refusedCredentialsAreConfigurationFault() throws Exception {
      provider().refuseCredentials();

      assertThat(send().as(Permanent.class).configurationFault()).isTrue();
    }

    @Test
    @DisplayName("the reason says something")
    void reasonSaysSomething() throws Exception {
      provider().refuseForGood();

      assertThat(send().as(Permanent.class).reason()).isNotBlank();
    }

    @Test
    @DisplayName("the next message can be accepted")
    void refusalIsForgotten() throws Exception {
      provider().refuseForNow();
      send().as(Transient.class);

      provider().accept();

      send().as(Accepted.class);
    }
  }

  @Nested
  @DisplayName("When the provider gives no answer")
  class Losing {
    @Test
    @DisplayName("hanging up is an IOException, Transient or Ambiguous")
    void hangingUpIsNoAnswer() throws Exception {
      provider().hangUp();

      send().assertUnanswered();
    }

    @Test
    @DisplayName("stalling ends by the channel's own time-out")
    void stallingEnds() throws Exception {
      provider().stall();

      send().assertUnanswered();
    }

    @Test
    @DisplayName("an interrupted worker comes home")
    void interruptedWorkerComesHome() throws Exception {
      provider().stall();

      PendingAnswer.start(channel, attempt()).interrupt().await(patience()).assertUnanswered();
    }

    @Test
    @DisplayName("the next message can be accepted")
    void lossIsForgotten() throws Exception {
      provider().hangUp();
      send().assertUnanswered();

      provider().accept();

      send().as(Accepted.class);
    }
  }

  @Nested
  @DisplayName("The address, the message and the secrets appear nowhere")
  class Discretion {
    @Test
    @DisplayName("when the provider accepts")
    void whenAccepted() throws Exception {
      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("when it refuses for good")
    void whenRefusedForGood() throws Exception {
      provider().refuseForGood();

      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("when it refuses for now")
    void whenRefusedForNow() throws Exception {
      provider().refuseForNow();

      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("when it refuses the credentials")
    void whenCredentialsAreRefused() throws Exception {
      provider().refuseCredentials();

      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("when it hangs up")
    void whenItHangsUp() throws Exception {
      provider().hangUp();

      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("when it stalls")
    void whenItStalls() throws Exception {
      provider().stall();

      assertDiscreet(send().everythingTold());
    }

    @Test
    @DisplayName("in the channel's own text form")
    void inToString() throws Exception {
      send();

      assertDiscreet(channel.toString());
    }

    private void assertDiscreet(String told) {
      assertNotTold("an address", attempt().address().value(), told);
      Content content = attempt().content();
      content.subject().ifPresent(subject -> assertNotTold("a subject", subject, told));
      content.text().ifPresent(text -> assertNotTold("a text", text, told));
      content.html().ifPresent(html -> assertNotTold("an HTML text", html, told));
      secrets().forEach(secret -> assertNotTold("a secret", secret, told));
    }

    private void assertNotTold(String what, String value, String told) {
      assertThat(value)
          .as(what + " of a contract test must be long enough to be recognised")
          .hasSizeGreaterThanOrEqualTo(SHORTEST_TELLTALE);
      assertThat(told).as(what + " must not be told").doesNotContain(value);
    }
  }

  @Nested
  @DisplayName("The delivery token")
  class Token {
    @Test
    @DisplayName("is the same over all attempts of a delivery")
    void staysTheSameOverRetries() throws Exception {
      DeliveryId delivery = newDelivery();

      send(attempt(delivery, 1)).as(Accepted.class);
      send(attempt(delivery, 2)).as(Accepted.class);

      List<String> tokens = provider().acceptedTokens();
      assertThat(tokens).hasSize(2).doesNotContain("");
      assertThat(tokens.get(1)).isEqualTo(tokens.get(0));
    }

    @Test
    @DisplayName("differs from one delivery to the next")
    void differsBetweenDeliveries() throws Exception {
      send().as(Accepted.class);
      send().as(Accepted.class);

      assertThat(provider().acceptedTokens()).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Nested
  @DisplayName("When many threads send at a time")
  class Crowded {
    @Test
    @DisplayName("every message is accepted")
    void everyMessageIsAccepted() throws Exception {
      assertThat(sendManyAtATime())
          .hasSize(THREADS * SENDS_PER_THREAD)
          .allSatisfy(result -> assertThat(result).isInstanceOf(Accepted.class));
    }

    @Test
    @DisplayName("every message reaches the provider exactly once")
    void everyMessageArrivesOnce() throws Exception {
      sendManyAtATime();

      assertThat(provider().acceptedTokens())
          .hasSize(THREADS * SENDS_PER_THREAD)
          .doesNotHaveDuplicates();
    }

    private List<DeliveryResult> sendManyAtATime() throws Exception {
      return Crowd.run(THREADS, patience().multipliedBy(SENDS_PER_THREAD), thread -> sendOneByOne())
          .stream()
          .flatMap(List::stream)
          .toList();
    }

    private List<DeliveryResult> sendOneByOne() throws Exception {
      List<DeliveryResult> results = new ArrayList<>();
      for (int i = 0; i < SENDS_PER_THREAD; i++) {
        results.add(channel.send(attempt()));
      }
      return results;
    }
  }

  @Nested
  @DisplayName("Before a notification is accepted")
  class Checking {
    @Test
    @DisplayName("what cannot be sent is refused with InvalidNotificationException")
    void unsendableIsRefused() {
      List<Notification> unsendable = unsendableNotifications();
      if (unsendable.isEmpty()) {
        Skipped.because("override unsendableNotifications(): there is nothing to refuse");
      }

      for (Notification notification : unsendable) {
        assertThatThrownBy(() -> channel.check(attempt(newDelivery(), notification, 1)))
            .as("check of %s", notification)
            .isInstanceOf(InvalidNotificationException.class);
      }
    }

    @Test
    @DisplayName("a check brings the provider no message")
    void checkSendsNothing() {
      channel.check(attempt());

      assertThat(provider().acceptedTokens()).isEmpty();
    }

    @Test
    @DisplayName("the channel has a policy")
    void policyIsThere() {
      assertThat(channel.policy(ChannelPolicy.defaults())).isNotNull();
    }
  }

  @Nested
  @DisplayName("Closing")
  class Closing {
    @Test
    @DisplayName("does no harm to a channel that never sent")
    void unusedChannelCloses() {
      channel.close(); // and once more after the test
    }

    @Test
    @DisplayName("does no harm a second time")
    void closesTwice() throws Exception {
      send();

      channel.close();
      channel.close();
    }

    @Test
    @DisplayName("leaves another channel of the same kind alone")
    void otherChannelStaysOpen() throws Exception {
      Channel other = createChannel();

      other.close();

      send().as(Accepted.class);
    }
  }
}
