package dev.notifier.channel.telegram;

import dev.notifier.Attachment;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;

/** The bytes of an attachment, sent without another copy of them. */
final class AttachmentBody extends RequestBody {
  private final Attachment attachment;

  AttachmentBody(Attachment attachment) {
    this.attachment = attachment;
  }

  @Override
  public MediaType contentType() {
    return MediaType.get(attachment.contentType());
  }

  @Override
  public long contentLength() {
    return attachment.size();
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    try (Source bytes = Okio.source(attachment.open())) {
      sink.writeAll(bytes);
    }
  }
}
