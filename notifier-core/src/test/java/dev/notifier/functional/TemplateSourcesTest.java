package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Template;
import dev.notifier.TemplateException;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.internal.store.InMemoryTemplateStore;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.SteppedNotifier;
import dev.notifier.spi.TemplateStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateSourcesTest {
  private final StandingClock clock = new StandingClock();
  private final AtomicInteger reads = new AtomicInteger();
  private final TemplateStore shared = counting(new InMemoryTemplateStore());

  /** Counts the questions to a store, of whatever kind. */
  private TemplateStore counting(TemplateStore store) {
    return (TemplateStore)
        Proxy.newProxyInstance(
            TemplateStore.class.getClassLoader(),
            new Class<?>[] {TemplateStore.class},
            (proxy, method, arguments) -> {
              reads.incrementAndGet();
              return method.invoke(store, arguments);
            });
  }

  /** A notification store of this node, with the templates that all nodes share. */
  private NotificationStore storeOfNode() {
    NotificationStore memory =
        new InMemoryNotificationStore(
            new HistoryLimits(100, Duration.ofDays(1), Duration.ofDays(1)), clock);
    return (NotificationStore)
        Proxy.newProxyInstance(
            NotificationStore.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) ->
                method.getName().equals("templates")
                    ? Optional.of(shared)
                    : method.invoke(memory, arguments));
  }

  private NotifierBuilder node() {
    return Notifier.builder()
        .discovery(false)
        .clock(clock)
        .store(storeOfNode())
        .channel("sms", attempt -> DeliveryResult.accepted());
  }

  private static Template greeting(String text) {
    return Template.named("greeting").sms(text).build();
  }

  private static String text(Notifier notifier, String template) {
    Notification notification =
        Notification.to("sms:+4915112345678").template(template, Map.of("v", "x")).build();
    return notifier.preview(notification).get(0).content().text().orElseThrow();
  }

  @Test
  void anotherNodeSeesAChangeWithinFiveSeconds() {
    try (SteppedNotifier one = node().buildStepped();
        SteppedNotifier two = node().buildStepped()) {
      one.templates().save(greeting("old"));
      assertThat(text(two, "greeting")).isEqualTo("old");

      one.templates().save(greeting("new"));
      assertThat(text(one, "greeting")).isEqualTo("new");
      clock.advance(Duration.ofMillis(4_999));
      assertThat(text(two, "greeting")).isEqualTo("old");
      clock.advance(Duration.ofMillis(1));
      assertThat(text(two, "greeting")).isEqualTo("new");
    }
  }

  @Test
  void theStoreIsAskedOnceInFiveSecondsHoweverMuchIsSent() {
    try (SteppedNotifier node = node().buildStepped()) {
      node.templates().save(greeting("text"));
      text(node, "greeting");
      reads.set(0);
      for (int i = 0; i < 1000; i++) {
        text(node, "greeting");
      }
      assertThat(reads).hasValue(0);
      clock.advance(Duration.ofSeconds(6));
      text(node, "greeting");
      text(node, "greeting");
      assertThat(reads).hasValue(1); // the summary only: the version is in the cache
    }
  }

  @Test
  void aNameThatIsNotThereIsNotAskedForAgainAtOnce(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("local.template"), "=== sms.text\nlocal\n");
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      text(node, "local");
      reads.set(0);
      text(node, "local");
      assertThat(reads).hasValue(0);
    }
  }

  @Test
  void theStoreComesBeforeTheClassPathAndThatBeforeTheDirectory(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("test-greeting.template"), "=== sms.text\nfrom directory\n");
    Files.writeString(folder.resolve("only-here.template"), "=== sms.text\nfrom directory\n");
    try (SteppedNotifier node =
        node()
            .templatesOnClassPath("/test-templates/")
            .templatesInDirectory(folder)
            .buildStepped()) {
      assertThat(text(node, "only-here")).isEqualTo("from directory");
      assertThat(text(node, "test-greeting")).isEqualTo("from class path x");
      node.templates().save(Template.named("test-greeting").sms("from store").build());
      assertThat(text(node, "test-greeting")).isEqualTo("from store");
      node.templates().deactivate("test-greeting", 1);
      assertThatThrownBy(() -> text(node, "test-greeting")).hasMessageContaining("is not active");
      assertThat(node.templates().active("only-here").orElseThrow().version()).isZero();
    }
  }

  @Test
  void aChangedFileIsReadAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("local.template");
    Files.writeString(file, "requires v\r\n=== sms.text\r\none {{v}}\r\n");
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      assertThat(text(node, "local")).isEqualTo("one x");
      Files.writeString(file, "=== sms.text\ntwo\n");
      assertThat(text(node, "local")).isEqualTo("two");
      Files.delete(file);
      assertThatThrownBy(() -> text(node, "local")).hasMessageContaining("there is no template");
    }
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorThatNamesTheLine(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("local.template"), "requires v: colour\n=== sms.text\nx\n");
    Files.writeString(folder.resolve("empty.template"), "");
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      assertThatThrownBy(() -> text(node, "local"))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining("template local: line 1: unknown type \"colour\"");
      assertThatThrownBy(() -> text(node, "empty"))
          .hasMessageContaining("template empty says nothing");
    }
  }

  @Test
  void aFileIsInUtf8WithOrWithoutItsMark(@TempDir Path folder) throws IOException {
    String text = "# for Graz\r\n=== sms.text\r\nGrüße\r\n";
    Files.writeString(folder.resolve("local.template"), "\ufeff" + text);
    Files.writeString(folder.resolve("old.template"), text, StandardCharsets.ISO_8859_1);
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      assertThat(text(node, "local")).isEqualTo("Grüße");
      assertThatThrownBy(() -> text(node, "old"))
          .isInstanceOf(TemplateException.class)
          .hasMessage("template old: its file must be in UTF-8, but holds bytes that are not");
    }
  }

  @Test
  void aPartialComesFromTheSameSourceAndFromNowhereElse(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("page.template"), "=== sms.text\n{{> footer}}\n");
    Files.writeString(folder.resolve("footer.template"), "=== sms.text\nfooter of the directory\n");
    Files.writeString(folder.resolveSibling("outside.template"), "=== sms.text\nsecret\n");
    Files.writeString(folder.resolve("thief.template"), "=== sms.text\n{{> ../outside}}\n");
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      assertThat(text(node, "page")).isEqualTo("footer of the directory");
      assertThat(node.templates().validate(Template.named("stored").sms("{{> footer}}").build()))
          .singleElement()
          .asString()
          .contains("there is no active template \"footer\"");
      node.templates().save(Template.named("footer").sms("footer of the store").build());
      assertThat(text(node, "page")).isEqualTo("footer of the directory");
      assertThatThrownBy(() -> text(node, "thief"))
          .hasMessageContaining("there is no active template \"../outside\"");
    } finally {
      Files.delete(folder.resolveSibling("outside.template"));
    }
  }

  @Test
  void aVersionOfATemplateWithoutVersionsIsNotThere(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("local.template"), "=== sms.text\nx\n");
    try (SteppedNotifier node = node().templatesInDirectory(folder).buildStepped()) {
      Notification notification =
          Notification.to("sms:+4915112345678").template("local", 1, Map.of()).build();
      assertThatThrownBy(() -> node.preview(notification))
          .hasMessage("template local, version 1: there is no such version");
    }
  }
}
