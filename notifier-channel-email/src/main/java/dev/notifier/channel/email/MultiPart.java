package dev.notifier.channel.email;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Parts that belong together.
 *
 * @param type {@code multipart/mixed} or the like, and parameters other than the boundary
 * @param boundary starts with "=_", which no text of ours has unencoded (RFC 2045, 6.7)
 */
record MultiPart(String type, String boundary, List<MimePart> parts) implements MimePart {
  @Override
  public void addHeadersTo(HeaderLines headers) {
    headers.add("Content-Type", type + ";\r\n boundary=\"" + boundary + '"');
  }

  @Override
  public void writeBodyTo(OutputStream out) throws IOException {
    byte[] delimiter = ("--" + boundary + "\r\n").getBytes(StandardCharsets.US_ASCII);
    for (MimePart part : parts) {
      out.write(delimiter);
      part.writeTo(out);
      out.write('\r');
      out.write('\n');
    }
    out.write(("--" + boundary + "--").getBytes(StandardCharsets.US_ASCII));
  }
}
