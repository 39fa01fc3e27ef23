package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "550 User unknown                         | ''     | User unknown",
        "550 5.1.1 User unknown                   | 5.1.1  | 5.1.1 User unknown",
        "550-5.1.1 User unknown                   | 5.1.1  | 5.1.1 User unknown",
        "550-5.1.1 The account\\n550 5.1.1 is gone | 5.1.1  | 5.1.1 The account 5.1.1 is gone",
        "'  550  5.1.10 null MX'                  | 5.1.10 | 5.1.10 null MX",
        "550 sorry, no mailbox here (#5.1.1)      | 5.1.1  | 'sorry, no mailbox here (#5.1.1)'",
        "550 [5.2.1] disabled                     | 5.2.1  | [5.2.1] disabled",
        "550 from 5.1.1.9 blocked                 | ''     | from 5.1.1.9 blocked",
        "550 rejected by Filter 5.1.1             | ''     | rejected by Filter 5.1.1",
        "550-'5.2.2 full'                         | 5.2.2  | '''5.2.2 full'''",
        "550 3.1.1 odd                            | ''     | 3.1.1 odd",
        "550                                      | ''     | ''",
      })
  void findsTheStatusCodeOnlyWhereItBelongs(String lines, String status, String text) {
    assertThat(SmtpReply.parse(550, lines.replace("\\n", "\n")))
        .isEqualTo(new SmtpReply(550, status, text));
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "199", "600"})
  void whatIsNoReplyCodeIsNoReply(int code) {
    assertThat(SmtpReply.parse(code, "[EOF]")).isNull();
  }

  @Test
  void theMilderOfTwoContradictoryCodesCounts() {
    assertThat(new SmtpReply(450, "5.1.1", "").isTemporary()).isTrue();
    assertThat(new SmtpReply(550, "4.2.2", "").isTemporary()).isTrue();
    assertThat(new SmtpReply(550, "5.1.1", "").isTemporary()).isFalse();
  }
}
