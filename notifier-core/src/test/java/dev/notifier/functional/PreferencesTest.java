package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notifier.Address;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.Preference.Choice;
import dev.notifier.PreferenceQuery;
import dev.notifier.Preferences;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.UnknownChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What recipients want to hear of. */
@ExtendWith(QuietLog.class)
class PreferencesTest {
  private static final Recipient ADA = Recipient.named("ada");
  private static final String ALL = Preference.EVERY_CATEGORY;

  private final Stage stage = Stage.open();
  private final Preferences preferences = stage.notifier.preferences();

  private DeliveryStatus sent(Notification.Builder notification) {
    Receipt receipt = stage.send(notification);
    stage.run();
    return stage.status(receipt);
  }

  // --- Opting out -------------------------------------------------------------------------------

  @Test
  void whatTheRecipientOptedOutOfIsNotSent() {
    preferences.optOut(ADA, "news");

    Receipt receipt = stage.send(byEmailOrSms("hello").category("news"));
    stage.run();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.sms.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.delivery(receipt).reason())
        .isEqualTo("the recipient has opted out of category news");
    assertThat(stage.count("sms", Event.SUPPRESSED)).isEqualTo(1);
    assertThat(stage.notifier.deadLetters().newest(10)).as("not a failure").isEmpty();
  }

  @Test
  void theNextChannelTakesOver() {
    preferences.optOut(ADA, "news", "email");

    assertThat(sent(byEmailOrSms("hello").category("news"))).isEqualTo(DeliveryStatus.SENT);

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.sms.calls()).hasSize(1);
  }

  @Test
  void theReasonNamesCategoryAndChannel() {
    preferences.optOut(ADA, "news", "email");

    Receipt receipt = stage.send(byEmail("hello").category("news"));
    stage.run();

    assertThat(stage.delivery(receipt).reason())
        .isEqualTo("the recipient has opted out of category news on email");
  }

  @Test
  void otherCategoriesAndNoneAndOtherRecipientsAreSent() {
    preferences.optOut(ADA, "news");

    assertThat(sent(byEmail("hello").category("offers"))).isEqualTo(DeliveryStatus.SENT);
    assertThat(sent(byEmail("hello"))).isEqualTo(DeliveryStatus.SENT);
    assertThat(
            sent(
                Notification.to(Recipient.named("bob").email("bob@example.com"))
                    .text("hello")
                    .category("news")))
        .isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anOptOutAfterAcceptanceCounts() {
    stage.email.then(Stage.BUSY);
    Receipt receipt = stage.send(byEmail("hello").category("news"));
    stage.run();

    preferences.optOut(ADA, "news");
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void whatIsTransactionalOrCriticalIsSentAllTheSame() {
    preferences.optOut(ADA, ALL);

    assertThat(sent(byEmail("receipt").category("orders").transactional()))
        .isEqualTo(DeliveryStatus.SENT);
    assertThat(sent(byEmail("alarm").category("orders").priority(Priority.CRITICAL)))
        .isEqualTo(DeliveryStatus.SENT);
    assertThat(sent(byEmail("offer").category("orders").priority(Priority.HIGH)))
        .isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aSuppressedAddressStaysSoForWhatIsTransactional() {
    stage.notifier.suppressions().add(Address.parse("email:ada.lovelace@example.com"), "gone");

    assertThat(sent(byEmail("receipt").category("orders").transactional()))
        .isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aRecipientWithoutNameIsKnownByItsAddress() {
    Recipient bob = Recipient.of(Address.parse("email:bob@example.com"));
    preferences.optOut(bob, "news");

    assertThat(sent(Notification.to(bob).text("hello").category("news")))
        .isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  // --- What counts ------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    // said, one after the other; may news be sent by email, by sms?
    "'', true, true",
    "out news, false, false",
    "out news email, false, true",
    "out * email, false, true",
    "out *, false, false",
    "in news, true, true",
    "out news + in news, true, true",
    "in news + out news, false, false",
    "in news email + out *, false, false",
    "out * + in news, true, true",
    "out * + in news email, true, false",
    "out * + in *, true, true",
    "out * + in offers, false, false",
    "out news sms + in news, true, false",
    "out news sms + in *, true, false",
    "out news sms + in news sms, true, true",
    "out * sms + in news, true, false",
    "out * sms + in news sms, true, true",
    "out * + in * email + out news email, false, false",
    "out news + in news email + out *, false, false",
  })
  void anOptOutHoldsUntilThatOrAPartOfItIsOptedIntoLater(
      String said, boolean byEmail, boolean bySms) {
    say(preferences, said);

    assertThat(preferences.allows(ADA, "news", "email")).as("email").isEqualTo(byEmail);
    assertThat(preferences.allows(ADA, "news", "sms")).as("sms").isEqualTo(bySms);
  }

  private static void say(Preferences preferences, String said) {
    for (String one : said.isEmpty() ? new String[0] : said.split(" \\+ ", -1)) {
      String[] words = one.split(" ", -1);
      boolean everywhere = words.length == 2;
      if (words[0].equals("out") && everywhere) {
        preferences.optOut(ADA, words[1]);
      } else if (words[0].equals("out")) {
        preferences.optOut(ADA, words[1], words[2]);
      } else if (everywhere) {
        preferences.optIn(ADA, words[1]);
      } else {
        preferences.optIn(ADA, words[1], words[2]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, false",
    "in news, true, true",
    "in news email, true, false",
    "in *, true, true",
    "in * sms, false, true",
    "in news + out news sms, true, false",
    "in news + out *, false, false",
    "out news + in news, true, true",
    "in offers, false, false",
  })
  void aCategoryThatRequiresAnOptInIsSentToWhoOptedIn(String said, boolean byEmail, boolean bySms) {
    Preferences strict = Stage.open(builder -> builder.requireOptIn("news")).notifier.preferences();

    say(strict, said);

    assertThat(strict.allows(ADA, "news", "email")).as("email").isEqualTo(byEmail);
    assertThat(strict.allows(ADA, "news", "sms")).as("sms").isEqualTo(bySms);
    assertThat(strict.allows(ADA, "jobs", "email"))
        .as("another category")
        .isEqualTo(!said.contains("out *"));
  }

  @Test
  void theReasonTellsThatAnOptInIsMissing() {
    Stage strict = Stage.open(builder -> builder.requireOptIn("news", "offers"));

    Receipt receipt = strict.send(byEmail("hello").category("news"));
    strict.run();

    assertThat(strict.delivery(receipt).reason())
        .isEqualTo("the recipient has not opted in to category news");
  }

  // --- Looking and forgetting -------------------------------------------------------------------

  @Test
  void whatWasSaidIsFoundListedAndForgotten() {
    preferences.optOut(ADA.email("ada@example.com"), "news", "email");
    preferences.optIn(ADA, "offers");

    assertThat(preferences.find(ADA, "news", "email"))
        .hasValueSatisfying(
            found -> {
              assertThat(found.recipient()).isEqualTo(ADA);
              assertThat(found.choice()).isEqualTo(Choice.OPT_OUT);
              assertThat(found.since()).isEqualTo(StandingClock.START);
            });
    assertThat(preferences.find(ADA, "news")).isEmpty();
    Page<Preference> page = preferences.list(PreferenceQuery.all().recipient(ADA));
    assertThat(page.items()).extracting(Preference::category).containsExactly("news", "offers");
    assertThat(preferences.forget(ADA, "news")).isFalse();
    assertThat(preferences.forget(ADA, "news", "email")).isTrue();
    assertThat(preferences.forget(ADA, "offers")).isTrue();
    assertThat(preferences.list(PreferenceQuery.all()).items()).isEmpty();
  }

  @Test
  void anErasedRecipientIsAsIfItHadNeverSaidAnything() {
    preferences.optOut(ADA, "news");
    preferences.optOut(ADA, ALL, "sms");

    assertThat(preferences.erase(ADA)).isEqualTo(2);

    assertThat(preferences.list(PreferenceQuery.all()).items()).isEmpty();
    assertThat(sent(byEmail("hello").category("news"))).isEqualTo(DeliveryStatus.SENT);
  }

  // --- Bad input --------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "News", "a b", "a*", "**", "-a", "a/b", "ä", "a\nb", "'; DROP TABLE x"})
  void aCategoryWithOddCharactersIsRefused(String category) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> byEmail("hello").category(category))
        .withMessageContaining("category must be 1 to 64 lower-case letters");
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> preferences.optOut(ADA, category))
        .withMessageContaining("category must be");
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Notifier.builder().requireOptIn("news", category))
        .withMessageContaining("category must be");
    assertThat(preferences.list(PreferenceQuery.all()).items()).isEmpty();
  }

  @Test
  void aNotificationIsOfOneCategoryNotOfAll() {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> byEmail("hello").category(ALL))
        .withMessageContaining("\"*\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "news", "order-shipped", "a.b_c-1", "0"})
  void aCategoryMayBeAnyShortWord(String category) {
    assertThat(byEmail("hello").category(category).build().category()).hasValue(category);
  }

  @Test
  void anUnknownChannelIsRefused() {
    assertThatExceptionOfType(UnknownChannelException.class)
        .isThrownBy(() -> preferences.optOut(ADA, "news", "fax"))
        .withMessageContaining("no channel 'fax'");
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> preferences.optOut(ADA, "news", "Fax machine"))
        .withMessageContaining("Fax machine");
    assertThat(preferences.forget(ADA, "news", "fax")).as("it may have been there").isFalse();
  }
}
