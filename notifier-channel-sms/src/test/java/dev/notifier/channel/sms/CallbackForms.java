package dev.notifier.channel.sms;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the parameters of callbacks as providers do. */
final class CallbackForms {
  private CallbackForms() {}

  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String json(Map<String, String> parameters) {
    return new ObjectMapper().valueToTree(parameters).toString();
  }
}
