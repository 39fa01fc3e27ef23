package dev.notifier.channel.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.spi.InvalidCallbackException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The parameters of a callback, from its query, form or JSON object, in the order of names. */
final class CallbackParameters {
  private static final int MOST = 1000;

  private final TreeMap<String, List<String>> values = new TreeMap<>();

  private CallbackParameters() {}

  static CallbackParameters none() {
    return new CallbackParameters();
  }

  /** Returns the parameters in the query of a URL. */
  static CallbackParameters ofQuery(String url) {
    return ofForm(rawQuery(url));
  }

  /** Returns the parameters in the body, by its content type; a form unless it says JSON. */
  static CallbackParameters ofBody(CallbackRequest request) {
    return isJson(request) ? ofJson(request.body()) : ofForm(request.body());
  }

  static CallbackParameters ofForm(byte[] body) {
    return ofForm(new String(body, StandardCharsets.UTF_8));
  }

  private static boolean isJson(CallbackRequest request) {
    return request
        .header("Content-Type")
        .filter(type -> type.toLowerCase(Locale.ROOT).contains("json"))
        .isPresent();
  }

  /** Returns what stands between the question mark and the fragment, as it is. */
  private static String rawQuery(String url) {
    int start = url.indexOf('?');
    int end = url.indexOf('#');
    return start < 0 ? "" : url.substring(start + 1, end < start ? url.length() : end);
  }

  private static CallbackParameters ofForm(String form) {
    CallbackParameters parameters = new CallbackParameters();
    for (String pair : form.isEmpty() ? new String[0] : form.split("&", MOST + 1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      parameters.add(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }
    return parameters.checked();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw InvalidCallbackException.malformed("a parameter of the callback is not URL-encoded");
    }
  }

  private static CallbackParameters ofJson(byte[] body) {
    JsonNode object = Json.read(body);
    if (!object.isObject()) {
      throw InvalidCallbackException.malformed("the body of the callback is not a JSON object");
    }
    CallbackParameters parameters = new CallbackParameters();
    object
        .properties()
        .forEach(
            property -> {
              if (property.getValue().isValueNode() && !property.getValue().isNull()) {
                parameters.add(property.getKey(), property.getValue().asText());
              }
            });
    return parameters.checked();
  }

  private void add(String name, String value) {
    values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
  }

  private CallbackParameters checked() {
    if (values.size() > MOST) {
      throw InvalidCallbackException.malformed(
          "the callback has more than " + MOST + " parameters");
    }
    return this;
  }

  /** Returns the first value of a parameter; a blank one counts as none. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name))
        .map(all -> all.get(0))
        .filter(value -> !value.isBlank());
  }

  /** Returns every value by its name, in the order of names. */
  Map<String, List<String>> all() {
    return values;
  }
}
