package dev.notifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A provider's HTTP request about a message that was sent, as the host's own server received it.
 *
 * <p>The URL and the body must be what the provider sent, byte for byte: signatures are made over
 * them. Behind a proxy that means the public URL. Immutable.
 */
public final class CallbackRequest {
  private static final int MAX_BODY = 1024 * 1024;

  private final String method;
  private final String url;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  private CallbackRequest(
      String method, String url, Map<String, List<String>> headers, byte[] body) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  /** Starts a request. */
  public static CallbackRequest of(String method, String url) {
    return new CallbackRequest(
        Objects.requireNonNull(method, "method"),
        Objects.requireNonNull(url, "url"),
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
        new byte[0]);
  }

  /** Returns this request with one more header value. */
  public CallbackRequest header(String name, String value) {
    Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
    values.add(Objects.requireNonNull(value, "value"));
    more.put(name, List.copyOf(values));
    return new CallbackRequest(method, url, more, body);
  }

  /**
   * Returns this request with a body, which is copied.
   *
   * @throws IllegalArgumentException if it has more than 1,048,576 bytes
   */
  public CallbackRequest body(byte[] body) {
    if (body.length > MAX_BODY) {
      throw new IllegalArgumentException(
          "the body of a callback must have at most "
              + MAX_BODY
              + " bytes, but has "
              + body.length);
    }
    return new CallbackRequest(method, url, headers, body.clone());
  }

  /** Returns the HTTP method, such as {@code POST}. */
  public String method() {
    return method;
  }

  /** Returns the URL that the provider called, with its query. */
  public String url() {
    return url;
  }

  /** Returns the first value of a header, whatever the case of its name. */
  public Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  /** Returns every value of a header, whatever the case of its name. */
  public List<String> headers(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** Returns a new copy of the body. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the method and the size of the body; URLs and headers may hold what is secret. */
  @Override
  public String toString() {
    return "CallbackRequest[" + method + ", " + body.length + " bytes]";
  }
}
