package dev.notifier.channel.email;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a bounce says of one recipient.
 *
 * @param action what became of the message
 * @param recipient the address it was meant for at last, empty if that is not said
 * @param original the address it was sent to at first, empty if that is not said
 * @param code the reply code of the server that refused it, 0 if there was none
 * @param status the enhanced status code that says most, empty if there was none
 * @param text the server's words
 */
record BounceReport(
    Action action, String recipient, String original, int code, String status, String text) {
  private static final int LONGEST_TEXT = 2000;
  private static final Pattern STATUS = Pattern.compile("[245]\\.[0-9]{1,3}\\.[0-9]{1,3}");
  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"'();:,]+@[^\\s<>\"'();:,]+");

  /** What Postfix and others write before the words of a program that takes the mail. */
  private static final String PROGRAM = "x-unix;";

  /** What stands before a diagnostic code: RFC 3464, 2.3.6. */
  private static final String TYPE = "^[A-Za-z0-9-]{1,20};\\s*";

  private static final Pattern STILL_TRIED =
      Pattern.compile(
          "(?i)\\bwarning message only\\b|\\bhas been delayed\\b|\\bwill be retried\\b"
              + "|\\bdelivery (?:status notification \\()?delay");

  /** The first line of what qmail says of one recipient, whose format this is. */
  private static final Pattern QMAIL_RECIPIENT = Pattern.compile("<([^<>\\s]+@[^<>\\s]+)>: *");

  enum Action {
    FAILED,
    /** It is still being tried. */
    DELAYED,
    /** It is in the mailbox. */
    DELIVERED,
    /** Handed on to where nobody reports; or shown, or not shown, which is not our affair. */
    OTHER,
    /** The recipient called it spam. */
    COMPLAINT
  }

  BounceReport {
    text = start(text);
  }

  private static String start(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_TEXT));
  }

  // --- RFC 3464 ---------------------------------------------------------------------------------

  /**
   * Reads the fields about one recipient.
   *
   * @param words what the mail says to people, where the fields say little
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3464#section-2.3">RFC 3464, 2.3</a>
   */
  static BounceReport ofFields(Map<String, String> fields, String words) {
    String diagnostic = fields.getOrDefault("Diagnostic-Code", "");
    String statusField = statusIn(fields.getOrDefault("Status", ""));
    String text = diagnostic.isEmpty() ? words : diagnostic;
    boolean isReply = !isOfProgram(diagnostic);
    SmtpReply reply = isReply ? SmtpReply.quotedIn(start(text).replaceFirst(TYPE, "")) : null;
    String status = moreSpecific(statusField, reply);
    return new BounceReport(
        actionOf(fields, statusField),
        addressIn(fields.getOrDefault("Final-Recipient", "")),
        addressIn(fields.getOrDefault("Original-Recipient", "")),
        reply == null || contradict(reply.code(), status) ? 0 : reply.code(),
        status,
        isReply ? text.replaceFirst(TYPE, "") : text);
  }

  private static Action actionOf(Map<String, String> fields, String status) {
    String action =
        fields.getOrDefault("Action", "").split("[\\s(]", 2)[0].toLowerCase(Locale.ROOT);
    return switch (action) {
      case "failed", "expired", "error" -> Action.FAILED;
      case "delayed" -> Action.DELAYED;
      case "delivered" -> Action.DELIVERED;
      case "" -> status.startsWith("5.") ? Action.FAILED : Action.OTHER;
      default -> Action.OTHER;
    };
  }

  private static String statusIn(String text) {
    Matcher found = STATUS.matcher(text);
    return found.lookingAt() ? found.group() : "";
  }

  /** A relay that had its own reasons to give up, whatever it was told. */
  private static boolean contradict(int code, String status) {
    return !status.isEmpty() && status.charAt(0) - '0' != code / 100;
  }

  /** Many relays write x.0.0, or that time was up, and leave what they were told to the words. */
  private static String moreSpecific(String status, @Nullable SmtpReply reply) {
    boolean vague = status.isEmpty() || status.endsWith(".0.0") || status.endsWith(".4.7");
    return vague && reply != null && !reply.status().isEmpty() ? reply.status() : status;
  }

  private static boolean isOfProgram(String diagnostic) {
    return diagnostic.regionMatches(true, 0, PROGRAM, 0, PROGRAM.length());
  }

  private static String addressIn(String field) {
    return addressesIn(field.replaceFirst(TYPE, "")).findFirst().orElse("");
  }

  /** Returns the addresses in a text, in small letters. */
  static Stream<String> addressesIn(String text) {
    return ADDRESS.matcher(text).results().map(found -> found.group().toLowerCase(Locale.ROOT));
  }

  // --- Before RFC 3464 --------------------------------------------------------------------------

  /**
   * Reads words that were written for people only.
   *
   * @param recipient whom they are about, if a header says that
   */
  static List<BounceReport> ofWords(String words, Optional<String> recipient) {
    List<BounceReport> reports =
        Arrays.stream(words.split("\n\\s*\n", -1))
            .map(paragraph -> paragraph.strip().split("\n", 2))
            .filter(lines -> QMAIL_RECIPIENT.matcher(lines[0]).matches() && lines.length == 2)
            .map(lines -> ofWords(lines[1], addressIn(lines[0])))
            .toList();
    return reports.isEmpty()
        ? List.of(
            ofWords(
                words, recipient.map(BounceReport::addressIn).orElseGet(() -> addressIn(words))))
        : reports;
  }

  private static BounceReport ofWords(String words, String recipient) {
    SmtpReply reply = SmtpReply.quotedIn(words);
    Action action = STILL_TRIED.matcher(words).find() ? Action.DELAYED : Action.FAILED;
    if (reply != null) {
      return new BounceReport(action, recipient, "", reply.code(), reply.status(), reply.text());
    }
    Matcher status = Pattern.compile("\\(#(" + STATUS + ")\\)").matcher(words);
    return new BounceReport(action, recipient, "", 0, status.find() ? status.group(1) : "", words);
  }

  // --- What it means ----------------------------------------------------------------------------

  /** Tells whether nothing more may be sent to the address. */
  boolean isGone() {
    return action == Action.FAILED
        && !isOfProgram(text)
        && ReplyMeaning.of(code, status, text) == ReplyMeaning.GONE;
  }

  /** Returns why, in words for an operator, without addresses. */
  String reason() {
    String codes = ((code == 0 ? "" : code + " ") + status).strip();
    String words = text.replaceAll("\\s+", " ").strip();
    String rest =
        words.replaceFirst("^(?:" + code + "[ -])?(?:" + Pattern.quote(status) + " )?", "");
    String shown = (codes + " " + rest).strip();
    return ADDRESS.matcher(shown.substring(0, Math.min(shown.length(), 400))).replaceAll("***");
  }

  /** Returns the codes only. */
  @Override
  public String toString() {
    return "BounceReport[" + action + " " + code + " " + status + "]";
  }
}
