package dev.notifier.channel.email;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines to and replies from one server. Every wait ends, at the latest when the time of the whole
 * use is up; what has timed out is closed.
 *
 * <p>Used by one thread at a time; only {@link #look} and {@link #end} are for any thread.
 */
final class SmtpWire implements SmtpWatch.Watched {
  private static final Logger log = LoggerFactory.getLogger(SmtpWire.class);

  /** The longest honest replies, to EHLO, have a few hundred. */
  private static final int MOST_OCTETS_OF_A_REPLY = 64 * 1024;

  private static final int INPUT_BUFFER = 2048;

  /** A short message and its final dot leave in one piece; so does a full record of TLS. */
  private static final int OUTPUT_BUFFER = 16 * 1024;

  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};
  private static final long NEVER = 0;

  /** A reply as it came: its code, 0 if it has none, and its lines, joined by line feeds. */
  record RawReply(int code, String lines) {}

  private final Socket plain;
  private final SmtpWatch watch;
  private final Duration writeTimeout;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private final byte[] input = new byte[INPUT_BUFFER];
  private int position;
  private int limit;
  private final byte[] output = new byte[OUTPUT_BUFFER];
  private int buffered;
  private long endOfUse = NEVER;
  private volatile long deadline = NEVER;
  private volatile boolean expired;

  /** Takes over a socket that is connected. */
  SmtpWire(Socket connected, SmtpWatch watch, Duration writeTimeout) throws IOException {
    this.plain = connected;
    this.socket = connected;
    this.watch = watch;
    this.writeTimeout = writeTimeout;
    this.in = connected.getInputStream();
    this.out = connected.getOutputStream();
    watch.add(this);
  }

  InetAddress localAddress() {
    return plain.getLocalAddress();
  }

  boolean isOpen() {
    return !plain.isClosed();
  }

  /** Tells whether the server has said more than it was asked, so that answers cannot be told. */
  boolean hasUnread() {
    return position < limit;
  }

  /** Limits all that is said from now on, taken together. */
  void limitUse(Duration longest) {
    endOfUse = nanos() + longest.toNanos();
  }

  // --- TLS --------------------------------------------------------------------------------------

  /** Wraps a connected socket, and shakes hands. */
  @FunctionalInterface
  interface Securing {
    Socket secure(Socket plain) throws IOException;
  }

  /**
   * Turns to TLS.
   *
   * @throws IOException also if the server, or somebody on the way, has said anything beyond its
   *     last reply: it would pass for something that came over TLS (CVE-2011-0411)
   */
  void secure(Securing securing, Duration timeout) throws IOException {
    if (hasUnread()) {
      throw new IOException("the server said more than one reply before TLS began");
    }
    start(timeout);
    try {
      socket = securing.secure(plain);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw explained(e, timeout);
    } finally {
      deadline = NEVER;
    }
  }

  // --- Writing ----------------------------------------------------------------------------------

  /** Writes a line, which may hold nothing that ends it; it leaves with the next flush. */
  void write(String line) throws IOException {
    byte[] octets = line.getBytes(StandardCharsets.UTF_8);
    write(octets, 0, octets.length);
    write('\r');
    write('\n');
  }

  /**
   * Writes a message, with the dots at the start of lines doubled; its end leaves with the next
   * flush, before which {@link #writeFinalDot} must come.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.5.2">RFC 5321, 4.5.2</a>
   */
  void writeContent(byte[] content) throws IOException {
    int start = 0;
    boolean lineStart = true;
    for (int i = 0; i < content.length; i++) {
      if (lineStart && content[i] == '.') {
        write(content, start, i - start);
        write('.');
        start = i;
      }
      lineStart = content[i] == '\n';
    }
    write(content, start, content.length - start);
    if (!lineStart) {
      write('\r');
      write('\n');
    }
  }

  void writeFinalDot() throws IOException {
    write(FINAL_DOT, 0, FINAL_DOT.length);
  }

  private void write(char octet) throws IOException {
    if (buffered == output.length) {
      flush();
    }
    output[buffered++] = (byte) octet;
  }

  private void write(byte[] octets, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (buffered == output.length) {
        flush();
      }
      int count = Math.min(length - done, output.length - buffered);
      System.arraycopy(octets, offset + done, output, buffered, count);
      buffered += count;
      done += count;
    }
  }

  void flush() throws IOException {
    start(writeTimeout);
    try {
      out.write(output, 0, buffered);
      out.flush();
      buffered = 0;
    } catch (IOException e) {
      throw explained(e, writeTimeout);
    } finally {
      deadline = NEVER;
    }
  }

  // --- Reading ----------------------------------------------------------------------------------

  /**
   * Reads one reply, of one or more lines.
   *
   * @throws EOFException if there is none
   */
  RawReply read(Duration timeout) throws IOException {
    start(timeout);
    try {
      return read();
    } catch (IOException e) {
      throw explained(e, timeout);
    } finally {
      deadline = NEVER;
    }
  }

  private RawReply read() throws IOException {
    String line = readLine();
    if (!isContinued(line)) {
      return new RawReply(codeOf(line), line);
    }
    StringBuilder lines = new StringBuilder(line);
    while (isContinued(line)) {
      if (lines.length() > MOST_OCTETS_OF_A_REPLY) {
        throw tooLong();
      }
      line = readLine();
      lines.append('\n').append(line);
    }
    return new RawReply(codeOf(line), lines.toString());
  }

  private static boolean isContinued(String line) {
    return line.isEmpty() || (line.length() > 3 && line.charAt(3) == '-' && codeOf(line) > 0);
  }

  private static int codeOf(String line) {
    int code = 0;
    for (int i = 0; i < 3; i++) {
      char digit = i < line.length() ? line.charAt(i) : '?';
      if (digit < '0' || digit > '9') {
        return 0;
      }
      code = code * 10 + digit - '0';
    }
    return line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-' ? code : 0;
  }

  private String readLine() throws IOException {
    int start = position;
    for (int i = position; i < limit; i++) {
      if (input[i] == '\n') {
        position = i + 1;
        return text(input, start, i);
      }
    }
    return readLongLine();
  }

  /** A line of which a part is yet to come. */
  private String readLongLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      for (int i = position; i < limit; i++) {
        if (input[i] == '\n') {
          line.write(input, position, i - position);
          position = i + 1;
          return text(line.toByteArray(), 0, line.size());
        }
      }
      line.write(input, position, limit - position);
      if (line.size() > MOST_OCTETS_OF_A_REPLY) {
        throw tooLong();
      }
      fill();
    }
  }

  private static IOException tooLong() {
    return new IOException("the server said more than " + MOST_OCTETS_OF_A_REPLY + " octets");
  }

  private void fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(input, 0, input.length));
    if (limit == 0) {
      throw new EOFException("the server has closed the connection");
    }
  }

  private static String text(byte[] octets, int from, int to) {
    return new String(octets, from, to - from, StandardCharsets.UTF_8).strip();
  }

  // --- Its end ----------------------------------------------------------------------------------

  private static long nanos() {
    return System.nanoTime() | 1; // never NEVER
  }

  private void start(Duration timeout) {
    long end = nanos() + timeout.toNanos();
    deadline = endOfUse != NEVER && endOfUse - end < 0 ? endOfUse : end | 1;
  }

  @Override
  public void look() {
    long end = deadline;
    if (end != NEVER && nanos() - end > 0) {
      expired = true;
      end();
    }
  }

  /** Closes the connection without a word, whatever somebody is doing with it. */
  @Override
  public void end() {
    watch.remove(this);
    try {
      plain.close();
    } catch (IOException e) {
      log.debug("a connection was not closed: {}", e.toString());
    }
  }

  /** A wait that was ended by {@link #look} fails as a closed socket, which says nothing. */
  private IOException explained(IOException failure, Duration timeout) {
    if (!expired) {
      return failure;
    }
    SocketTimeoutException timedOut = new SocketTimeoutException("no answer within " + timeout);
    timedOut.addSuppressed(failure);
    return timedOut;
  }

  /** Says goodbye, waits for nothing and closes the connection. */
  void quit() {
    try {
      write("QUIT");
      flush();
      socket.close();
    } catch (IOException e) {
      log.debug("a connection was left without QUIT: {}", e.toString());
    } finally {
      end();
    }
  }
}
