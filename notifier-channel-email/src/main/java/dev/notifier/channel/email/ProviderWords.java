package dev.notifier.channel.email;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What providers quote of the words of mail servers, made fit for a reason. */
final class ProviderWords {
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s<>()\\[\\]\",;:]{1,256}@[^\\s<>()\\[\\]\",;:]{1,256}");
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Cntrl}]+");
  private static final Pattern STATUS =
      Pattern.compile("(?<![0-9.])[245]\\.[0-9]{1,3}\\.[0-9]{1,3}(?![0-9.])");
  private static final int LONGEST = 200;
  private static final int READ = 2000;

  private ProviderWords() {}

  /** Returns the start of a text on one line, without addresses. */
  static String shown(String text) {
    String line =
        SPACES.matcher(ADDRESS.matcher(start(text)).replaceAll("***")).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /**
   * Tells whether nothing may be sent to the address any more.
   *
   * @param status an enhanced status code, or empty
   * @param words what a server said, or empty
   */
  static boolean sayGone(String status, String words) {
    String start = start(words);
    SmtpReply reply = SmtpReply.quotedIn(start);
    int code = reply == null ? 0 : reply.code();
    return ReplyMeaning.of(code, status(status, start), start) == ReplyMeaning.GONE;
  }

  private static String start(String text) {
    return text.length() <= READ ? text : text.substring(0, READ);
  }

  /**
   * Returns the most telling enhanced status code (RFC 3463): the one given, unless it says only
   * that something failed and the words say more. Empty if there is none.
   */
  private static String status(String given, String words) {
    String inWords = firstStatus(words);
    String status = firstStatus(given);
    return status.isEmpty() || (status.endsWith(".0.0") && !inWords.isEmpty()) ? inWords : status;
  }

  private static String firstStatus(String text) {
    Matcher found = STATUS.matcher(text);
    return found.find() ? found.group() : "";
  }
}
