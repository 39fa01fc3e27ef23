package dev.notifier.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/** The body of one webhook: the bytes that are signed and sent, and their type. Immutable. */
public final class WebhookBody {
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[\\x20-\\x7E]{1,200}");

  private final byte[] bytes;
  private final String contentType;

  private WebhookBody(byte[] bytes, String contentType) {
    this.bytes = bytes;
    this.contentType = contentType;
  }

  /** Returns a body of type {@code application/json}, in UTF-8. */
  public static WebhookBody json(String json) {
    return new WebhookBody(json.getBytes(StandardCharsets.UTF_8), "application/json");
  }

  /**
   * Returns a body with these bytes, which are copied.
   *
   * @param contentType the value of the Content-Type header, sent as it is
   * @throws IllegalArgumentException if it is not {@code type/subtype} in printable ASCII
   */
  public static WebhookBody of(byte[] bytes, String contentType) {
    Objects.requireNonNull(bytes, "bytes");
    if (!CONTENT_TYPE.matcher(contentType).matches()) {
      throw new IllegalArgumentException(
          "content type must be a media type such as application/json, but was a text of "
              + contentType.length()
              + " characters that is none");
    }
    return new WebhookBody(bytes.clone(), contentType);
  }

  /** Returns a new copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  int size() {
    return bytes.length;
  }

  /** Returns the value of the Content-Type header. */
  public String contentType() {
    return contentType;
  }

  /** Returns the type and the size, never what it says. */
  @Override
  public String toString() {
    return "WebhookBody[" + contentType + ", " + bytes.length + " bytes]";
  }
}
