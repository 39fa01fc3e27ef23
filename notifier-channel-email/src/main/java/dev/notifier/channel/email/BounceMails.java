package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.channel.email.BounceReport.Action;
import dev.notifier.spi.DeliveryUpdate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Bounces that came as mail: reports of non-delivery (RFC 3464, and what qmail, Exim and others
 * wrote before it) and complaints (RFC 5965).
 *
 * <p>A mail proves nothing by itself. It counts if it returns the {@code Message-ID} of a delivery,
 * which nobody can guess who did not get the message or a copy of it, and then it can only speak of
 * that delivery.
 */
final class BounceMails {
  private static final String METHOD = "MAIL";
  private static final String URL = "mailto:bounces";

  /** As much as a callback may have. A report stands before the message that it returns. */
  private static final int MOST_BYTES = 1024 * 1024;

  private static final int LONGEST_WORDS = 16_000;

  private static final Set<String> RETURNED =
      Set.of(
          "message/rfc822",
          "text/rfc822-headers",
          "message/rfc822-headers",
          "message/global",
          "message/global-headers");

  private static final Set<String> REPORT =
      Set.of("message/delivery-status", "message/global-delivery-status");

  private static final Pattern DAEMON =
      Pattern.compile("(?i)mailer-daemon|postmaster|mail delivery|<>");

  private static final Pattern FAILURE =
      Pattern.compile(
          "(?i)\\b(?:cannot|could not|couldn't) be delivered|\\bundeliver(?:ed|able)\\b"
              + "|\\b(?:was not|wasn't) able to deliver|\\bfailure notice\\b|\\breturned mail\\b"
              + "|\\bdeliver[a-z]{1,3} (?:has |status |to [a-z ]{1,40} )?(?:failed|failure|notification)"
              + "|\\bwhile attempting to deliver|\\bno valid recipients\\b|\\bdid not reach\\b");

  /** What stands between the words and the message that comes back. */
  private static final Pattern COPY =
      Pattern.compile(
          "(?im)^[ \\-|>]*(?:below this line is a copy of the message|this is a copy of "
              + "(?:your|the) message|original message(?: headers?)?|below is a copy of the original"
              + " message|message text follows|unsent message below)\\b.*$");

  private static final Pattern MESSAGE_ID =
      Pattern.compile(
          "<?((?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9]{1,4})("
              + Pattern.quote(EmailMessage.WITH_COPIES)
              + ")?@");

  private BounceMails() {}

  /** Returns a mail as a callback. Of a long one the end is left out. */
  static CallbackRequest request(byte[] mail) {
    byte[] start = mail.length <= MOST_BYTES ? mail : Arrays.copyOf(mail, MOST_BYTES);
    return CallbackRequest.of(METHOD, URL).body(start);
  }

  /** Tells whether a callback is a mail; no request over HTTP is taken for one. */
  static boolean isOne(CallbackRequest request) {
    return request.method().equals(METHOD) && request.url().equals(URL);
  }

  /** Understands a callback that is a mail; one that is no bounce of ours gives no update. */
  static List<DeliveryUpdate> receive(CallbackRequest request) {
    MailEntity mail = MailEntity.read(request.body());
    Map<String, String> returned = returnedHeaders(mail);
    Matcher id = MESSAGE_ID.matcher(messageId(mail, returned));
    if (!id.find()) {
      return List.of();
    }
    return delivery(id.group(1))
        .map(delivery -> updates(mail, delivery, returned, id.group(2) != null))
        .orElse(List.of());
  }

  private static Optional<DeliveryId> delivery(String text) {
    try {
      return Optional.of(DeliveryId.parse(text));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  // --- Which message ----------------------------------------------------------------------------

  private static Map<String, String> returnedHeaders(MailEntity mail) {
    for (MailEntity part : mail.all()) {
      if (RETURNED.contains(part.type())) {
        return MailEntity.fields(head(part.body().stripLeading()));
      }
    }
    Matcher copy = COPY.matcher(mail.body());
    return copy.find()
        ? MailEntity.fields(head(mail.body().substring(copy.end()).stripLeading()))
        : Map.of();
  }

  private static String head(String message) {
    int end = message.indexOf("\n\n");
    return end < 0 ? message : message.substring(0, end);
  }

  /**
   * SES gives messages ids of its own and leaves our headers; some return no header and name the
   * message as mail programs do in an answer.
   */
  private static String messageId(MailEntity mail, Map<String, String> returned) {
    String tag = returned.get(EventTags.header(EventTags.DELIVERY));
    if (tag != null) {
      boolean hasCopies = returned.containsKey(EventTags.header(EventTags.RECIPIENT));
      return tag + (hasCopies ? EmailMessage.WITH_COPIES : "") + "@";
    }
    String id = returned.get("Message-ID");
    return id != null
        ? id
        : mail.header("In-Reply-To").or(() -> mail.header("References")).orElse("");
  }

  // --- What became of it ------------------------------------------------------------------------

  private static List<DeliveryUpdate> updates(
      MailEntity mail, DeliveryId delivery, Map<String, String> returned, boolean hasCopies) {
    Set<String> to =
        BounceReport.addressesIn(returned.getOrDefault("To", "")).collect(Collectors.toSet());
    return reports(mail).stream()
        .filter(report -> !hasCopies || isAbout(report, to))
        .map(report -> update(delivery, report, isOwnAddress(report, to)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isAbout(BounceReport report, Set<String> to) {
    return to.contains(report.recipient()) || to.contains(report.original());
  }

  /** False for an address that mail to the recipient is forwarded to; there may be others. */
  private static boolean isOwnAddress(BounceReport report, Set<String> to) {
    return to.isEmpty() || report.recipient().isEmpty() || to.contains(report.recipient());
  }

  /** Returns nothing if there is nothing to tell. */
  private static Optional<DeliveryUpdate> update(
      DeliveryId delivery, BounceReport report, boolean isOwnAddress) {
    return switch (report.action()) {
      case FAILED -> {
        DeliveryUpdate bounced =
            DeliveryUpdate.of(delivery, DeliveryStatus.BOUNCED, "a bounce says " + report.reason());
        yield Optional.of(
            report.isGone() && isOwnAddress ? bounced.suppressingRecipient() : bounced);
      }
      case DELIVERED ->
          Optional.of(
              DeliveryUpdate.of(delivery, DeliveryStatus.DELIVERED, "a report says delivered"));
      case COMPLAINT ->
          Optional.of(
              DeliveryUpdate.of(delivery, DeliveryStatus.DELIVERED, "the recipient complained")
                  .suppressingRecipient());
      case DELAYED, OTHER -> Optional.empty();
    };
  }

  /** Returns what a mail says of each recipient; nothing, if it is no bounce. */
  static List<BounceReport> reports(MailEntity mail) {
    List<MailEntity> all = mail.all();
    for (MailEntity part : all) {
      if (part.type().equals("message/feedback-report")) {
        return complaint(MailEntity.fields(part.body()));
      }
      if (part.type().equals("message/disposition-notification")) {
        return List.of();
      }
    }
    boolean hasReport = all.stream().anyMatch(part -> REPORT.contains(part.type()));
    String words = words(all);
    if (!hasReport && !(isFromDaemon(mail) && saysFailure(mail, words))) {
      return List.of();
    }
    String fields =
        all.stream()
            .filter(part -> REPORT.contains(part.type()))
            .map(MailEntity::body)
            .findFirst()
            .orElse(words);
    List<BounceReport> reports = ofFields(fields, words);
    return reports.isEmpty()
        ? BounceReport.ofWords(words, mail.header("X-Failed-Recipients"))
        : reports;
  }

  private static boolean isFromDaemon(MailEntity mail) {
    return mail.header("X-Failed-Recipients").isPresent()
        || mail.type().equals("multipart/report")
        || DAEMON.matcher(mail.header("Return-Path").orElse("")).find()
        || DAEMON.matcher(mail.header("From").orElse("")).find();
  }

  /** Holiday notes come without a sender, too, and name the message that they answer. */
  private static boolean saysFailure(MailEntity mail, String words) {
    return mail.header("X-Failed-Recipients").isPresent()
        || FAILURE.matcher(mail.header("Subject").orElse("")).find()
        || FAILURE.matcher(words).find();
  }

  /** The first text that is for people, without the message that follows it. */
  private static String words(List<MailEntity> all) {
    for (MailEntity part : all) {
      if (part.type().equals("text/plain") && !part.body().isBlank()) {
        Matcher copy = COPY.matcher(part.body());
        return start(copy.find() ? part.body().substring(0, copy.start()) : part.body());
      }
    }
    return all.size() == 1 ? start(all.get(0).body()) : ""; // its parts may be lost
  }

  private static String start(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_WORDS));
  }

  private static List<BounceReport> ofFields(String groups, String words) {
    List<Map<String, String>> recipients =
        Arrays.stream(groups.split("\n[ \t]*\n", -1))
            .map(group -> MailEntity.fields(group.strip()))
            .filter(BounceMails::isAboutRecipient)
            .toList();
    String ofOne = recipients.size() == 1 ? words : ""; // or else it is not known whose they are
    return recipients.stream().map(fields -> BounceReport.ofFields(fields, ofOne)).toList();
  }

  private static boolean isAboutRecipient(Map<String, String> fields) {
    return (fields.containsKey("Final-Recipient") || fields.containsKey("Original-Recipient"))
        && (fields.containsKey("Action") || fields.containsKey("Status"));
  }

  /** Only abuse is said by the recipient: RFC 5965, 7.3. */
  private static List<BounceReport> complaint(Map<String, String> fields) {
    String type = fields.getOrDefault("Feedback-Type", "").toLowerCase(Locale.ROOT);
    Action action = type.equals("abuse") ? Action.COMPLAINT : Action.OTHER;
    String recipient =
        BounceReport.addressesIn(fields.getOrDefault("Original-Rcpt-To", ""))
            .findFirst()
            .orElse("");
    return List.of(new BounceReport(action, recipient, recipient, 0, "", "feedback: " + type));
  }
}
