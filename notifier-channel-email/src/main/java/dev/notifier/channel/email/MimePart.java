package dev.notifier.channel.email;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One node of a message's tree. Writes the same bytes each time. */
sealed interface MimePart permits TextPart, FilePart, MultiPart {
  /** Adds its own headers, each ended by CRLF. */
  void addHeadersTo(HeaderLines headers);

  /** Writes what follows the empty line after the headers. */
  void writeBodyTo(OutputStream out) throws IOException;

  /** Writes it as a part of another: headers, the empty line, the body. */
  default void writeTo(OutputStream out) throws IOException {
    HeaderLines headers = new HeaderLines();
    addHeadersTo(headers);
    out.write((headers + "\r\n").getBytes(StandardCharsets.UTF_8));
    writeBodyTo(out);
  }
}
