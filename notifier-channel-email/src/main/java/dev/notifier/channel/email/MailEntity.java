package dev.notifier.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mail that somebody else wrote, or a part of one: headers, and either a text or parts.
 *
 * <p>Takes everything: what is broken is left out or read as text. Neither depth nor number of
 * parts can grow without end. All characters are octets.
 */
final class MailEntity {
  private static final int DEEPEST = 8;
  private static final int MOST_PARTS = 100;
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)\\bboundary\\s*=\\s*(?:\"([^\"]{1,200})\"|([^\\s;\"]{1,200}))");

  /** An octet in hexadecimal, or the soft end of a line. */
  private static final Pattern ESCAPE = Pattern.compile("=(?:([0-9A-Fa-f]{2})|[ \t]*\n)");

  private final Map<String, String> headers;
  private final String body;
  private final List<MailEntity> parts;

  private MailEntity(Map<String, String> headers, String body, List<MailEntity> parts) {
    this.headers = headers;
    this.body = body;
    this.parts = parts;
  }

  /** Reads a mail. */
  static MailEntity read(byte[] mail) {
    String text = new String(mail, StandardCharsets.ISO_8859_1);
    return read(text.replace("\r\n", "\n").replace('\r', '\n'), DEEPEST);
  }

  private static MailEntity read(String text, int depth) {
    int end = text.startsWith("\n") ? 0 : text.indexOf("\n\n") + 1;
    boolean headersOnly = end == 0 && !text.startsWith("\n");
    Map<String, String> headers = fields(headersOnly ? text : text.substring(0, end));
    String body = headersOnly ? "" : text.substring(end + 1);
    String type = headers.getOrDefault("Content-Type", "text/plain");
    Matcher boundary = BOUNDARY.matcher(type);
    boolean multipart = type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    List<MailEntity> parts =
        multipart && depth > 0 && boundary.find()
            ? parts(body, boundary.group(1) != null ? boundary.group(1) : boundary.group(2), depth)
            : List.of();
    return new MailEntity(headers, parts.isEmpty() ? decoded(headers, body) : body, parts);
  }

  private static List<MailEntity> parts(String body, String boundary, int depth) {
    List<MailEntity> parts = new ArrayList<>();
    String delimiter = "\n--" + boundary;
    String whole = "\n" + body;
    int start = whole.indexOf(delimiter);
    while (start >= 0 && parts.size() < MOST_PARTS) {
      int line = whole.indexOf('\n', start + delimiter.length());
      boolean last = line < 0 || whole.startsWith("--", start + delimiter.length());
      int next = whole.indexOf(delimiter, start + delimiter.length());
      if (last) {
        break;
      }
      parts.add(read(whole.substring(line + 1, next < 0 ? whole.length() : next + 1), depth - 1));
      start = next;
    }
    return parts;
  }

  /**
   * Reads fields that look like headers; of those that come twice, the first. What is no field is
   * left out.
   */
  static Map<String, String> fields(String lines) {
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String unfolded = lines.replaceAll("\n[ \t]+", " ");
    for (String line : unfolded.split("\n", -1)) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (!name.isEmpty() && name.indexOf(' ') < 0) {
        fields.putIfAbsent(name, line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static String decoded(Map<String, String> headers, String body) {
    String encoding =
        headers.getOrDefault("Content-Transfer-Encoding", "7bit").toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "quoted-printable" -> withoutEscapes(body);
      case "base64" -> withoutBase64(body);
      default -> body;
    };
  }

  private static String withoutEscapes(String body) {
    StringBuilder text = new StringBuilder(body.length());
    Matcher escape = ESCAPE.matcher(body);
    while (escape.find()) {
      String hex = escape.group(1);
      escape.appendReplacement(text, "");
      if (hex != null) {
        text.append((char) Integer.parseInt(hex, 16));
      }
    }
    return escape.appendTail(text).toString().replace("\r\n", "\n");
  }

  private static String withoutBase64(String body) {
    try {
      byte[] octets = Base64.getMimeDecoder().decode(body);
      return new String(octets, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    } catch (IllegalArgumentException e) {
      return body;
    }
  }

  /** Returns the first header with a name, unfolded, whatever the case of the name. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns the media type in small letters, without parameters. */
  String type() {
    return header("Content-Type")
        .orElse("text/plain")
        .split(";", 2)[0]
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the decoded text, with LF at the ends of lines. */
  String body() {
    return body;
  }

  /** Returns this entity and all in it, in the order of the mail. */
  List<MailEntity> all() {
    List<MailEntity> all = new ArrayList<>(List.of(this));
    parts.forEach(part -> all.addAll(part.all()));
    return all;
  }
}
