package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Suppression;
import dev.notifier.Suppression.Source;
import dev.notifier.SuppressionImport;
import dev.notifier.SuppressionImport.Problem;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import dev.notifier.Suppressions;
import dev.notifier.UnknownChannelException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Suppressions of recipients and of all channels, and lists of them that are moved. */
@ExtendWith(QuietLog.class)
class SuppressionListTest {
  private final Stage stage = Stage.open();
  private final Suppressions suppressions = stage.notifier.suppressions();

  private static SuppressionTarget target(String text) {
    return SuppressionTarget.parse(text);
  }

  // --- Targets ----------------------------------------------------------------------------------

  @Test
  void aRecipientIsSuppressedOnEveryChannelAndForWhateverIsUrgent() {
    suppressions.add(target("#ada"), "left the company");

    Receipt receipt = stage.send(byEmailOrSms("alarm").priority(Priority.CRITICAL));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.delivery(receipt).reason())
        .isEqualTo("the recipient is suppressed: left the company");
  }

  @Test
  void aRecipientIsSuppressedOnOneChannel() {
    suppressions.add(SuppressionTarget.recipient("ada", "email"), "prefers SMS");

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.sms.calls()).hasSize(1);
  }

  @Test
  void anAddressIsSuppressedOnEveryChannel() {
    suppressions.add(SuppressionTarget.everywhere("Ada.L@EXAMPLE.com"), "gone");

    Receipt email = stage.send(Notification.to("email:Ada.L@example.com").text("hello"));
    Receipt pager = stage.send(Notification.to("pager:Ada.L@Example.COM").text("hello"));
    Receipt other = stage.send(Notification.to("email:ada.l@example.com").text("hello"));
    stage.run();

    assertThat(stage.status(email)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.status(pager)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(stage.status(other)).as("the case before @ matters").isEqualTo(DeliveryStatus.SENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "email:ada@example.com",
        "*:+4915112345678",
        "*:https://example.com/a#b",
        "pager:#general",
        "#user-42",
        "#a:b#c",
        "sms#user 42",
        "sms##42"
      })
  void aTargetIsItsText(String text) {
    SuppressionTarget target = target(text);
    assertThat(target.text()).isEqualTo(text);
    assertThat(target).isEqualTo(target(text)).hasSameHashCodeAs(target(text));
    assertThat(target).isNotEqualTo(target(text + "x"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "||; must be written as channel:address",
        "ada@example.com; must be written as channel:address",
        ":x; must be written as channel:address",
        "*:; it must not be empty",
        "#; recipient name must be 1 to 200",
        "sms#; recipient name must be 1 to 200",
        "Sms#ada; channel id must be a lower-case letter",
        "*#ada; channel id must be",
        "sms:0171; E.164",
        "email:nobody; local-part@domain",
      },
      delimiter = ';')
  void aTargetThatBreaksARuleIsRefused(String text, String rule) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> target(text))
        .withMessageContaining(rule);
  }

  // --- By hand ----------------------------------------------------------------------------------

  @Test
  void anEntryHasASourceAndTellsWhetherItIsNew() {
    assertThat(suppressions.add(target("sms#ada"), "by hand")).isTrue();
    assertThat(suppressions.add(target("sms#ada"), "again", Source.CALLBACK)).isFalse();

    assertThat(suppressions.find(target("sms#ada")))
        .hasValue(
            new Suppression(target("sms#ada"), "by hand", Source.MANUAL, StandingClock.START));
    assertThat(suppressions.remove(target("sms#ada"))).isTrue();
    assertThat(suppressions.list(SuppressionQuery.all()).items()).isEmpty();
  }

  @Test
  void anUnknownChannelAndABlankReasonAreRefused() {
    assertThatExceptionOfType(UnknownChannelException.class)
        .isThrownBy(() -> suppressions.add(target("fax:1"), "x"))
        .withMessageContaining("no channel 'fax'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> suppressions.add(target("email:ada@example.com"), " "))
        .withMessage("the reason to suppress email:a***@example.com must say why, but was blank");
    assertThat(suppressions.newest(10)).isEmpty();
    assertThat(suppressions.remove(target("fax:1"))).as("it may have been there").isFalse();
  }

  @Test
  void theNewestComeFromAsManyPagesAsItTakes() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      lines.append("pager:").append(i).append('\n');
    }
    suppressions.importLines(new StringReader(lines.toString()));

    assertThat(suppressions.newest(10_000)).hasSize(2500).doesNotHaveDuplicates();
    assertThat(suppressions.newest(2100)).hasSize(2100);
    assertThat(suppressions.newest(1)).hasSize(1);
  }

  // --- Importing --------------------------------------------------------------------------------

  private SuppressionImport imported(String lines) throws IOException {
    return suppressions.importLines(new StringReader(lines));
  }

  private List<Suppression> all() {
    return suppressions.newest(10_000);
  }

  @Test
  void aListIsImportedLineByLine() throws Exception {
    SuppressionImport result =
        imported(
            "\uFEFFtarget,reason,source,since\r\n"
                + "email:ada@example.com\r\n"
                + "\n"
                + "sms:+4915112345678, opted out ,callback,2024-05-01T12:00:00Z\r"
                + "\"#user, 42\",\"said \"\"no\"\", twice\"  , MANUAL\n"
                + "pager:1,,,");

    assertThat(result).isEqualTo(new SuppressionImport(4, 0, 0, List.of()));
    Instant now = StandingClock.START;
    assertThat(all())
        .containsExactlyInAnyOrder(
            new Suppression(target("email:ada@example.com"), "imported", Source.IMPORT, now),
            new Suppression(
                target("sms:+4915112345678"),
                "opted out",
                Source.CALLBACK,
                Instant.parse("2024-05-01T12:00:00Z")),
            new Suppression(target("#user, 42"), "said \"no\", twice", Source.MANUAL, now),
            new Suppression(target("pager:1"), "imported", Source.IMPORT, now));
  }

  @Test
  void aLineThatBreaksARuleIsSkippedAndNamed() throws Exception {
    SuppressionImport result =
        imported(
            String.join(
                "\n",
                "email:ada@example.com",
                "sms:0171",
                "fax:1",
                "nonsense",
                "pager:1,x,robot",
                "pager:2,x,MANUAL,yesterday",
                "pager:3,x,MANUAL,2999-01-01T00:00:00Z",
                "pager:4,a,b,c,d",
                "\"pager:5",
                "\"pager:6\"x",
                "pager:" + "7".repeat(10_000),
                "#",
                "pager:8"));

    assertThat(result.added()).isEqualTo(2);
    assertThat(result.refused()).isEqualTo(11);
    assertThat(result.problems()).extracting(Problem::line).startsWith(2L, 3L).endsWith(11L, 12L);
    assertThat(result.problems().toString())
        .contains("line 2: sms address \"0171\" is not valid: it must be in E.164 form")
        .contains("line 3: no channel 'fax'")
        .contains("line 4: what is suppressed must be written as")
        .contains(
            "line 5: source must be one of [MANUAL, IMPORT, CHANNEL, CALLBACK], but was \"robot\"")
        .contains(
            "line 6: since must be a time such as 2026-05-01T12:00:00Z, but was \"yesterday\"")
        .contains("line 7: since must be from 1970 until now")
        .contains("line 8: a line must have at most the fields")
        .contains("line 9: a field that begins with a quotation mark must end with one")
        .contains("line 10: what follows a field in quotation marks must be a comma")
        .contains("line 11: a line must have at most 8192 characters")
        .contains("line 12: recipient name must be");
    assertThat(all())
        .extracting(entry -> entry.target().text())
        .containsExactlyInAnyOrder("email:ada@example.com", "pager:8");
  }

  @Test
  void aRepeatDoesNoHarm() throws Exception {
    suppressions.add(target("pager:1"), "by hand");
    String lines = "pager:1,later\npager:2,first\npager:2,second\n";

    assertThat(imported(lines)).isEqualTo(new SuppressionImport(1, 2, 0, List.of()));
    assertThat(imported(lines)).isEqualTo(new SuppressionImport(0, 3, 0, List.of()));

    assertThat(all()).extracting(Suppression::reason).containsExactlyInAnyOrder("by hand", "first");
  }

  @Test
  void theProblemsOfAnEndlessListAreBounded() throws Exception {
    SuppressionImport result = imported("bad\n".repeat(20_000));

    assertThat(result.refused()).isEqualTo(20_000);
    assertThat(result.problems()).hasSize(1000);
  }

  @Test
  void aLineWithoutEndIsReadInBoundedMemory() throws Exception {
    long length = 512L * 1024 * 1024; // twice the memory that tests have
    Reader endless =
        new Reader() {
          private long given;

          @Override
          public int read(char[] buffer, int offset, int count) {
            if (given >= length) {
              return -1;
            }
            java.util.Arrays.fill(buffer, offset, offset + count, 'x');
            given += count;
            return count;
          }

          @Override
          public void close() {}
        };

    assertThat(suppressions.importLines(endless).problems())
        .singleElement()
        .hasToString("line 1: a line must have at most 8192 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n\r\n", "target", "target,reason,source,since\n", "\uFEFF"})
  void anEmptyListIsImportedAsNothing(String lines) throws Exception {
    assertThat(imported(lines)).isEqualTo(new SuppressionImport(0, 0, 0, List.of()));
  }

  // --- Exporting --------------------------------------------------------------------------------

  @Test
  void whatIsExportedCanBeImportedElsewhere() throws Exception {
    suppressions.add(target("email:ada@example.com"), "said \"no\",\r\ntwice");
    stage.clock.advance(Duration.ofMillis(1234));
    suppressions.add(target("#Ada, \"the\" first"), "x", Source.CHANNEL);
    for (int i = 0; i < 1500; i++) {
      suppressions.add(target("pager:" + i), "many", Source.IMPORT);
    }
    StringBuilder lines = new StringBuilder();

    assertThat(suppressions.exportLines(lines)).isEqualTo(1502);

    Stage other = Stage.open();
    other.clock.advance(Duration.ofDays(1));
    SuppressionImport result =
        other.notifier.suppressions().importLines(new StringReader(lines.toString()));
    assertThat(result).isEqualTo(new SuppressionImport(1502, 0, 0, List.of()));
    assertThat(other.notifier.suppressions().newest(10_000))
        .containsExactlyInAnyOrderElementsOf(all());
  }

  @Test
  void aProviderThatComplainsAndAChannelThatRefusesAreTheirSources() {
    stage.email.then(dev.notifier.DeliveryResult.suppressRecipient("550 no such user"));
    stage.send(byEmail("hello"));
    stage.run();

    assertThat(suppressions.list(SuppressionQuery.all().source(Source.CHANNEL)).items())
        .singleElement()
        .satisfies(found -> assertThat(found.reason()).isEqualTo("550 no such user"));
    assertThat(suppressions.list(SuppressionQuery.all().source(Source.CALLBACK)).items()).isEmpty();
  }
}
