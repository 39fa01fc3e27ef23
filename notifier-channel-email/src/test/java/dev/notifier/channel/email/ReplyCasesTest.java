package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with the test cases of postalsys' bounce classifier. */
class ReplyCasesTest {
  private static final Pattern TIMING =
      Pattern.compile("\"text\": \"([^\"]*)\",\\s*\"seconds\": (null|\\d+)");
  private static final Pattern CODES =
      Pattern.compile(
          "\"text\": \"([^\"]*)\",\\s*\"main\": (null|\"[^\"]*\"),\\s*\"enhanced\": (null|\"[^\"]*\")");

  private static String json() throws IOException {
    return Files.readString(SharedData.file("smtp/bounce-classifier-cases.json"));
  }

  @Test
  void everyTimeToComeBackIsRead() throws IOException {
    Matcher cases = TIMING.matcher(json());
    int count = 0;
    for (; cases.find(); count++) {
      Optional<Duration> expected =
          cases.group(2).equals("null")
              ? Optional.empty()
              : Optional.of(Duration.ofSeconds(Long.parseLong(cases.group(2))));
      assertThat(RetryHint.in(cases.group(1))).as(cases.group(1)).isEqualTo(expected);
    }
    assertThat(count).isEqualTo(9);
  }

  @Test
  void everyCodeIsRead() throws IOException {
    Matcher cases = CODES.matcher(json());
    int count = 0;
    for (; cases.find(); count++) {
      SmtpReply reply = SmtpReply.quotedIn(cases.group(1));
      String main = cases.group(2).replace("\"", "");
      if (main.equals("null")) {
        assertThat(reply).as(cases.group(1)).isNull();
      } else {
        if (!main.equals("?")) { // which stands for any
          assertThat(reply.code()).as(cases.group(1)).isEqualTo(Integer.parseInt(main));
        }
        assertThat(reply.status())
            .as(cases.group(1))
            .isEqualTo(cases.group(3).replace("null", "").replace("\"", ""));
      }
    }
    assertThat(count).isEqualTo(6);
  }

  @Test
  void theOneClassIsReadAsANoForGood() throws IOException {
    String text = "551 User not local; please try forwarding";
    assertThat(json()).contains('"' + text + "\",\n   \"label\": \"invalid_address\"");
    SmtpReply reply = SmtpReply.parse(551, text);
    assertThat(
            SmtpReplyClassifierTest.kindOf(
                SmtpReplyClassifier.classify(SmtpStage.RCPT, reply, new MessagingException(text))))
        .isEqualTo("permanent");
  }

  /** Where postalsys would remove the address, or would not; each with our reason. */
  private static final Map<String, String> ON_PURPOSE =
      Map.of(
          "5.4.1", "no answer from the host; only Microsoft says it of recipients, in its words",
          "5.5.0", "a protocol error, of unknown kind",
          "5.5.1", "a protocol error, of ours",
          "5.5.2", "a protocol error, of ours",
          "5.2.0", "something about the mailbox, of unknown kind",
          "5.4.4", "host unknown: a hard bounce to Sisimai");

  @Test
  void suppressesWhatOthersRemoveButForWhatIsOnPurpose() throws IOException {
    String table = Files.readString(SharedData.file("smtp/reply-and-status-codes.json"));
    Matcher rows =
        Pattern.compile("\"(5\\.\\d+\\.\\d+)\": ?\\{[^}]*?\"postalsys_action\": ?\"(\\w+)\"")
            .matcher(table);
    Map<String, String> differences = new TreeMap<>();
    int count = 0;
    for (; rows.find(); count++) {
      boolean removed = rows.group(2).equals("remove");
      boolean gone = ReplyMeaning.of(550, rows.group(1), "") == ReplyMeaning.GONE;
      if (removed != gone) {
        differences.put(rows.group(1), rows.group(2));
      }
    }
    System.err.printf(
        "postalsys: %d of %d status codes suppressed or not alike%n",
        count - differences.size(), count);
    assertThat(differences).containsOnlyKeys(ON_PURPOSE.keySet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Greylisted, please come back       | PT5M",
        "greylisted for 300 seconds         | PT5M",
        "Grey-listing in effect             | PT5M",
        "try again in 90 s                  | PT1M30S",
        "Try again in 3 days                |",
        "retry in 999999 hours              | PT24H",
        "wait 5 messages                    |",
        "4.7.1 try again later              |",
      })
  void wordsSayWhenToComeBack(String text, Duration expected) {
    assertThat(RetryHint.in(text)).isEqualTo(Optional.ofNullable(expected));
  }

  @Test
  void aTemporaryRefusalCarriesTheTime() {
    SmtpReply reply = SmtpReply.parse(450, "450 4.7.1 Greylisted, try again in 10 minutes");
    assertThat(SmtpReplyClassifier.classify(SmtpStage.RCPT, reply, new MessagingException()))
        .isEqualTo(
            dev.notifier.DeliveryResult.transientFailure(
                "RCPT TO was answered with 450 4.7.1 Greylisted, try again in 10 minutes",
                Duration.ofMinutes(10)));
  }
}
