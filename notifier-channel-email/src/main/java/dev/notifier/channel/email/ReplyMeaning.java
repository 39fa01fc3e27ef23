package dev.notifier.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a server's words are about, wherever they were said: in a conversation or in a bounce.
 *
 * <p>A table in this order: the class of either code, if it is 4; the enhanced status code, if it
 * is one that says something; the reply code, if it says more than no; the text.
 *
 * @see <a href="https://www.iana.org/assignments/smtp-enhanced-status-codes">The registry of
 *     enhanced status codes</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.2">RFC 5321, 4.2</a>
 */
enum ReplyMeaning {
  /** A later attempt may go better. */
  LATER,
  /** A mailbox or disk is full, which RFC 3463 calls persistent and which passes all the same. */
  FULL,
  /**
   * The address does not exist, has moved for good or takes no mail: nothing may be sent to it any
   * more.
   */
  GONE,
  /** The sender, its login or its domain: nobody's message gets through. */
  SENDER,
  /** The message's size or form. */
  MESSAGE,
  /** A no for another reason: policy, content, reputation. The address is not to blame. */
  REFUSED;

  private static final Map<String, ReplyMeaning> BY_STATUS =
      Map.ofEntries(
          Map.entry("5.1.1", GONE), // bad mailbox
          Map.entry("5.1.2", GONE), // bad system
          Map.entry("5.1.3", GONE), // bad syntax of the mailbox
          Map.entry("5.1.6", GONE), // has moved
          Map.entry("5.1.10", GONE), // null MX: RFC 7505, 4.1
          Map.entry("5.2.1", GONE), // disabled
          Map.entry("5.4.4", GONE), // no route to the host
          Map.entry("5.2.2", FULL),
          Map.entry("5.3.1", FULL),
          Map.entry("5.1.7", SENDER), // bad syntax of the sender
          Map.entry("5.1.8", SENDER), // bad system of the sender
          Map.entry("5.7.8", SENDER), // RFC 4954, 6
          Map.entry("5.7.9", SENDER),
          Map.entry("5.7.10", SENDER),
          Map.entry("5.7.11", SENDER),
          Map.entry("5.7.27", SENDER), // its domain has a null MX: RFC 7505, 4.2
          Map.entry("5.2.3", MESSAGE), // RFC 1870, 6.1
          Map.entry("5.3.4", MESSAGE));

  /** Its form: RFC 3463, 3.7; RFC 6531, 3.5. */
  private static final String MEDIA = "5.6.";

  /** Which say no and nothing else; 5.4.1 and 5.5.0 are Microsoft's for all sorts of things. */
  private static final Set<String> VAGUE = Set.of("", "5.0.0", "5.1.0", "5.2.0", "5.4.1", "5.5.0");

  /** Log in, log in properly, encrypt first: RFC 4954, 6; with whatever status. */
  private static final Set<Integer> AUTHENTICATION = Set.of(530, 534, 535, 538);

  /** The host of the address takes no mail: RFC 7504. */
  private static final int TAKES_NO_MAIL = 556;

  private record Words(Pattern pattern, ReplyMeaning meaning) {
    static Words of(ReplyMeaning meaning, String... phrases) {
      return new Words(Pattern.compile(String.join("|", phrases)), meaning);
    }
  }

  /**
   * Looked for in small letters; the first that is found counts, so that doubt spares the address.
   */
  private static final List<Words> BY_WORDS =
      List.of(
          Words.of(
              REFUSED,
              "\\b(?:black|block|deny|reject)[ -]?list",
              "\\b(?:spam|spf|dkim|dmarc|dnsbl|rbl|virus|malware|reputation|relay)",
              "\\bsender\\b|\\bfrom address\\b|\\bhelo\\b|\\bclient host\\b|\\breverse dns\\b",
              "\\bblocked\\b|\\bpolicy\\b"),
          Words.of(
              FULL,
              "\\b(?:over|exceed(?:s|ed)?|out of) (?:its |the |disk |storage |mail(?:box)? )*quota",
              "\\bquota (?:is )?exceeded|\\b(?:mail)?box (?:is )?full|\\binsufficient [a-z ]{0,20}storage"),
          Words.of(
              GONE,
              "\\b(?:user|recipient|mailbox|account|address) (?:is )?(?:unknown|not found)\\b",
              "\\b(?:unknown|no such|invalid) (?:user|recipient|mailbox|account)\\b",
              "\\bno (?:mailbox|user) (?:here )?by that name",
              "\\b(?:user|recipient|mailbox|account|address|domain)[^.;:]{0,50} does not exist\\b",
              "\\brecipient address rejected: access denied", // Microsoft's, for no such recipient
              "\\b(?:unknown host|host unknown|domain (?:name )?not found)\\b"));

  /**
   * Reads a refusal.
   *
   * @param code the reply code, 0 if there was none
   * @param status the enhanced status code, empty if there was none
   */
  static ReplyMeaning of(int code, String status, String text) {
    if (code / 100 == 4 || status.startsWith("4.")) {
      return LATER;
    }
    if (BY_STATUS.containsKey(status)) {
      return BY_STATUS.get(status);
    }
    if (AUTHENTICATION.contains(code)) {
      return SENDER;
    }
    if (status.startsWith(MEDIA)) {
      return MESSAGE;
    }
    return VAGUE.contains(status) ? byWords(code, text) : REFUSED;
  }

  private static ReplyMeaning byWords(int code, String text) {
    String small = text.toLowerCase(Locale.ROOT);
    for (Words words : BY_WORDS) {
      if (words.pattern().matcher(small).find()) {
        return words.meaning();
      }
    }
    return code == TAKES_NO_MAIL ? GONE : REFUSED;
  }
}
