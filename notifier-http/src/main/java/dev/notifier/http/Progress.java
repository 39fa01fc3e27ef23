package dev.notifier.http;

import java.util.Optional;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** How far one call has come. Written and read by the calling thread only. */
final class Progress extends EventListener {
  private boolean requestStarted;
  private @Nullable Response head;

  /** Finds the progress that the sender put on the request. */
  static EventListener of(Call call) {
    Progress progress = call.request().tag(Progress.class);
    return progress == null ? EventListener.NONE : progress;
  }

  @Override
  public void requestHeadersStart(Call call) {
    requestStarted = true;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    head = response;
  }

  /** Tells whether the first byte of the request may have left. */
  boolean requestStarted() {
    return requestStarted;
  }

  /** Returns status and headers of the reply, if they came. */
  Optional<Response> head() {
    return Optional.ofNullable(head);
  }
}
