package dev.notifier.benchmarks;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.channel.webhook.WebhookChannel;
import dev.notifier.http.HttpReply;
import dev.notifier.http.HttpSender;
import dev.notifier.spi.Channel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * What do the safe settings of the HTTP channels cost, compared with a bare OkHttp loop?
 *
 * <p>16 threads post 1 KB each to a sink on loopback that answers at once. The whole webhook
 * channel also makes JSON and a signature for each.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=HttpBenchmark [-Drun.args="200000 7"]
 * }</pre>
 *
 * <p>Arguments: requests per round (100,000), rounds (5).
 */
final class HttpBenchmark {
  private static final int THREADS = 16;
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  private final int jobs;
  private final Request request;
  private final DeliveryAttempt attempt;

  private HttpBenchmark(int jobs, int port) {
    this.jobs = jobs;
    String url = "http://127.0.0.1:" + port + "/hook";
    RequestBody body = RequestBody.create(new byte[1024], MediaType.get("application/json"));
    this.request = new Request.Builder().url(url).post(body).build();
    this.attempt =
        DeliveryAttempt.of(
            new DeliveryId(new NotificationId(new UUID(0, 0)), 0),
            Notification.to("webhook:" + url).text("x".repeat(800)).build(),
            ChannelId.of("webhook"),
            1);
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws Exception {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Machine.print();
    System.out.printf("%,d requests a round by %d threads, %d rounds%n", jobs, THREADS, rounds);
    try (ServerSocket sink = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      daemon(() -> accept(sink));
      new HttpBenchmark(jobs, sink.getLocalPort()).compare(rounds);
    }
  }

  private void compare(int rounds) throws InterruptedException {
    OkHttpClient bare =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(64, 5, TimeUnit.MINUTES))
            .build();
    OkHttpClient bareDefaults = new OkHttpClient();
    HttpSender sender = HttpSender.builder().build();
    Channel webhook =
        WebhookChannel.signedWith("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
            .allowHttp("127.0.0.1")
            .allowHost("127.0.0.1")
            .callsPerHost(THREADS)
            .create();
    new Comparison("OkHttp, pool of 64")
        .add("OkHttp, pool of 64", () -> rate(() -> post(bare)))
        .add("OkHttp, defaults", () -> rate(() -> post(bareDefaults)))
        .add("HttpSender", () -> rate(() -> post(sender)))
        .add("webhook channel, signed", () -> rate(() -> post(webhook)))
        .run(rounds);
    sender.close();
    webhook.close();
  }

  private double rate(Runnable job) throws InterruptedException {
    long start = System.nanoTime();
    Load.produce(THREADS, jobs, index -> job.run());
    return jobs * 1e9 / (System.nanoTime() - start);
  }

  private void post(OkHttpClient client) {
    try (Response response = client.newCall(request).execute()) {
      check(response.isSuccessful() && response.body().bytes().length == 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void post(HttpSender sender) {
    check(sender.send(request) instanceof HttpReply reply && reply.isSuccessful());
  }

  private void post(Channel channel) {
    try {
      check(channel.send(attempt) instanceof DeliveryResult.Accepted);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(boolean accepted) {
    if (!accepted) {
      throw new IllegalStateException("the sink did not accept a request");
    }
  }

  // --- The sink ---------------------------------------------------------------------------------

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  private static void accept(ServerSocket sink) {
    try {
      while (true) {
        Socket connection = sink.accept();
        connection.setTcpNoDelay(true);
        daemon(() -> answer(connection));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void answer(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream(), 8192);
      while (skipRequest(in)) {
        connection.getOutputStream().write(ANSWER);
      }
    } catch (IOException e) {
      // the client went away
    }
  }

  /** Reads up to the empty line, notes Content-Length on the way, and skips that much. */
  private static boolean skipRequest(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    long length = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n' && line.length() == 0) {
        in.skipNBytes(length);
        return true;
      }
      if (next == '\n') {
        String text = line.toString();
        if (text.regionMatches(true, 0, "Content-Length:", 0, 15)) {
          length = Long.parseLong(text.substring(15).strip());
        }
        line.setLength(0);
      } else if (next != '\r') {
        line.append((char) next);
      }
    }
    return false;
  }
}
