package dev.notifier.channel.email;

import dev.notifier.Attachment;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.InvalidNotificationException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One message as it was composed, whichever provider carries it: everything is checked, nothing is
 * encoded yet. Immutable.
 */
final class EmailMessage {
  /** Stands in the id of a message, so that a bounce of a copy is not taken for the recipient's. */
  static final String WITH_COPIES = ".copies";

  /**
   * An image that is shown by its content id (RFC 2392); an id that is escaped is not looked at.
   */
  private static final Pattern SHOWN_IMAGE =
      Pattern.compile("(?i:src\\s*=\\s*[\"']?cid:)([a-zA-Z0-9._+@-]{1,78})(?=[\"'\\s>])");

  private final DeliveryAttempt attempt;
  private final MessageSettings settings;
  private final EmailOptions options;
  private final Mailbox from;
  private final Mailbox to;
  private final List<Mailbox> cc;
  private final List<Mailbox> bcc;

  /** Made when it is first asked for, which previews and checks do not. */
  private volatile @Nullable String textOfHtml;

  /**
   * Composes the message of an attempt.
   *
   * @throws InvalidNotificationException if an address, an option, a name or the subject cannot go
   *     into a message; nothing was sent then
   */
  static EmailMessage of(DeliveryAttempt attempt, MessageSettings settings) {
    return new EmailMessage(attempt, settings);
  }

  private EmailMessage(DeliveryAttempt attempt, MessageSettings settings) {
    this.attempt = attempt;
    this.settings = settings;
    this.options = EmailOptions.of(attempt.notification().optionsFor(settings.channel()));
    this.from = options.from().orElse(settings.from());
    EnvelopeAddress address = EnvelopeAddress.of(attempt.address().value());
    this.to = new Mailbox(options.toName().orElse(""), address);
    // Providers refuse an address that comes twice, and servers would deliver twice.
    Set<String> seen = new HashSet<>(Set.of(address.comparable()));
    this.cc = notSeen(options.cc(), seen);
    this.bcc = notSeen(options.bcc(), seen);
    checkContent();
  }

  private static List<Mailbox> notSeen(List<Mailbox> mailboxes, Set<String> seen) {
    return mailboxes.stream().filter(box -> seen.add(box.address().comparable())).toList();
  }

  private void checkContent() {
    if (attempt.content().isBlank()) { // an interceptor may have changed it
      throw new InvalidNotificationException(
          "the message says nothing: it has no subject, no text and no html");
    }
    subject().ifPresent(subject -> HeaderText.checked("subject", subject));
    attempt.attachments().forEach(file -> HeaderText.checked("attachment name", file.name()));
    html().ifPresent(this::checkImages);
  }

  private void checkImages(String html) {
    Matcher shown = SHOWN_IMAGE.matcher(html);
    while (shown.find()) {
      String id = shown.group(1);
      if (inlineImages().stream().noneMatch(image -> id.equals(image.contentId().orElse("")))) {
        throw new InvalidNotificationException(
            "the html shows cid:"
                + id
                + ", but there is no such image: attach it with Attachment.inline(\""
                + id
                + "\")");
      }
    }
  }

  // --- Identity ---------------------------------------------------------------------------------

  /** Returns the delivery that it belongs to. */
  DeliveryId delivery() {
    return attempt.delivery();
  }

  /** Returns its {@code Message-ID}, without the angle brackets: the same over all attempts. */
  String messageId() {
    return delivery() + (hasCopies() ? WITH_COPIES : "") + "@" + from.address().domain();
  }

  // --- Who --------------------------------------------------------------------------------------

  /** Returns whom it is from, as readers see it. */
  Mailbox from() {
    return from;
  }

  /** Returns the envelope's sender, to which bounces go. */
  EnvelopeAddress envelopeFrom() {
    return settings.bounceTo() != null ? settings.bounceTo() : from.address();
  }

  /** Returns where answers go, if not to the sender. */
  Optional<Mailbox> replyTo() {
    return options.replyTo().or(() -> Optional.ofNullable(settings.replyTo()));
  }

  /** Returns whom the delivery is for. */
  Mailbox to() {
    return to;
  }

  /** Returns who else gets it for all to see; nobody comes twice in to, cc and bcc. */
  List<Mailbox> cc() {
    return cc;
  }

  /** Returns who else gets it unseen: never write these into a header. */
  List<Mailbox> bcc() {
    return bcc;
  }

  /** Returns the envelope's recipients: to, then cc, then bcc. */
  List<EnvelopeAddress> recipients() {
    return Stream.of(List.of(to), cc, bcc).flatMap(List::stream).map(Mailbox::address).toList();
  }

  /** Tells whether it goes to more than one address. */
  boolean hasCopies() {
    return !cc.isEmpty() || !bcc.isEmpty();
  }

  /** Tells whether only a server with SMTPUTF8 can take it (RFC 6531). */
  boolean needsUtf8() {
    return recipients().stream().anyMatch(EnvelopeAddress::needsUtf8);
  }

  // --- What -------------------------------------------------------------------------------------

  /** Returns the subject, on one line. */
  Optional<String> subject() {
    return attempt.content().subject();
  }

  /**
   * Returns the plain text, which is made from the HTML where there is only HTML; empty if that has
   * no words.
   */
  Optional<String> text() {
    return attempt.content().text().filter(text -> !text.isEmpty()).or(this::textOfHtml);
  }

  private Optional<String> textOfHtml() {
    String made = textOfHtml;
    if (made == null) {
      made = html().map(PlainText::of).orElse("");
      textOfHtml = made;
    }
    return Optional.of(made).filter(text -> !text.isEmpty());
  }

  /** Returns the HTML text. */
  Optional<String> html() {
    return attempt.content().html().filter(html -> !html.isBlank());
  }

  /** Returns how many characters there are in the texts that were given. */
  int givenCharacters() {
    return attempt.content().text().map(String::length).orElse(0)
        + attempt.content().html().map(String::length).orElse(0);
  }

  /** Returns in which charset to write texts that it has all the characters of. */
  Charset charset() {
    return settings.charset();
  }

  /** Returns who sign it, where it is written as MIME. */
  List<DkimSigner> signers() {
    return settings.signers();
  }

  /** Returns the files that stand beside the text. */
  List<Attachment> attachments() {
    return files(false);
  }

  /** Returns the images that the HTML shows by their content id, which is never empty here. */
  List<Attachment> inlineImages() {
    return files(true);
  }

  private List<Attachment> files(boolean inline) {
    boolean hasHtml = html().isPresent();
    return attempt.attachments().stream()
        .filter(file -> (hasHtml && file.contentId().isPresent()) == inline)
        .toList();
  }

  /**
   * Returns all headers but those which name sender, recipients, subject, id, date and structure.
   * None comes twice but by the application's own wish.
   */
  List<HeaderField> headers() {
    List<HeaderField> headers = new ArrayList<>();
    // Keeps holiday notes away: RFC 3834, and Exchange's own word for it.
    headers.add(new HeaderField("Auto-Submitted", "auto-generated"));
    headers.add(new HeaderField("X-Auto-Response-Suppress", "All"));
    options.importance().ifPresent(importance -> addImportance(headers, importance));
    addUnsubscribe(headers);
    headers.addAll(options.headers());
    return headers;
  }

  private static void addImportance(List<HeaderField> headers, String importance) {
    headers.add(new HeaderField("Importance", importance));
    headers.add(new HeaderField("X-Priority", importance.equals("high") ? "1" : "5"));
  }

  private void addUnsubscribe(List<HeaderField> headers) {
    List<String> uris = options.unsubscribeUris();
    if (!uris.isEmpty()) {
      headers.add(new HeaderField("List-Unsubscribe", '<' + String.join(">, <", uris) + '>'));
    }
    if (options.isOneClick()) {
      headers.add(new HeaderField("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
  }

  /** Returns the delivery only. */
  @Override
  public String toString() {
    return "EmailMessage[" + delivery() + "]";
  }
}
