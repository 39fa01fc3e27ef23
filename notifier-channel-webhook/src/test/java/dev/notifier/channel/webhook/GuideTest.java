package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Notifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GuideTest {
  private static final Path GUIDE = Path.of("../docs/WEBHOOK.md");
  private static final Path SAMPLES =
      Path.of("src/test/java/dev/notifier/channel/webhook/GuideSamples.java");
  private static final Pattern SHOWN =
      Pattern.compile("<!-- sample: (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMPILED =
      Pattern.compile("// sample: (\\w+)\n(.*?)// end", Pattern.DOTALL);

  @Test
  void theGuideShowsCodeThatCompiles() throws IOException {
    assertThat(blocks(SHOWN, GUIDE)).isEqualTo(blocks(COMPILED, SAMPLES)).hasSize(3);
    assertThat(Files.readString(GUIDE).split("```java", -1)).hasSize(4);
  }

  private static Map<String, String> blocks(Pattern pattern, Path file) throws IOException {
    Map<String, String> blocks = new HashMap<>();
    Matcher matcher = pattern.matcher(Files.readString(file));
    while (matcher.find()) {
      blocks.put(matcher.group(1), matcher.group(2).replaceAll("\\s+", ""));
    }
    return blocks;
  }

  /** A key that the guide does not name is one that nobody finds. */
  @Test
  void theGuideNamesEverySetting() throws IOException {
    String source =
        Files.readString(
            Path.of("src/main/java/dev/notifier/channel/webhook/WebhookChannelProvider.java"));
    String guide = Files.readString(GUIDE);
    Matcher keys = Pattern.compile("settings\\.\\w+\\(\"([a-z-]+)\"").matcher(source);
    int count = 0;
    while (keys.find()) {
      assertThat(guide).contains("`" + keys.group(1));
      count++;
    }
    assertThat(count).isGreaterThan(10);
  }

  @Test
  void theNotifierOfTheGuideStarts() {
    try (Notifier notifier = new GuideSamples().webhookOutcomes(WebhookChannel.unsigned())) {
      assertThat(notifier.health().channels().keySet()).extracting("value").contains("webhook");
    }
  }
}
