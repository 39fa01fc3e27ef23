package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.Preference.Choice;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.PreferenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PreferenceStore} must do, as tests. The author of a store that keeps
 * preferences extends this class beside {@link NotificationStoreContract}:
 *
 * <pre>{@code
 * class FilePreferenceStoreTest extends PreferenceStoreContract {
 *   @TempDir Path folder;
 *
 *   protected NotificationStore createStore() { return FileStore.open(folder); }
 * }
 * }</pre>
 *
 * <p>Only {@link #createStore} must be there. Without {@link #reopenStore} the test of durability
 * is skipped, and a warning is logged.
 */
public abstract class PreferenceStoreContract {
  private static final int THREADS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Instant NOON = Instant.parse("2030-05-01T12:00:00.123Z");
  private static final ChannelId ALPHA = ChannelId.of("alpha");
  private static final ChannelId BETA = ChannelId.of("beta");
  private static final Recipient ADA = Recipient.named("ada");
  private static final Recipient BOB = Recipient.named("bob");
  private static final String EVERY_CATEGORY = Preference.EVERY_CATEGORY;

  private NotificationStore store;
  private PreferenceStore preferences;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected PreferenceStoreContract() {}

  /**
   * Makes the store under test; it holds nothing. Called before each test, before the
   * {@code @BeforeEach} methods of the subclass; the contract closes the store afterwards.
   */
  protected abstract NotificationStore createStore() throws Exception;

  /**
   * Opens the store again that was made last and has just been closed in order, as the next start
   * of a process does. The default skips the test of durability.
   */
  protected NotificationStore reopenStore() throws Exception {
    return Skipped.because("override reopenStore() if this store is durable");
  }

  // --- What the tests stand on ------------------------------------------------------------------

  @BeforeEach
  final void openStore() throws Exception {
    store = createStore();
    preferences = preferencesOf(store);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private static PreferenceStore preferencesOf(NotificationStore store) {
    return store
        .preferences()
        .orElseThrow(() -> new AssertionError("preferences() is empty: this store keeps none"));
  }

  private Preference put(
      Recipient recipient, String category, Optional<ChannelId> channel, Choice choice) {
    Preference preference = new Preference(recipient, category, channel, choice, NOON);
    preferences.put(preference);
    return preference;
  }

  private Preference optOut(Recipient recipient, String category) {
    return put(recipient, category, Optional.empty(), Choice.OPT_OUT);
  }

  private Preference optOut(Recipient recipient, String category, ChannelId channel) {
    return put(recipient, category, Optional.of(channel), Choice.OPT_OUT);
  }

  private List<Preference> all(PreferenceQuery query) {
    List<Preference> all = new ArrayList<>();
    Page<Preference> page = preferences.list(query);
    all.addAll(page.items());
    while (page.next().isPresent()) {
      page = preferences.list(query.after(page.next().get()));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit());
      all.addAll(page.items());
    }
    return all;
  }

  // --- The tests --------------------------------------------------------------------------------

  @Nested
  @DisplayName("A preference")
  class Keeping {
    @Test
    @DisplayName("is found by its recipient, category and channel, and by no other")
    void keptWhole() {
      Preference onAlpha = put(ADA, "news", Optional.of(ALPHA), Choice.OPT_IN);

      assertThat(preferences.find(ADA, "news", Optional.of(ALPHA))).hasValue(onAlpha);
      assertThat(preferences.find(ADA, "news", Optional.of(BETA))).isEmpty();
      assertThat(preferences.find(ADA, "news", Optional.empty())).isEmpty();
      assertThat(preferences.find(ADA, "offers", Optional.of(ALPHA))).isEmpty();
      assertThat(preferences.find(ADA, EVERY_CATEGORY, Optional.of(ALPHA))).isEmpty();
      assertThat(preferences.find(BOB, "news", Optional.of(ALPHA))).isEmpty();
    }

    @Test
    @DisplayName("is of a name, whatever the addresses, or of an address without a name")
    void recipientIsKnownByItsKey() {
      Preference ofName = optOut(ADA.address("alpha", "1"), "news");
      Preference ofAddress = optOut(Recipient.of(Address.parse("alpha:ada")), "news");

      assertThat(preferences.find(ADA.address("beta", "2"), "news", Optional.empty()))
          .hasValue(ofName);
      assertThat(
              preferences.find(Recipient.of(Address.parse("alpha:ada")), "news", Optional.empty()))
          .hasValue(ofAddress);
      assertThat(
              preferences.find(Recipient.of(Address.parse("beta:ada")), "news", Optional.empty()))
          .isEmpty();
    }

    @Test
    @DisplayName("keeps the longest names, addresses and categories of whichever script")
    void longestIsKept() {
      Recipient name = Recipient.named("\u6f22".repeat(200));
      Recipient address = Recipient.of(new Address(ALPHA, "\u6f22".repeat(2048)));
      String category = "c".repeat(64);

      Preference ofName = optOut(name, category);
      Preference ofAddress = optOut(address, category);

      assertThat(preferences.covering(name, category, ALPHA)).containsExactly(ofName);
      assertThat(preferences.covering(address, category, ALPHA)).containsExactly(ofAddress);
    }

    @Test
    @DisplayName("gives way to what is said later about the same")
    void laterWordCounts() {
      optOut(ADA, "news", ALPHA);
      Preference later =
          new Preference(
              ADA, "news", Optional.of(ALPHA), Choice.OPT_IN, NOON.plus(Duration.ofHours(1)));
      preferences.put(later);

      assertThat(preferences.find(ADA, "news", Optional.of(ALPHA))).hasValue(later);
      assertThat(all(PreferenceQuery.all())).containsExactly(later);
    }

    @Test
    @DisplayName("is one, however many say it at once")
    void oneOfMany() throws Exception {
      Crowd.run(
          THREADS,
          PATIENCE,
          thread ->
              put(ADA, "news", Optional.empty(), thread % 2 == 0 ? Choice.OPT_IN : Choice.OPT_OUT));

      assertThat(all(PreferenceQuery.all())).hasSize(1);
    }

    @Test
    @DisplayName("can be forgotten once")
    void forgottenIsGone() {
      optOut(ADA, "news", ALPHA);
      Preference other = optOut(ADA, "news");

      assertThat(preferences.remove(ADA, "news", Optional.of(ALPHA))).isTrue();
      assertThat(preferences.remove(ADA, "news", Optional.of(ALPHA))).isFalse();
      assertThat(preferences.find(ADA, "news", Optional.of(ALPHA))).isEmpty();
      assertThat(preferences.covering(ADA, "news", ALPHA)).containsExactly(other);
    }
  }

  @Nested
  @DisplayName("For a message")
  class Covering {
    @Test
    @DisplayName("all preferences count that cover its category and channel, and no others")
    void allThatCover() {
      Preference exact = optOut(ADA, "news", ALPHA);
      Preference category = optOut(ADA, "news");
      Preference channel = optOut(ADA, EVERY_CATEGORY, ALPHA);
      Preference everything = optOut(ADA, EVERY_CATEGORY);
      optOut(ADA, "offers", ALPHA);
      optOut(ADA, "offers");
      Preference onBeta = optOut(ADA, "news", BETA);
      optOut(BOB, "news", ALPHA);

      assertThat(preferences.covering(ADA, "news", ALPHA))
          .containsExactlyInAnyOrder(exact, category, channel, everything);
      assertThat(preferences.covering(ADA, "news", BETA))
          .containsExactlyInAnyOrder(onBeta, category, everything);
      assertThat(preferences.covering(ADA, "jobs", BETA)).containsExactly(everything);
    }

    @Test
    @DisplayName("nothing counts if its recipient has said nothing")
    void silence() {
      assertThat(preferences.covering(ADA, "news", ALPHA)).isEmpty();
      optOut(BOB, EVERY_CATEGORY);
      assertThat(preferences.covering(ADA, "news", ALPHA)).isEmpty();
    }
  }

  @Nested
  @DisplayName("A list of preferences")
  class Listing {
    @Test
    @DisplayName("has all of them once, in pages of any size")
    void pagesHaveAll() {
      List<Preference> put = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        put.add(optOut(Recipient.named("user-" + i % 40), "category-" + i));
      }

      assertThat(all(PreferenceQuery.all().limit(1000))).containsExactlyInAnyOrderElementsOf(put);
      assertThat(all(PreferenceQuery.all().limit(7))).containsExactlyInAnyOrderElementsOf(put);
      assertThat(all(PreferenceQuery.all().limit(1000)))
          .isEqualTo(all(PreferenceQuery.all().limit(7)));
    }

    @Test
    @DisplayName("is of one recipient, or of one category")
    void listIsNarrowed() {
      Preference first = optOut(ADA, "news");
      Preference second = optOut(ADA, "offers", ALPHA);
      Preference third = optOut(BOB, "news");
      PreferenceQuery query = PreferenceQuery.all().limit(1);

      assertThat(all(query.recipient(ADA))).containsExactlyInAnyOrder(first, second);
      assertThat(all(query.recipient(ADA.address("alpha", "1")))).hasSize(2);
      assertThat(all(query.category("news"))).containsExactlyInAnyOrder(first, third);
      assertThat(all(query.recipient(BOB).category("offers"))).isEmpty();
      assertThat(all(query.recipient(Recipient.named("nobody")))).isEmpty();
    }

    @Test
    @DisplayName("goes on while others come and go")
    void pagesStandStill() {
      for (int i = 0; i < 50; i++) {
        optOut(Recipient.named("user-" + i), "news");
      }
      PreferenceQuery query = PreferenceQuery.all().limit(10);
      Page<Preference> page = preferences.list(query);
      List<Preference> listed = new ArrayList<>(page.items());
      preferences.erase(page.items().get(9).recipient());
      listed.addAll(all(query.after(page.next().orElseThrow())));

      assertThat(listed).doesNotHaveDuplicates().hasSize(50);
    }

    @Test
    @DisplayName("begins where a page ended, and nowhere else")
    void foreignCursorIsRefused() {
      optOut(ADA, "news");
      for (String cursor : List.of("", "x", "' OR 1=1", "1_2")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> preferences.list(PreferenceQuery.all().after(cursor)))
            .withMessageContaining("cursor");
      }
    }
  }

  @Nested
  @DisplayName("Erasing a recipient")
  class Erasing {
    @Test
    @DisplayName("leaves nothing of it, and all of others")
    void erasedIsGone() {
      optOut(ADA, "news");
      optOut(ADA, "offers", ALPHA);
      optOut(ADA, EVERY_CATEGORY);
      Preference other = optOut(BOB, "news");

      assertThat(preferences.erase(ADA.address("alpha", "1"))).isEqualTo(3);
      assertThat(preferences.erase(ADA)).isZero();

      assertThat(preferences.covering(ADA, "news", ALPHA)).isEmpty();
      assertThat(all(PreferenceQuery.all())).containsExactly(other);
    }

    @Test
    @DisplayName("lets it begin anew")
    void erasedBeginsAnew() {
      optOut(ADA, "news");
      preferences.erase(ADA);
      Preference anew = put(ADA, "news", Optional.of(ALPHA), Choice.OPT_IN);

      assertThat(preferences.covering(ADA, "news", ALPHA)).containsExactly(anew);
    }
  }

  @Test
  @DisplayName("After a restart of a durable store preferences stand")
  void preferencesStand() throws Exception {
    Preference optOut = optOut(ADA, "news", ALPHA);

    store.close();
    store = reopenStore();
    preferences = preferencesOf(store);

    assertThat(preferences.covering(ADA, "news", ALPHA)).containsExactly(optOut);
    assertThat(all(PreferenceQuery.all())).containsExactly(optOut);
  }
}
