package dev.notifier.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends requests, each once, on the calling thread. Thread-safe; a channel makes one and keeps it.
 *
 * <p>It follows no redirect, sends no body twice, reads no reply without end, and every wait in it
 * ends. The bytes of the body are sent as they are. OkHttp's housekeeping threads are daemons, are
 * shared by the JVM and end a minute after their last work.
 *
 * @see <a href="https://square.github.io/okhttp/">OkHttp</a>
 */
public final class HttpSender implements AutoCloseable {
  private static final String USER_AGENT = "notifier/" + version();
  private static final int CHUNK = 8192;

  private final OkHttpClient client;
  private final int keptBytes;
  private final InstantSource clock;

  private HttpSender(Builder builder) {
    this.client = builder.client();
    this.keptBytes = builder.keptBytes;
    this.clock = builder.clock;
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a request. A body that is text should be made from bytes: made from a string, it has a
   * charset added to its content type.
   *
   * @return what came of it; a failure of the network is an outcome, not an exception
   */
  public HttpOutcome send(Request request) {
    Progress progress = new Progress();
    try (Response response = client.newCall(prepared(request, progress)).execute()) {
      return read(response, clock.instant());
    } catch (IOException e) {
      return progress
          .head() // a 204 with a body, say: the status is known, and that is what counts
          .<HttpOutcome>map(head -> new HttpReply(head, new byte[0], false, clock.instant()))
          .orElseGet(() -> noReply(request, progress.requestStarted(), e));
    }
  }

  private static Request prepared(Request request, Progress progress) {
    Request.Builder prepared = request.newBuilder().tag(Progress.class, progress);
    RequestBody body = request.body();
    if (body != null) {
      prepared.method(request.method(), new OneShotBody(body));
    }
    if (request.header("User-Agent") == null) {
      prepared.header("User-Agent", USER_AGENT);
    }
    return prepared.build();
  }

  private HttpReply read(Response response, Instant receivedAt) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    boolean complete;
    try (InputStream body = response.body().byteStream()) {
      complete = copy(body, kept);
    } catch (IOException e) {
      complete = false;
    }
    return new HttpReply(response, kept.toByteArray(), complete, receivedAt);
  }

  /** Copies as much as is kept, and tells whether that was all. */
  private boolean copy(InputStream body, ByteArrayOutputStream kept) throws IOException {
    byte[] chunk = new byte[CHUNK];
    while (true) {
      int room = keptBytes - kept.size();
      int count = body.read(chunk, 0, Math.min(CHUNK, Math.max(room, 1)));
      if (count < 0) {
        return true;
      }
      if (room == 0) {
        return false;
      }
      kept.write(chunk, 0, count);
    }
  }

  private static NoReply noReply(Request request, boolean requestSent, IOException failure) {
    Redaction redaction = Redaction.of(request.url());
    String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    String reason =
        (requestSent ? "no reply from " : "no connection to ")
            + Redaction.url(request.url())
            + ": "
            + failure.getClass().getSimpleName()
            + redaction.apply(message);
    return new NoReply(requestSent, reason, failure);
  }

  /** Breaks off the calls that are under way and closes the idle connections. */
  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }

  private static String version() {
    try (InputStream file =
        Objects.requireNonNull(HttpSender.class.getResourceAsStream("version.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects the settings of a sender. Not thread-safe. */
  public static final class Builder {
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration readTimeout = Duration.ofSeconds(20);
    private Duration writeTimeout = Duration.ofSeconds(10);
    private Duration callTimeout = Duration.ofSeconds(30);
    private int idleConnections = 64;
    private int keptBytes = 64 * 1024;
    private InstantSource clock = InstantSource.system();
    private Consumer<OkHttpClient.Builder> customization = client -> {};

    private Builder() {}

    /**
     * Sets how long connecting to one address may take. Defaults to 5 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = checkTimeout("connectTimeout", timeout);
      return this;
    }

    /**
     * Sets how long the server may be silent while it owes a reply. Defaults to 20 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder readTimeout(Duration timeout) {
      this.readTimeout = checkTimeout("readTimeout", timeout);
      return this;
    }

    /**
     * Sets how long the server may take no byte while the request is sent. Defaults to 10 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder writeTimeout(Duration timeout) {
      this.writeTimeout = checkTimeout("writeTimeout", timeout);
      return this;
    }

    /**
     * Sets how long a call may take in all, from looking up the name to the end of the reply.
     * Defaults to 30 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or over 1 hour
     */
    public Builder callTimeout(Duration timeout) {
      this.callTimeout = checkTimeout("callTimeout", timeout);
      return this;
    }

    private static Duration checkTimeout(String what, Duration timeout) {
      if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
        throw new IllegalArgumentException(
            what + " must be from 1 ms to 1 hour, but was " + timeout);
      }
      return timeout;
    }

    /**
     * Sets how many idle connections are kept, for 5 minutes each. Should not be below the
     * concurrency of the channel, or it connects anew all the time. Defaults to 64.
     *
     * @throws IllegalArgumentException if it is not from 0 to 10,000
     */
    public Builder idleConnections(int connections) {
      if (connections < 0 || connections > 10_000) {
        throw new IllegalArgumentException(
            "idleConnections must be from 0 to 10000, but was " + connections);
      }
      this.idleConnections = connections;
      return this;
    }

    /**
     * Sets how many bytes of a reply's body are kept; the rest is dropped. Defaults to 65,536.
     *
     * @throws IllegalArgumentException if it is not from 0 to 10,485,760
     */
    public Builder keptBytes(int bytes) {
      if (bytes < 0 || bytes > 10 * 1024 * 1024) {
        throw new IllegalArgumentException(
            "keptBytes must be from 0 to 10485760, but was " + bytes);
      }
      this.keptBytes = bytes;
      return this;
    }

    /** Sets the clock by which Retry-After dates are read. Defaults to the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets what else the client needs, such as a proxy, a socket factory or certificates of the
     * host's own. Runs when the sender is made and before its own settings are put in force, so
     * that it can undo none of them. Unless it sets a proxy, the JVM's proxy selector decides.
     */
    public Builder client(Consumer<OkHttpClient.Builder> customization) {
      this.customization = Objects.requireNonNull(customization, "customization");
      return this;
    }

    /** Makes the sender. */
    public HttpSender build() {
      return new HttpSender(this);
    }

    private OkHttpClient client() {
      OkHttpClient.Builder client = new OkHttpClient.Builder();
      customization.accept(client);
      return client
          .connectTimeout(connectTimeout)
          .readTimeout(readTimeout)
          .writeTimeout(writeTimeout)
          .callTimeout(callTimeout)
          .connectionPool(new ConnectionPool(idleConnections, 5, TimeUnit.MINUTES))
          .followRedirects(false)
          .followSslRedirects(false)
          .retryOnConnectionFailure(false)
          .eventListenerFactory(Progress::of)
          .build();
    }
  }
}
