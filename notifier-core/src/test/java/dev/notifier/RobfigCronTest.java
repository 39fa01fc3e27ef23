package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Agreement with the cases of robfig/cron, Go's usual cron library. Where we differ, this says how:
 * we run at the end of a gap what robfig leaves out, and once what robfig runs twice.
 */
class RobfigCronTest {
  private static final Pattern PAIR = Pattern.compile("\"(\\w+)\": (?:\"([^\"]*)\"|(true|false))");
  private static final Notification HELLO = Notification.to("pager:1").text("hello").build();

  /** Which answer is ours, by the case: {@code from | spec}. */
  private static final Map<String, String> DIFFERENT =
      Map.of(
          // The local time does not exist: we run at the end of the gap.
          "2012-03-11T00:00:00-0500 | TZ=America/New_York 0 30 2 11 Mar ?",
          "2012-03-11T03:00:00-0400",
          "2012-03-11T00:00:00-0500 | TZ=America/New_York 0 0 2 * * ?",
          "2012-03-11T03:00:00-0400",
          // The local time comes twice: we run the first time only.
          "2012-11-04T01:45:00-0400 | TZ=America/New_York 0 30 1 04 Nov ?",
          "2013-11-04T01:30:00-0500",
          "2012-11-04T01:00:00-0400 | TZ=America/New_York 0 0 * * * ?",
          "2012-11-04T02:00:00-0500",
          "2012-11-04T01:00:00-0400 | TZ=America/New_York 0 0 1 * * ?",
          "2012-11-05T01:00:00-0500",
          "TZ=America/New_York 2012-11-04T01:00:00-0400 | 0 0 * * * ?",
          "2012-11-04T02:00:00-0500",
          "TZ=America/New_York 2012-11-04T01:00:00-0400 | 0 0 1 * * ?",
          "2012-11-05T01:00:00-0500");

  private static String section(String name) throws IOException {
    String json = Files.readString(SharedData.file("cron/robfig-cron.json"));
    int start = json.indexOf("\"" + name + "\": [");
    return json.substring(start, json.indexOf("\n ]", start));
  }

  private static List<Map<String, String>> cases(String section) throws IOException {
    List<Map<String, String>> cases = new ArrayList<>();
    for (String object : section(section).split("\\}", -1)) {
      Map<String, String> fields = new java.util.HashMap<>();
      Matcher pair = PAIR.matcher(object);
      while (pair.find()) {
        fields.put(pair.group(1), pair.group(2) != null ? pair.group(2) : pair.group(3));
      }
      if (!fields.isEmpty()) {
        cases.add(fields);
      }
    }
    return cases;
  }

  @Test
  void activationAgrees() throws IOException {
    List<Map<String, String>> cases = cases("activation");
    assertThat(cases).hasSizeGreaterThan(25);
    for (Map<String, String> each : cases) {
      LocalDateTime time = goTime(each.get("time"));
      boolean matches =
          CronExpression.parse(each.get("spec")).atOrAfter(time).orElseThrow().equals(time);
      assertThat(matches).as(each.toString()).isEqualTo(Boolean.parseBoolean(each.get("matches")));
    }
  }

  @Test
  void nextAgreesButForClockChanges() throws IOException {
    List<Map<String, String>> cases = cases("next");
    assertThat(cases).hasSizeGreaterThan(55);
    int different = 0;
    for (Map<String, String> each : cases) {
      if (each.get("next").isEmpty()) {
        assertThatThrownBy(() -> CronExpression.parse(each.get("spec")))
            .hasMessageContaining("never fires");
        continue;
      }
      String ours = DIFFERENT.get(each.get("from") + " | " + each.get("spec"));
      different += ours == null ? 0 : 1;
      assertThat(next(each)).as(each.toString()).isEqualTo(ours == null ? each.get("next") : ours);
    }
    assertThat(different).isEqualTo(DIFFERENT.size());
  }

  @Test
  void invalidIsRefused() throws IOException {
    Matcher spec = Pattern.compile("\"([^\"]+)\"[,\n]").matcher(section("invalid") + "\n");
    int count = 0;
    while (spec.find()) {
      count++;
      assertThatThrownBy(() -> CronExpression.parse(spec.group(1)))
          .isInstanceOf(InvalidScheduleException.class);
    }
    assertThat(count).isEqualTo(4);
  }

  /** Returns our answer, written as the case writes its own. */
  private static String next(Map<String, String> each) {
    String[] from = withoutZone(each.get("from"));
    String[] spec = withoutZone(each.get("spec"));
    if (!from[1].startsWith("20")) {
      LocalDateTime next =
          CronExpression.parse(spec[1]).atOrAfter(goTime(from[1]).plusSeconds(1)).orElseThrow();
      return next.equals(goTime(each.get("next"))) ? each.get("next") : next.toString();
    }
    OffsetDateTime start = OffsetDateTime.parse(from[1], ISO);
    String zone = spec[0].isEmpty() ? from[0] : spec[0];
    ZoneId cronZone = zone.isEmpty() ? start.getOffset() : ZoneId.of(zone);
    Instant next =
        Schedule.cron(spec[1], cronZone).sending(HELLO).nextAfter(start.toInstant()).orElseThrow();
    OffsetDateTime theirs = OffsetDateTime.parse(each.get("next"), ISO);
    return theirs.toInstant().equals(next) ? each.get("next") : ISO.format(next.atZone(cronZone));
  }

  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx", Locale.ROOT);

  private static String[] withoutZone(String text) {
    Matcher zoned = Pattern.compile("(?:CRON_)?TZ=(\\S+) (.*)").matcher(text);
    return zoned.matches()
        ? new String[] {zoned.group(1), zoned.group(2)}
        : new String[] {"", text};
  }

  /** The day of the week is left out: some cases name a wrong one, which Go does not mind. */
  private static LocalDateTime goTime(String text) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("MMM d HH:mm[:ss] yyyy", Locale.ENGLISH);
    return LocalDateTime.parse(text.substring(4), format);
  }
}
