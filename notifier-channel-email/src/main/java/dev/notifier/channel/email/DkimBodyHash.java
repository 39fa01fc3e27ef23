package dev.notifier.channel.email;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Hashes a body in its {@code relaxed} form: runs of spaces and tabs are one space, none stands at
 * the end of a line, and no empty line at the end of the body. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6376#section-3.4.4">RFC 6376, 3.4.4</a>
 */
final class DkimBodyHash extends OutputStream {
  private static final byte[] CRLF = {'\r', '\n'};

  private final MessageDigest digest = newDigest();
  private long lineEnds;
  private boolean space;
  private boolean begun;

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    return newDigest().digest(bytes);
  }

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int next = offset;
    while (next < end) {
      int start = next;
      while (next < end && !isSpace(bytes[next])) {
        next++;
      }
      addWord(bytes, start, next);
      for (; next < end && isSpace(bytes[next]); next++) {
        addSpace(bytes[next]);
      }
    }
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
  }

  private void addWord(byte[] bytes, int start, int end) {
    if (start == end) {
      return;
    }
    for (; lineEnds > 0; lineEnds--) {
      digest.update(CRLF);
    }
    if (space) {
      digest.update((byte) ' ');
      space = false;
    }
    digest.update(bytes, start, end - start);
    begun = true;
  }

  /** A line's end comes as CR LF; the LF alone is counted. */
  private void addSpace(byte octet) {
    if (octet == '\n') {
      lineEnds++;
      space = false;
    } else if (octet != '\r') {
      space = true;
    }
  }

  /** Returns the hash in base64; nothing can be written afterwards. */
  String result() {
    if (begun) {
      digest.update(CRLF);
    }
    return Base64.getEncoder().encodeToString(digest.digest());
  }
}
