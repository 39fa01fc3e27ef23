package dev.notifier.channel.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.http.HttpOutcome;
import dev.notifier.http.HttpSender;
import dev.notifier.http.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Speaks the Bot API: makes a request of a step and sends it. The token is in every URL, so no URL
 * leaves this class. Thread-safe.
 *
 * @see <a href="https://core.telegram.org/bots/api#making-requests">Bot API, making requests</a>
 */
final class BotApi implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final List<String> METHODS =
      List.of("getMe", "sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup");

  private final HttpUrl base;
  private final HttpSender sender;
  private final Redaction redaction;
  private final Map<String, HttpUrl> urls; // by method

  BotApi(HttpUrl server, String token, HttpSender sender) {
    this.base = server.newBuilder().addPathSegment("bot" + token).build();
    this.sender = sender;
    this.redaction = Redaction.of(base, List.of(token));
    this.urls =
        METHODS.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    method -> method, method -> base.newBuilder().addPathSegment(method).build()));
  }

  /** Asks who the bot is. */
  HttpOutcome getMe() {
    return call("getMe", RequestBody.create(Json.bytes(Json.object()), JSON));
  }

  /**
   * Sends one step of a message.
   *
   * @param plain whether the text goes without its markup
   */
  HttpOutcome send(Step step, String chat, Message message, boolean plain) {
    ObjectNode fields = Json.object();
    putChat(fields, chat);
    putOptions(fields, message.options());
    if (step.files().isEmpty()) {
      putText(fields, "text", step, message, plain);
      putLinkPreview(fields, message.options());
      putReplyMarkup(fields, step, message.options());
      return call("sendMessage", body(fields, Map.of()));
    }
    return step.isAlbum()
        ? sendAlbum(step, fields, message, plain)
        : sendFile(step, fields, message, plain);
  }

  private HttpOutcome sendFile(Step step, ObjectNode fields, Message message, boolean plain) {
    MediaFile file = step.files().get(0);
    Map<String, MediaFile.Upload> uploads = new LinkedHashMap<>();
    if (file instanceof MediaFile.Link link) {
      fields.put(file.kind().field(), link.url());
    } else if (file instanceof MediaFile.Upload upload) {
      uploads.put(file.kind().field(), upload);
    }
    putText(fields, "caption", step, message, plain);
    putReplyMarkup(fields, step, message.options());
    return call(file.kind().method(), body(fields, uploads));
  }

  private HttpOutcome sendAlbum(Step step, ObjectNode fields, Message message, boolean plain) {
    Map<String, MediaFile.Upload> uploads = new LinkedHashMap<>();
    ArrayNode media = fields.putArray("media");
    for (MediaFile file : step.files()) {
      ObjectNode entry = media.addObject().put("type", file.kind().field());
      if (file instanceof MediaFile.Link link) {
        entry.put("media", link.url());
      } else if (file instanceof MediaFile.Upload upload) {
        String name = "file" + uploads.size();
        uploads.put(name, upload);
        entry.put("media", "attach://" + name);
      }
      if (media.size() == 1) {
        putText(entry, "caption", step, message, plain); // shown as the caption of the album
      }
    }
    return call("sendMediaGroup", body(fields, uploads));
  }

  private static void putChat(ObjectNode fields, String chat) {
    if (chat.startsWith("@")) {
      fields.put("chat_id", chat);
    } else {
      fields.put("chat_id", Long.parseLong(chat));
    }
  }

  private static void putOptions(ObjectNode fields, MessageOptions options) {
    options.topic().ifPresent(topic -> fields.put("message_thread_id", topic));
    if (options.silent()) {
      fields.put("disable_notification", true);
    }
    if (options.protectContent()) {
      fields.put("protect_content", true);
    }
  }

  private static void putText(
      ObjectNode fields, String name, Step step, Message message, boolean plain) {
    if (step.text().isBlank()) {
      return;
    }
    fields.put(name, plain ? step.text().visible() : step.text().source());
    if (!plain && message.mode() != ParseMode.PLAIN) {
      fields.put("parse_mode", message.mode() == ParseMode.HTML ? "HTML" : "MarkdownV2");
    }
  }

  private static void putLinkPreview(ObjectNode fields, MessageOptions options) {
    if (!options.linkPreview()) {
      fields.putObject("link_preview_options").put("is_disabled", true);
    }
  }

  private static void putReplyMarkup(ObjectNode fields, Step step, MessageOptions options) {
    if (step.withReplyMarkup()) {
      options.replyMarkup().ifPresent(markup -> fields.set("reply_markup", markup));
    }
  }

  private static RequestBody body(ObjectNode fields, Map<String, MediaFile.Upload> uploads) {
    if (uploads.isEmpty()) {
      return RequestBody.create(Json.bytes(fields), JSON);
    }
    MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
    fields
        .properties()
        .forEach(field -> form.addFormDataPart(field.getKey(), formValue(field.getValue())));
    uploads.forEach(
        (name, upload) ->
            form.addFormDataPart(
                name, upload.attachment().name(), new AttachmentBody(upload.attachment())));
    return form.build();
  }

  private static String formValue(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private HttpOutcome call(String method, RequestBody body) {
    HttpUrl url = Objects.requireNonNull(urls.get(method), method);
    return sender.send(new Request.Builder().url(url).post(body).build());
  }

  /** Returns what must be hidden of whatever a server says. */
  Redaction redaction() {
    return redaction;
  }

  @Override
  public void close() {
    sender.close();
  }

  /** Returns the server, and not the token. */
  @Override
  public String toString() {
    return Redaction.url(base);
  }
}
