package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import dev.notifier.http.HttpSender;
import dev.notifier.spi.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * An account with a provider that takes mail over HTTP: a channel of its own, or one of several in
 * {@link EmailChannel#failOver}. Only {@link #from} has no default. Not thread-safe; the channels
 * that it makes are.
 *
 * @param <F> the type that the calls return
 */
public abstract sealed class HttpEmailAccount<F extends HttpEmailAccount<F>>
    extends EmailChannelBuilder<F> permits SendGridAccount, SesAccount {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final HttpSender.Builder http =
      HttpSender.builder().readTimeout(Duration.ofSeconds(30)).callTimeout(Duration.ofMinutes(1));
  private HttpUrl base;
  private InstantSource clock = InstantSource.system();

  HttpEmailAccount(String baseUrl) {
    this.base = HttpUrl.get(baseUrl);
  }

  abstract Channel channel(MessageSettings settings, HttpSender http);

  /**
   * Sets where the provider's API is. Defaults to the provider's own address.
   *
   * @throws IllegalArgumentException if it is neither https nor on this machine, since credentials
   *     go there; or if it has a query
   */
  public F baseUrl(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null
        || parsed.query() != null
        || !(parsed.isHttps() || LOOPBACK.contains(parsed.host()))) {
      throw new IllegalArgumentException(
          "baseUrl must be an https URL without a query, or an http URL on localhost, since"
              + " credentials go there, but the one given, of "
              + url.length()
              + " characters, is not");
    }
    this.base = parsed;
    return self();
  }

  /**
   * Sets how long connecting may take. Defaults to 5 seconds.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F connectTimeout(Duration timeout) {
    http.connectTimeout(timeout);
    return self();
  }

  /**
   * Sets how long the provider may be silent while it owes an answer. Defaults to 30 seconds.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F readTimeout(Duration timeout) {
    http.readTimeout(timeout);
    return self();
  }

  /**
   * Sets how long a call may take in all, with all attachments on their way. Defaults to 1 minute.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 hour
   */
  public F callTimeout(Duration timeout) {
    http.callTimeout(timeout);
    return self();
  }

  /**
   * Sets the clock by which requests are signed and dated and events are too old. Defaults to the
   * system's; meant for tests.
   */
  public F clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return self();
  }

  /** Lets tests stand between the channel and the provider. */
  HttpSender.Builder http() {
    return http;
  }

  HttpUrl base() {
    return base;
  }

  InstantSource clock() {
    return clock;
  }

  /**
   * Makes the channel. It connects when it first sends, not now.
   *
   * @throws ConfigurationException if {@link #from} was not called
   */
  @Override
  public Channel create() {
    return channel(settings(null, StandardCharsets.UTF_8, List.of()), http.clock(clock).build());
  }

  /** Returns the kind of account and the id, never the credentials. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + id + "]";
  }
}
