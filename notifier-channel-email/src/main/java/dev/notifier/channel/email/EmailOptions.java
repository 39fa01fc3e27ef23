package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.InvalidNotificationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the email channel should do differently for one notification.
 *
 * <pre>{@code
 * Notification.to("email:ada@example.com")
 *     .subject("News of May")
 *     .html(html)
 *     .options(
 *         EmailOptions.create()
 *             .replyTo("Editors <editors@example.com>")
 *             .oneClickUnsubscribe("https://example.com/unsubscribe/5f2a"))
 * }</pre>
 *
 * <p>Immutable: each method returns new options, and refuses at once what cannot be sent.
 */
public final class EmailOptions implements ChannelOptions {
  private static final ChannelId EMAIL = ChannelId.of("email");
  private static final EmailOptions NONE = new EmailOptions(EMAIL, Map.of());

  private static final String FROM = "from";
  private static final String TO_NAME = "to-name";
  private static final String REPLY_TO = "reply-to";
  private static final String CC = "cc";
  private static final String BCC = "bcc";
  private static final String HEADERS = "headers";
  private static final String IMPORTANCE = "importance";
  private static final String UNSUBSCRIBE = "unsubscribe";
  private static final String ONE_CLICK = "one-click";
  private static final Set<String> KEYS =
      Collections.unmodifiableSet(
          new TreeSet<>(
              List.of(
                  FROM, TO_NAME, REPLY_TO, CC, BCC, HEADERS, IMPORTANCE, UNSUBSCRIBE, ONE_CLICK)));

  /** Amazon SES takes 50 recipients in all; SMTP servers have to take 100. */
  private static final int MOST_COPIES = 49;

  private static final int MOST_HEADERS = 15;
  private static final int MOST_URIS = 5;
  private static final int LONGEST_HEADER_NAME = 76;
  private static final int LONGEST_VALUE = 900;
  private static final Pattern HEADER_NAME =
      Pattern.compile("[\\x21-\\x39\\x3b-\\x7e]{1," + LONGEST_HEADER_NAME + "}");
  private static final Pattern URI_CHARACTERS =
      Pattern.compile("[\\x21-\\x7e&&[^<>\"]]{1," + LONGEST_VALUE + "}");

  /** Written by the channel itself, by servers on the way, or with an option of their own. */
  private static final Pattern OWNED_HEADER =
      Pattern.compile(
          "date|from|sender|reply-to|to|cc|bcc|message-id|subject|mime-version|content-.*"
              + "|auto-submitted|x-auto-response-suppress|list-unsubscribe|list-unsubscribe-post"
              + "|importance|priority|x-priority|x-msmail-priority"
              + "|return-path|received|received-spf|delivered-to|resent-.*|dkim-signature|arc-.*"
              + "|authentication-results|x-sg-.*|x-ses-.*|errors-to|return-receipt-to"
              + "|disposition-notification-to",
          Pattern.CASE_INSENSITIVE);

  private final ChannelId channel;
  private final Map<String, String> values;

  private EmailOptions(ChannelId channel, Map<String, String> values) {
    this.channel = channel;
    this.values = values;
  }

  /** Returns options that change nothing yet. */
  public static EmailOptions create() {
    return NONE;
  }

  // --- Who -------------------------------------------------------------------------------------

  /**
   * Sets whom the message is from instead of the channel's sender, in the same form. The server or
   * provider must allow it.
   *
   * @throws InvalidNotificationException if it is not an address, or a name and an address
   */
  public EmailOptions from(String mailbox) {
    return with(FROM, senderOf(FROM, mailbox).text());
  }

  /**
   * Sets the name that stands before the recipient's address in {@code To}. None by default: a
   * recipient's name is the application's own key, which is not for others to read.
   *
   * @throws InvalidNotificationException if it is not 1 to 200 characters on one line
   */
  public EmailOptions toName(String name) {
    if (name.isBlank() || name.length() > Mailbox.LONGEST_NAME) {
      throw new InvalidNotificationException(
          "toName must be 1 to " + Mailbox.LONGEST_NAME + " characters, but has " + name.length());
    }
    return with(TO_NAME, HeaderText.checked("toName", name));
  }

  /**
   * Sets where answers go instead of where the channel sends them.
   *
   * @throws InvalidNotificationException if it is not an address, or a name and an address
   */
  public EmailOptions replyTo(String mailbox) {
    return with(REPLY_TO, senderOf("replyTo", mailbox).text());
  }

  private static Mailbox senderOf(String what, String mailbox) {
    try {
      return Mailbox.parse(what, mailbox);
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Adds somebody who gets a copy and is seen by everybody. All recipients share one message and
   * one delivery: it is sent when the server took it for all of them. Whether a copy's address is
   * dead or has opted out is not looked at; a notification of its own is the better choice where
   * that matters.
   *
   * @throws InvalidNotificationException if it is not an address, or a name and an address; or if
   *     there are 49 copies already
   */
  public EmailOptions cc(String mailbox) {
    return withCopy(CC, mailbox);
  }

  /**
   * Adds somebody who gets a copy and is seen by nobody; see {@link #cc}.
   *
   * @throws InvalidNotificationException as {@link #cc} does
   */
  public EmailOptions bcc(String mailbox) {
    return withCopy(BCC, mailbox);
  }

  private EmailOptions withCopy(String key, String mailbox) {
    if (copies(CC).size() + copies(BCC).size() == MOST_COPIES) {
      throw new InvalidNotificationException(
          "a message must have at most " + MOST_COPIES + " cc and bcc in all");
    }
    return withLine(key, Mailbox.parseRecipient(key, mailbox).text());
  }

  // --- Headers ---------------------------------------------------------------------------------

  /**
   * Adds a header. What is beyond ASCII is encoded.
   *
   * @throws InvalidNotificationException if the name is not visible ASCII or belongs to the
   *     channel, as {@code Subject} does; if the value is empty, longer than 900 characters or not
   *     on one line; or if there are 15 already
   */
  public EmailOptions header(String name, String value) {
    if (!HEADER_NAME.matcher(name).matches()) {
      throw new InvalidNotificationException(
          "header name must be 1 to "
              + LONGEST_HEADER_NAME
              + " visible ASCII characters without a colon, but was "
              + HeaderText.quoted(name));
    }
    if (OWNED_HEADER.matcher(name).matches()) {
      throw new InvalidNotificationException(
          "header " + name + " is written by the channel or on the way: it cannot be set");
    }
    HeaderText.checked("header " + name, value);
    if (value.isBlank() || value.length() > LONGEST_VALUE) {
      throw new InvalidNotificationException(
          "header "
              + name
              + " must have 1 to "
              + LONGEST_VALUE
              + " characters, but has "
              + value.strip().length());
    }
    if (headers().size() == MOST_HEADERS) {
      throw new InvalidNotificationException(
          "a message must have at most " + MOST_HEADERS + " headers of the application's own");
    }
    return withLine(HEADERS, name + ": " + value.strip());
  }

  /** Asks mail programs to show that the message matters; it is sent no sooner. */
  public EmailOptions highImportance() {
    return with(IMPORTANCE, "high");
  }

  /** Asks mail programs to show that the message can wait. */
  public EmailOptions lowImportance() {
    return with(IMPORTANCE, "low");
  }

  /**
   * Says where the recipient can unsubscribe: {@code https}, {@code http} or {@code mailto} URIs,
   * the best first.
   *
   * @throws InvalidNotificationException if there are none or more than 5, or one is no such URI
   * @see <a href="https://www.rfc-editor.org/rfc/rfc2369#section-3.2">RFC 2369, 3.2</a>
   */
  public EmailOptions unsubscribe(String... uris) {
    return with(UNSUBSCRIBE, checkedUris(List.of(uris))).without(ONE_CLICK);
  }

  /**
   * Says that a {@code POST} to this URI unsubscribes the recipient at once, which large providers
   * demand of bulk mail. The URI must tell who unsubscribes and be hard to guess. The message has
   * to be signed by DKIM, here or by the server.
   *
   * @param https where to post
   * @param others {@code mailto} URIs, for programs that do not know this
   * @throws InvalidNotificationException if the first is no https URI, or another no mailto URI
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058</a>
   */
  public EmailOptions oneClickUnsubscribe(String https, String... others) {
    List<String> uris = new ArrayList<>(List.of(https));
    uris.addAll(List.of(others));
    String checked = checkedUris(uris);
    checkOneClick(uris);
    return with(UNSUBSCRIBE, checked).with(ONE_CLICK, "true");
  }

  private static void checkOneClick(List<String> uris) {
    boolean good =
        !uris.isEmpty()
            && schemeOf(uris.get(0)).equals("https")
            && uris.stream().skip(1).allMatch(uri -> schemeOf(uri).equals("mailto"));
    if (!good) {
      throw new InvalidNotificationException(
          "one-click unsubscribe needs one https URI, then none but mailto URIs (RFC 8058, 3.1)");
    }
  }

  private static String checkedUris(List<String> uris) {
    if (uris.isEmpty() || uris.size() > MOST_URIS) {
      throw new InvalidNotificationException(
          "unsubscribe must have 1 to " + MOST_URIS + " URIs, but has " + uris.size());
    }
    for (String uri : uris) {
      if (!Set.of("https", "http", "mailto").contains(schemeOf(uri))) {
        throw new InvalidNotificationException(
            "unsubscribe must be an https, http or mailto URI of at most "
                + LONGEST_VALUE
                + " ASCII characters, but the one given, of "
                + uri.length()
                + " characters, is not");
      }
    }
    return String.join(" ", uris);
  }

  /** Returns "" if it is no URI. */
  private static String schemeOf(String uri) {
    try {
      String scheme = URI_CHARACTERS.matcher(uri).matches() ? new URI(uri).getScheme() : null;
      return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }

  // --- The channel -----------------------------------------------------------------------------

  /** Returns these options for an email channel that does not have the usual id {@code email}. */
  public EmailOptions forChannel(String id) {
    return new EmailOptions(ChannelId.of(id), values);
  }

  @Override
  public ChannelId channel() {
    return channel;
  }

  @Override
  public Map<String, String> values() {
    return values;
  }

  private EmailOptions with(String key, String value) {
    Map<String, String> more = new TreeMap<>(values);
    more.put(key, value);
    return new EmailOptions(channel, Collections.unmodifiableMap(more));
  }

  private EmailOptions withLine(String key, String line) {
    return with(key, values.containsKey(key) ? values.get(key) + '\n' + line : line);
  }

  private EmailOptions without(String key) {
    Map<String, String> fewer = new TreeMap<>(values);
    fewer.remove(key);
    return new EmailOptions(channel, Collections.unmodifiableMap(fewer));
  }

  // --- Reading ---------------------------------------------------------------------------------

  /**
   * Reads options as a store kept them, or as somebody wrote them by hand.
   *
   * @throws InvalidNotificationException if one is unknown or unusable
   */
  static EmailOptions of(Map<String, String> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    if (!KEYS.containsAll(values.keySet())) {
      Set<String> unknown = new TreeSet<>(values.keySet());
      unknown.removeAll(KEYS);
      throw new InvalidNotificationException(
          "unknown email option " + unknown + ": there are " + KEYS);
    }
    EmailOptions options = NONE;
    for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
      options = options.read(entry.getKey(), entry.getValue());
    }
    if (options.isOneClick()) {
      checkOneClick(options.unsubscribeUris());
    }
    return options;
  }

  private EmailOptions read(String key, String value) {
    EmailOptions options = this;
    switch (key) {
      case FROM -> options = from(value);
      case TO_NAME -> options = toName(value);
      case REPLY_TO -> options = replyTo(value);
      case UNSUBSCRIBE -> options = with(UNSUBSCRIBE, checkedUris(List.of(value.split(" ", -1))));
      case ONE_CLICK -> options = with(key, oneOf(key, value, Set.of("true")));
      case IMPORTANCE -> options = with(key, oneOf(key, value, Set.of("high", "low")));
      default -> {
        for (String line : value.split("\n", -1)) {
          options = key.equals(HEADERS) ? options.readHeader(line) : options.withCopy(key, line);
        }
      }
    }
    return options;
  }

  private static String oneOf(String key, String value, Set<String> allowed) {
    if (!allowed.contains(value)) {
      throw new InvalidNotificationException(
          "email option "
              + key
              + " must be one of "
              + new TreeSet<>(allowed)
              + ", but was "
              + HeaderText.quoted(value));
    }
    return value;
  }

  private EmailOptions readHeader(String line) {
    HeaderField field = fieldOf(line);
    return header(field.name(), field.value());
  }

  private static HeaderField fieldOf(String line) {
    int colon = line.indexOf(':');
    return new HeaderField(
        colon < 0 ? line : line.substring(0, colon), line.substring(colon + 1).strip());
  }

  Optional<Mailbox> from() {
    return Optional.ofNullable(values.get(FROM)).map(text -> Mailbox.parse(FROM, text));
  }

  Optional<String> toName() {
    return Optional.ofNullable(values.get(TO_NAME));
  }

  Optional<Mailbox> replyTo() {
    return Optional.ofNullable(values.get(REPLY_TO)).map(text -> Mailbox.parse(REPLY_TO, text));
  }

  List<Mailbox> cc() {
    return copies(CC);
  }

  List<Mailbox> bcc() {
    return copies(BCC);
  }

  private List<Mailbox> copies(String key) {
    return lines(key).stream().map(line -> Mailbox.parseRecipient(key, line)).toList();
  }

  List<HeaderField> headers() {
    return lines(HEADERS).stream().map(EmailOptions::fieldOf).toList();
  }

  Optional<String> importance() {
    return Optional.ofNullable(values.get(IMPORTANCE));
  }

  List<String> unsubscribeUris() {
    String uris = values.get(UNSUBSCRIBE);
    return uris == null ? List.of() : List.of(uris.split(" ", -1));
  }

  boolean isOneClick() {
    return values.containsKey(ONE_CLICK);
  }

  private List<String> lines(String key) {
    String lines = values.get(key);
    return lines == null ? List.of() : List.of(lines.split("\n", -1));
  }

  /** Returns which options there are, not what they say. */
  @Override
  public String toString() {
    return "EmailOptions" + values.keySet();
  }
}
