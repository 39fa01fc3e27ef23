package dev.notifier.channel.email;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests as Amazon wants them, with every header that they have. For plain paths without a
 * query, which is all that this channel calls; others are refused. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">
 *     AWS, create a signed API request</a>
 */
final class AwsSigner {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DAY_LENGTH = "20150830".length();

  /** What is written the same way encoded once, as on the wire, and twice, as it is signed. */
  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9._~/-]+");

  private static final Pattern SPACES = Pattern.compile(" +");

  private final String region;
  private final String service;

  AwsSigner(String region, String service) {
    this.region = region;
    this.service = service;
  }

  /** Returns the request with the headers that prove who sends it. */
  Request sign(Request request, AwsCredentials credentials, Instant now) {
    String time = TIME.format(now);
    Request.Builder dated =
        request.newBuilder().header("Host", host(request.url())).header("X-Amz-Date", time);
    credentials.sessionToken().ifPresent(token -> dated.header("X-Amz-Security-Token", token));
    return signed(dated.build(), credentials, time);
  }

  private Request signed(Request request, AwsCredentials credentials, String time) {
    SortedSet<String> names = headerNames(request);
    String day = time.substring(0, DAY_LENGTH);
    String scope = String.join("/", day, region, service, "aws4_request");
    String text =
        String.join(
            "\n",
            ALGORITHM,
            time,
            scope,
            Secrets.sha256(canonical(request, names).getBytes(StandardCharsets.UTF_8)));
    String signature = Secrets.hex(Secrets.hmacSha256(key(credentials, day), text));
    return request
        .newBuilder()
        .header(
            "Authorization",
            ALGORITHM
                + (" Credential=" + credentials.accessKeyId() + "/" + scope)
                + (", SignedHeaders=" + String.join(";", names))
                + (", Signature=" + signature))
        .build();
  }

  private static SortedSet<String> headerNames(Request request) {
    return request.headers().names().stream()
        .map(AwsSigner::lowerCase)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String canonical(Request request, SortedSet<String> names) {
    String headers =
        names.stream()
            .map(name -> name + ":" + values(request.headers(name)) + "\n")
            .collect(Collectors.joining());
    return String.join(
        "\n",
        request.method(),
        path(request.url()),
        "", // no query
        headers,
        String.join(";", names),
        Secrets.sha256(bytes(request.body())));
  }

  private static String path(HttpUrl url) {
    if (url.query() != null || !PLAIN_PATH.matcher(url.encodedPath()).matches()) {
      throw new IllegalArgumentException(
          "the path must be letters, digits and -._~/ without a query, or its signature is wrong");
    }
    return url.encodedPath();
  }

  private static String values(List<String> values) {
    return values.stream()
        .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
        .collect(Collectors.joining(","));
  }

  private static byte[] bytes(@Nullable RequestBody body) {
    try {
      Buffer buffer = new Buffer();
      if (body != null) {
        body.writeTo(buffer);
      }
      return buffer.readByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] key(AwsCredentials credentials, String day) {
    byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(day, region, service, "aws4_request")) {
      key = Secrets.hmacSha256(key, part);
    }
    return key;
  }

  private static String host(HttpUrl url) {
    boolean usualPort = url.port() == HttpUrl.defaultPort(url.scheme());
    return usualPort ? url.host() : url.host() + ":" + url.port();
  }

  /** Of ASCII. */
  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
