package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ProviderSettings;
import dev.notifier.testkit.RecordingChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuideTest {
  private static final Path ROOT = Path.of("..");

  private static final Pattern SHOWN =
      Pattern.compile("(?:<!-- sample: (\\w+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMPILED =
      Pattern.compile("// sample: (\\w+)\n(.*?)// end", Pattern.DOTALL);

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> guides = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), guides.sorted())
          .filter(page -> page.toString().endsWith(".md"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyJavaBlockIsASampleThatCompiles(Path page) throws IOException {
    Map<String, String> samples = samples();
    Matcher shown = SHOWN.matcher(Files.readString(page));
    while (shown.find()) {
      assertThat(shown.group(1))
          .as("sample name before this block:\n" + shown.group(2))
          .isNotNull();
      assertThat(samples).containsKey(shown.group(1));
      assertThat(squeeze(shown.group(2))).isEqualTo(squeeze(samples.get(shown.group(1))));
    }
  }

  /** The samples of every module: a channel's guide may show code of that channel's own tests. */
  private static Map<String, String> samples() throws IOException {
    Map<String, String> samples = new HashMap<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path source : files.filter(GuideTest::holdsSamples).toList()) {
        Matcher compiled = COMPILED.matcher(Files.readString(source));
        while (compiled.find()) {
          assertThat(samples.put(compiled.group(1), compiled.group(2))).isNull();
        }
      }
    }
    return samples;
  }

  private static boolean holdsSamples(Path file) {
    return file.toString().contains("src/test/java") && file.toString().endsWith("Samples.java");
  }

  /** Guides show a nested class as one of its own, and break lines where they like. */
  private static String squeeze(String code) {
    return code.replace("static final class", "final class").replaceAll("\\s+", "");
  }

  @Test
  void theInterceptorAddsItsFooterAndTheRoutesGoTheirWays() throws Exception {
    GuideSamples samples = new GuideSamples();
    RecordingChannel email = new RecordingChannel();
    RecordingChannel pager = new RecordingChannel();
    try (Notifier notifier =
        Notifier.builder()
            .channel("email", email)
            .channel("pager", pager)
            .defaultPolicy(samples.channelPolicy())
            .interceptor(samples.interceptor())
            .build()) {
      for (Notification notification : samples.routes()) {
        Receipt receipt = notifier.send(notification);
        assertThat(receipt.await(Duration.ofSeconds(10)).map(Outcome::status))
            .contains(DeliveryStatus.SENT);
      }
    }
    assertThat(email.attempts()).hasSize(2);
    assertThat(pager.attempts()).hasSize(1);
    assertThat(pager.attempts().get(0).content().text().orElseThrow()).endsWith("Your shop");
  }

  @Test
  void theListenerHearsOfAFailure() throws Exception {
    GuideSamples samples = new GuideSamples();
    Channel refuses = attempt -> DeliveryResult.permanentFailure("no");
    try (Notifier notifier =
        Notifier.builder().channel("email", refuses).listener(samples.listener()).build()) {
      Notification notification =
          Notification.to("email:ada@example.com").text("hello").priority(Priority.LOW).build();
      notifier.send(notification).await(Duration.ofSeconds(10));
    }
    assertThat(samples.alarms).singleElement().asString().endsWith(": no");
  }

  @Test
  void propertiesMakeAnEmailChannel(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("notifier.properties");
    Matcher block =
        Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("docs/CONFIGURATION.md")));
    assertThat(block.find()).isTrue();
    Files.writeString(file, block.group(1));
    try (Notifier notifier = new GuideSamples().properties(file)) {
      assertThat(notifier.health().channels().keySet()).extracting("value").contains("email");
    }
  }

  @Test
  void thePagerChannelAnswersByTheCodeOfItsService() throws Exception {
    Map<Integer, DeliveryResult> expected =
        Map.of(
            200, DeliveryResult.accepted(),
            404, DeliveryResult.suppressRecipient("404: no such pager"),
            401, DeliveryResult.configurationFault("401: the key is refused"),
            503, DeliveryResult.transientFailure("the pager service says 503"),
            400, DeliveryResult.permanentFailure("the pager service says 400"));
    for (Map.Entry<Integer, DeliveryResult> entry : expected.entrySet()) {
      Channel channel = new PagerSamples.PagerChannel((number, text) -> entry.getKey());
      assertThat(channel.send(attempt())).isEqualTo(entry.getValue());
    }
    ProviderSettings settings =
        ProviderSettings.of("notifier.pager.", Map.of("url", "https://pager", "key", "secret"));
    Channel made = new PagerSamples.PagerChannelProvider().create(settings);
    assertThat(made.send(attempt())).isEqualTo(DeliveryResult.accepted());
  }

  private static DeliveryAttempt attempt() {
    Notification notification = Notification.to("pager:42").text("hello").build();
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(1, 2)), 0);
    List<List<dev.notifier.ChannelId>> legs = notification.route().legs();
    return DeliveryAttempt.of(id, notification, legs.get(0).get(0), 1);
  }
}
