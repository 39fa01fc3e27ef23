package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.TemplateQuery;
import dev.notifier.TemplateSummary;
import dev.notifier.TemplateVersion;
import dev.notifier.VariableType;
import dev.notifier.spi.TemplateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TemplateStore} must do, as tests. The author of a store extends this class:
 *
 * <pre>{@code
 * class FileTemplateStoreTest extends TemplateStoreContract {
 *   protected TemplateStore createStore() { return FileTemplateStore.open(folder); }
 *
 *   protected TemplateStore reopenStore() { return FileTemplateStore.open(folder); }
 * }
 * }</pre>
 *
 * <p>Only {@link #createStore} must be there. Without {@link #reopenStore} the test of durability
 * is skipped, and a warning is logged. Closing is left to the subclass.
 */
public abstract class TemplateStoreContract {
  private static final Instant MONDAY = Instant.parse("2026-01-05T09:00:00.123Z");
  private static final Instant TUESDAY = Instant.parse("2026-01-06T09:00:00.456Z");
  private static final int EDITORS = 8;
  private static final int ROUNDS = 20;

  private TemplateStore store;

  /** Creates the contract; a subclass is a test class and needs no constructor. */
  protected TemplateStoreContract() {}

  /** Makes the store under test; it holds nothing. Called before each test. */
  protected abstract TemplateStore createStore() throws Exception;

  /**
   * Opens the store again that was made last, as the next start of a process does. The default
   * skips the test of durability.
   */
  protected TemplateStore reopenStore() throws Exception {
    return Skipped.because("override reopenStore() if this store is durable");
  }

  @BeforeEach
  final void open() throws Exception {
    store = createStore();
  }

  // --- What the tests say -----------------------------------------------------------------------

  private static Template template(String name, String text) {
    return Template.named(name).sms(text).build();
  }

  /** A template that uses everything that its text form can say. */
  private static Template rich(String name) {
    return Template.named(name)
        .language(Locale.UK)
        .requires("order", VariableType.NUMBER)
        .optional("note", VariableType.TEXT, " 'quoted' \\ \n%_ Grüße 🎉 ")
        .email("Order {{order}}", "<p>{{note}}</p>\n=== no heading\n", "\n\n")
        .in(Locale.forLanguageTag("de-AT"))
        .telegram("*{{order}}*", TemplateFormat.MARKDOWN_V2)
        .webhook("{\"order\": {{order}}}")
        .build();
  }

  private static TemplateVersion version(Template template, int number, Instant at) {
    return new TemplateVersion(template, number, at);
  }

  private static TemplateSummary summary(
      String name, long revision, int latest, OptionalInt active, String... channels) {
    Set<ChannelId> ids = new HashSet<>();
    for (String channel : channels) {
      ids.add(ChannelId.of(channel));
    }
    return new TemplateSummary(
        name, revision, latest, active, ids, Set.of("footer", "frame"), MONDAY, TUESDAY);
  }

  private TemplateVersion add(String name, String... channels) {
    TemplateVersion version = version(template(name, "text of " + name), 1, MONDAY);
    boolean added =
        store.replace(summary(name, 1, 1, OptionalInt.of(1), channels), Optional.of(version));
    assertThat(added).isTrue();
    return version;
  }

  private static List<String> names(List<TemplateSummary> page) {
    return page.stream().map(TemplateSummary::name).toList();
  }

  // --- One template -----------------------------------------------------------------------------

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(store.find("nowhere")).isEmpty();
    assertThat(store.version("nowhere", 1)).isEmpty();
    assertThat(store.versions("nowhere", Integer.MAX_VALUE, 10)).isEmpty();
    assertThat(store.list(TemplateQuery.all())).isEmpty();
    assertThat(store.delete("nowhere", 1)).isFalse();
    assertThat(store.delete("nowhere", 0)).isFalse();
  }

  @Test
  void aTemplateIsFoundAsItWasWritten() {
    TemplateVersion version = version(rich("rich"), 1, MONDAY);
    TemplateSummary summary = summary("rich", 1, 1, OptionalInt.of(1), "email", "sms");
    assertThat(store.replace(summary, Optional.of(version))).isTrue();
    assertThat(store.find("rich")).contains(summary);
    assertThat(store.version("rich", 1)).contains(version);
    assertThat(store.version("rich", 2)).isEmpty();
    assertThat(store.version("rich", 0)).isEmpty();
  }

  @Test
  void aLongTextIsKeptWhole() {
    String text = "Grüße 🎉\n".repeat(50_000);
    TemplateVersion version = version(template("long", text), 1, MONDAY);
    store.replace(summary("long", 1, 1, OptionalInt.of(1), "sms"), Optional.of(version));
    assertThat(store.version("long", 1)).contains(version);
  }

  @Test
  void aTemplateThatIsNotActiveSaysSo() {
    TemplateSummary summary = summary("draft", 1, 1, OptionalInt.empty(), "sms");
    store.replace(summary, Optional.of(version(template("draft", "x"), 1, MONDAY)));
    assertThat(store.find("draft")).contains(summary);
  }

  @Test
  void namesDifferByEveryCharacter() {
    add("a.b", "sms");
    add("a-b", "sms");
    add("a_b", "sms");
    add("ab", "sms");
    assertThat(store.find("a.b").orElseThrow().name()).isEqualTo("a.b");
    assertThat(store.find("a%b")).isEmpty();
    assertThat(store.list(TemplateQuery.all())).hasSize(4);
    assertThat(names(store.list(TemplateQuery.all().nameContains("_")))).containsExactly("a_b");
    assertThat(names(store.list(TemplateQuery.all().nameContains("%")))).isEmpty();
  }

  // --- Changes ----------------------------------------------------------------------------------

  @Test
  void theFirstRevisionIsForATemplateThatIsNotThere() {
    TemplateVersion first = add("t", "sms");
    TemplateVersion other = version(template("t", "other"), 1, TUESDAY);
    boolean again =
        store.replace(summary("t", 1, 1, OptionalInt.of(1), "email"), Optional.of(other));
    assertThat(again).isFalse();
    assertThat(store.version("t", 1)).contains(first);
    assertThat(store.find("t").orElseThrow().channels()).containsExactly(ChannelId.of("sms"));
  }

  @Test
  void aChangeNeedsTheRevisionBeforeIt() {
    add("t", "sms");
    TemplateVersion second = version(template("t", "second"), 2, TUESDAY);
    for (long revision : new long[] {3, 1, 0, 9}) {
      boolean replaced =
          store.replace(summary("t", revision, 2, OptionalInt.of(2), "sms"), Optional.of(second));
      assertThat(replaced).as("revision " + revision).isFalse();
    }
    assertThat(store.version("t", 2)).isEmpty();
    assertThat(store.find("t").orElseThrow().revision()).isEqualTo(1);
    assertThat(store.replace(summary("t", 2, 2, OptionalInt.of(2), "sms"), Optional.of(second)))
        .isTrue();
    assertThat(store.version("t", 2)).contains(second);
  }

  @Test
  void aLaterRevisionIsNoTemplateByItself() {
    TemplateVersion version = version(template("t", "x"), 1, MONDAY);
    assertThat(store.replace(summary("t", 2, 1, OptionalInt.of(1), "sms"), Optional.of(version)))
        .isFalse();
    assertThat(store.find("t")).isEmpty();
    assertThat(store.version("t", 1)).isEmpty();
  }

  @Test
  void aChangeWithoutAVersionKeepsTheVersions() {
    TemplateVersion first = add("t", "sms");
    TemplateSummary inactive = summary("t", 2, 1, OptionalInt.empty(), "sms");
    assertThat(store.replace(inactive, Optional.empty())).isTrue();
    assertThat(store.find("t")).contains(inactive);
    assertThat(store.version("t", 1)).contains(first);
  }

  @Test
  void versionsComeNewestFirstInPages() {
    add("t", "sms");
    for (int number = 2; number <= 5; number++) {
      TemplateVersion version = version(template("t", "text " + number), number, TUESDAY);
      store.replace(
          summary("t", number, number, OptionalInt.of(number), "sms"), Optional.of(version));
    }
    add("u", "sms");
    assertThat(store.versions("t", Integer.MAX_VALUE, 2))
        .extracting(TemplateVersion::version)
        .containsExactly(5, 4);
    assertThat(store.versions("t", 4, 10))
        .extracting(TemplateVersion::version)
        .containsExactly(3, 2, 1);
    assertThat(store.versions("t", 1, 10)).isEmpty();
  }

  @Test
  void deletingRemovesEverythingIfTheRevisionIsRight() {
    add("t", "sms");
    add("u", "sms");
    assertThat(store.delete("t", 2)).isFalse();
    assertThat(store.find("t")).isPresent();
    assertThat(store.delete("t", 1)).isTrue();
    assertThat(store.find("t")).isEmpty();
    assertThat(store.version("t", 1)).isEmpty();
    assertThat(store.versions("t", 9, 9)).isEmpty();
    assertThat(store.find("u")).isPresent();
    assertThat(store.delete("t", 1)).isFalse();
    add("t", "sms");
  }

  @Test
  void ofManyEditorsOneWinsEachRevision() throws Exception {
    add("t", "sms");
    AtomicInteger won = new AtomicInteger();
    List<Thread> editors = new ArrayList<>();
    for (int editor = 0; editor < EDITORS; editor++) {
      String text = "by editor " + editor;
      editors.add(new Thread(() -> edit(text, won)));
    }
    editors.forEach(Thread::start);
    for (Thread editor : editors) {
      editor.join();
    }
    TemplateSummary last = store.find("t").orElseThrow();
    assertThat(last.revision()).isEqualTo(1 + won.get());
    assertThat(last.latestVersion()).isEqualTo(1 + won.get());
    assertThat(store.versions("t", Integer.MAX_VALUE, 1000)).hasSize(1 + won.get());
  }

  private void edit(String text, AtomicInteger won) {
    for (int round = 0; round < ROUNDS; round++) {
      TemplateSummary seen = store.find("t").orElseThrow();
      int number = seen.latestVersion() + 1;
      TemplateSummary next =
          summary("t", seen.revision() + 1, number, OptionalInt.of(number), "sms");
      if (store.replace(next, Optional.of(version(template("t", text), number, TUESDAY)))) {
        won.incrementAndGet();
      }
    }
  }

  // --- Lists ------------------------------------------------------------------------------------

  @Test
  void listsAreOrderedByNameAndPaged() {
    Set<String> all = new TreeSet<>();
    for (String name : List.of("b", "a1", "a-1", "a.1", "a_1", "z", "0", "a10", "a2")) {
      add(name, "sms");
      all.add(name);
    }
    List<String> seen = new ArrayList<>();
    List<TemplateSummary> page = store.list(TemplateQuery.all().limit(2));
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      seen.addAll(names(page));
      page = store.list(TemplateQuery.all().limit(2).after(seen.get(seen.size() - 1)));
    }
    assertThat(seen).containsExactlyElementsOf(all);
  }

  @Test
  void listsAreFilteredBeforeTheyAreCut() {
    for (int i = 0; i < 10; i++) {
      add("sms-" + i, "sms");
      add("mail-" + i, "email", "sms-gateway");
    }
    store.replace(summary("sms-3", 2, 1, OptionalInt.empty(), "sms"), Optional.empty());
    assertThat(store.list(TemplateQuery.all().channel("sms"))).hasSize(10);
    assertThat(store.list(TemplateQuery.all().channel("sms-gateway"))).hasSize(10);
    assertThat(store.list(TemplateQuery.all().channel("telegram"))).isEmpty();
    assertThat(names(store.list(TemplateQuery.all().active(false)))).containsExactly("sms-3");
    assertThat(store.list(TemplateQuery.all().active(true))).hasSize(19);
    assertThat(names(store.list(TemplateQuery.all().nameContains("MS-9"))))
        .containsExactly("sms-9");
    assertThat(
            names(
                store.list(
                    TemplateQuery.all()
                        .channel("sms")
                        .active(true)
                        .nameContains("s-")
                        .after("sms-1")
                        .limit(3))))
        .containsExactly("sms-2", "sms-4", "sms-5");
  }

  // --- Durability -------------------------------------------------------------------------------

  @Test
  void templatesSurviveARestart() throws Exception {
    TemplateVersion version = version(rich("rich"), 1, MONDAY);
    TemplateSummary summary = summary("rich", 1, 1, OptionalInt.of(1), "email", "sms");
    store.replace(summary, Optional.of(version));
    TemplateStore reopened = reopenStore();
    assertThat(reopened.find("rich")).contains(summary);
    assertThat(reopened.version("rich", 1)).contains(version);
  }
}
