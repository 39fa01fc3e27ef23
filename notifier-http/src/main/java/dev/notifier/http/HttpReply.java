package dev.notifier.http;

import dev.notifier.DeliveryResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.Response;

/** What a server answered, read to the end and closed. Immutable. */
public final class HttpReply implements HttpOutcome {
  private final int status;
  private final Headers headers;
  private final byte[] body;
  private final boolean complete;
  private final Optional<Duration> retryAfter;

  HttpReply(Response head, byte[] body, boolean complete, Instant receivedAt) {
    this.status = head.code();
    this.headers = head.headers();
    this.body = body;
    this.complete = complete;
    this.retryAfter = header("Retry-After").flatMap(value -> RetryAfter.parse(value, receivedAt));
  }

  /** Returns the status code. */
  public int status() {
    return status;
  }

  /** Tells whether the status is from 200 to 299. */
  public boolean isSuccessful() {
    return status >= 200 && status <= 299;
  }

  /** Returns the last value of a header; upper and lower case do not matter. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns the body, as far as it was kept. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the body, as far as it was kept, read as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Tells whether the whole body is here. It is not if it was longer than what is kept, or if the
   * connection broke after the status had come.
   */
  public boolean isComplete() {
    return complete;
  }

  /**
   * Returns how long the server asks to wait, from its Retry-After header: never negative, and at
   * most 365 days. Empty if there is no such header or it cannot be understood.
   */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /**
   * Returns the start of the body on one line, fit for a reason.
   *
   * @param redaction what must not appear in it
   * @param maxLength how many characters it may have
   */
  public String excerpt(Redaction redaction, int maxLength) {
    String line = redaction.apply(text()).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= maxLength ? line : line.substring(0, maxLength) + "…";
  }

  @Override
  public DeliveryResult toResult(Function<HttpReply, DeliveryResult> judge) {
    return judge.apply(this);
  }

  /** Returns the status and the size of the body, never what they say. */
  @Override
  public String toString() {
    return "HttpReply[" + status + ", " + body.length + " bytes]";
  }
}
