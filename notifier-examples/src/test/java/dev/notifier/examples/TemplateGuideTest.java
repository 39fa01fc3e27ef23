package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPreview;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.VariableType;
import dev.notifier.channel.email.EmailChannel;
import dev.notifier.channel.sms.SmsChannel;
import dev.notifier.channel.telegram.TelegramChannel;
import dev.notifier.testkit.RecordingChannel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that docs/TEMPLATES.md shows, compiled and run. */
class TemplateGuideTest {
  private static final Path GUIDE = Path.of("../docs/TEMPLATES.md");
  private static final Pattern TAGS = Pattern.compile("```mustache\n(.*?)```", Pattern.DOTALL);
  private static final Pattern FILE = Pattern.compile("```template\n(.*?)```", Pattern.DOTALL);

  private final TemplateSamples samples = new TemplateSamples();
  private final RecordingChannel email = new RecordingChannel();
  private final Notifier notifier =
      Notifier.builder()
          .discovery(false)
          .channel("email", email)
          .channel("sms", new RecordingChannel())
          .build();

  @AfterEach
  void close() {
    notifier.close(Duration.ofSeconds(10));
  }

  static Stream<String> lines() throws IOException {
    return TAGS.matcher(Files.readString(GUIDE)).results().flatMap(block -> block.group(1).lines());
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyTagOfTheGuideRendersToWhatItSays(String line) {
    String[] sides = line.split(" *→ ", 2);
    Template.Builder template =
        Template.named("sample").part("email", TemplateFormat.TEXT, sides[0]);
    samples.data().keySet().forEach(template::requires);
    notifier.templates().save(template.build());
    Notification notification =
        Notification.to(Recipient.named("ada").email("ada@example.com"))
            .template("sample", samples.data())
            .locale(Locale.ENGLISH)
            .zone(ZoneId.of("Europe/Vienna"))
            .build();
    assertThat(notifier.preview(notification).get(0).content().text().orElseThrow().strip())
        .isEqualTo(sides[1]);
  }

  @Test
  void thereAreManyOfThem() throws IOException {
    assertThat(lines()).hasSizeGreaterThan(20);
  }

  @Test
  void theFileOfTheGuideIsATemplate() throws IOException {
    Matcher file = FILE.matcher(Files.readString(GUIDE));
    assertThat(file.find()).isTrue();
    Template template = Template.parse("order-shipped", file.group(1));
    notifier.templates().save(template);
    Map<String, ?> data = samples.data();
    List<ChannelPreview> english =
        notifier.templates().preview("order-shipped", Locale.GERMAN, data);
    assertThat(english.get(0).content().subject()).contains("2 items on the way");
    assertThat(english.get(0).content().text()).contains("* Pen\n* Ink\n\nThank you!");
    assertThat(english.get(1).content().text()).contains("2 Artikel unterwegs. Thank you!");
  }

  @Test
  void theSavedTemplateIsSentAndGetsVersions() {
    samples.save(notifier);
    Template changed =
        Template.named("order-shipped")
            .requires("order", VariableType.NUMBER)
            .sms("New {{order}}")
            .build();
    List<ChannelPreview> previews =
        samples.versions(notifier, changed, Map.of("order", 1, "total", new BigDecimal("1")));
    assertThat(previews.get(0).content().text()).contains("New 1");
    assertThat(notifier.templates().find("order-shipped").orElseThrow().activeVersion())
        .hasValue(2);
  }

  @Test
  void thePreviewOfATemplateShowsEncodingAndPartsAndNoProblemWithItsSpecimenAddresses() {
    try (Notifier real =
        Notifier.builder()
            .discovery(false)
            .channel(EmailChannel.smtp("127.0.0.1", 25).plaintext().from("shop@example.com"))
            .channel(
                SmsChannel.twilio(LoopbackProviders.ACCOUNT_SID, LoopbackProviders.AUTH_TOKEN)
                    .from("+14155550100"))
            .channel(TelegramChannel.bot(LoopbackProviders.BOT_TOKEN))
            .build()) {
      real.templates()
          .save(
              Template.named("sample")
                  .requires("name")
                  .email("Hello {{name}}", "Hello {{name}}")
                  .sms("Hello {{name}}")
                  .telegram("<b>{{name}}</b>", TemplateFormat.HTML)
                  .build());
      List<ChannelPreview> previews =
          real.templates().preview("sample", Locale.ENGLISH, Map.of("name", "ç".repeat(70)));
      assertThat(previews).extracting(ChannelPreview::problem).containsOnly(Optional.empty());
      assertThat(previews.get(1).notes()).first().asString().startsWith("2 parts, UCS-2");
    }
  }

  @Test
  void filesAreOffUntilSet() {
    try (Notifier withFiles = samples.files()) {
      assertThat(withFiles.templates().active("no-such-template")).isEmpty();
    }
  }
}
