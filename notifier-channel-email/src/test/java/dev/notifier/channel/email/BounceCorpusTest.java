package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.channel.email.BounceReport.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares with what Sisimai expects of its own hundred mails. */
class BounceCorpusTest {
  private static final Pattern MAIL =
      Pattern.compile("\"([\\w.-]+\\.eml)\": \\[(.*?)\\n  \\]", Pattern.DOTALL);
  private static final Pattern EXPECTED =
      Pattern.compile(
          "\"status\": \"(.*?)\",\\s*\"reply_code\": \"(.*?)\",\\s*\"reason\": \"(.*?)\",\\s*"
              + "\"hard_bounce\": (true|false)");

  private record Expected(String status, String code, String reason, boolean hard) {
    /** Sisimai's own codes, for mails without one, end with a 9 and two digits. */
    boolean hasStatus() {
      return !status.isEmpty() && !status.matches(".*\\.9\\d\\d");
    }
  }

  private static Map<String, List<Expected>> cases() throws IOException {
    String json = Files.readString(SharedData.file("email/dsn/sisimai/_expected.json"));
    Map<String, List<Expected>> cases = new TreeMap<>();
    Matcher mails = MAIL.matcher(json);
    while (mails.find()) {
      List<Expected> expected = new ArrayList<>();
      Matcher each = EXPECTED.matcher(mails.group(2));
      while (each.find()) {
        expected.add(
            new Expected(
                each.group(1), each.group(2), each.group(3), Boolean.parseBoolean(each.group(4))));
      }
      cases.put(mails.group(1), expected);
    }
    assertThat(cases).hasSize(100);
    return cases;
  }

  private static List<BounceReport> reports(String name) throws IOException {
    Path file = SharedData.file("email/dsn/sisimai/" + name);
    return BounceMails.reports(MailEntity.read(Files.readAllBytes(file)));
  }

  /** Where we differ, and why. */
  private static final Map<String, String> ON_PURPOSE =
      Map.ofEntries(
          Map.entry("lhost-amazonses-10.eml#0", "JSON of SNS, for which there is SNS by HTTP"),
          Map.entry("lhost-amazonses-12.eml#0", "JSON of SNS, for which there is SNS by HTTP"),
          Map.entry("lhost-sendmail-14.eml#0", "a bounce that a person forwarded, with quotes"),
          Map.entry("lhost-amazonses-20.eml#0", "a disabled mailbox (5.2.1) is suppressed"),
          Map.entry("lhost-sendmail-02.eml#1", "a disabled mailbox (5.2.1) is suppressed"),
          Map.entry("lhost-postfix-05.eml#0", "a 4.x.x is never suppressed"),
          Map.entry("lhost-opensmtpd-12.eml#0", "it is still being tried"),
          Map.entry("lhost-outlook-03.eml#0", "the domain may be out of reach for other reasons"),
          Map.entry("lhost-outlook-08.eml#0", "mailbox unavailable is said of policy too"),
          Map.entry("lhost-postfix-46.eml#0", "recipient address rejected is said of policy too"),
          Map.entry("lhost-postfix-03.eml#0", "unknown user, though said after the message"),
          Map.entry("lhost-postfix-07.eml#0", "unknown user, whatever command it answers"),
          Map.entry("rfc3464-35.eml#2", "unknown user, whatever command it answers"),
          Map.entry("rfc3464-42.eml#0", "the account does not exist"),
          Map.entry("rfc3464-01.eml#0", "the fields count, not what is said to people"),
          Map.entry("lhost-postfix-44.eml#0", "a status code amid the words is not looked for"));

  @Test
  void agreesWithSisimaiButForWhatIsOnPurpose() throws IOException {
    Map<String, String> differences = new TreeMap<>();
    int count = 0;
    for (Map.Entry<String, List<Expected>> entry : cases().entrySet()) {
      List<BounceReport> reports = reports(entry.getKey());
      assertThat(reports).as(entry.getKey()).hasSizeLessThanOrEqualTo(entry.getValue().size());
      for (int i = 0; i < entry.getValue().size(); i++, count++) {
        Expected expected = entry.getValue().get(i);
        String difference = i < reports.size() ? difference(expected, reports.get(i)) : "no report";
        if (!difference.isEmpty()) {
          differences.put(entry.getKey() + "#" + i, difference + " for " + expected);
        }
      }
    }
    System.err.printf(
        "Sisimai: %d of %d recipients judged alike (suppressed or not, status, reply code)%n",
        count - differences.size(), count);
    assertThat(differences).containsOnlyKeys(ON_PURPOSE.keySet());
  }

  private static String difference(Expected expected, BounceReport report) {
    List<String> faults = new ArrayList<>();
    if (expected.reason().equals("feedback")) {
      return report.action() == Action.COMPLAINT ? "" : "no complaint";
    }
    if (expected.hard() != report.isGone()) {
      faults.add(report.isGone() ? "suppresses" : "does not suppress");
    }
    if (expected.hasStatus() && !expected.status().equals(report.status())) {
      faults.add("status " + report.status());
    }
    if (!expected.code().equals(report.code() == 0 ? "" : "" + report.code())) {
      faults.add("code " + report.code());
    }
    return String.join(", ", faults);
  }
}
