package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schema of a form in a provider's own OpenAPI document, as far as these tests need it. */
final class FormSchema {
  private final JsonNode schema;

  private FormSchema(JsonNode schema) {
    assertThat(schema.path("properties").size()).as("properties of the schema").isPositive();
    this.schema = schema;
  }

  static FormSchema ofTwilio() {
    return new FormSchema(
        SharedFile.json("twilio/twilio_api_v2010.messages.json")
            .path("paths")
            .path("/2010-04-01/Accounts/{AccountSid}/Messages.json")
            .path("post")
            .path("requestBody")
            .path("content")
            .path("application/x-www-form-urlencoded")
            .path("schema"));
  }

  static FormSchema ofVonage() {
    return new FormSchema(
        SharedFile.json("vonage/sms.yml").path("components").path("schemas").path("NewMessage"));
  }

  static Map<String, List<String>> parse(String body) {
    Map<String, List<String>> form = new LinkedHashMap<>();
    for (String pair : body.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>()).add(decoded(parts[1]));
    }
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  void validate(String body) {
    Map<String, List<String>> form = parse(body);
    schema.path("required").forEach(name -> assertThat(form).containsKey(name.asText()));
    form.forEach(this::validate);
  }

  private void validate(String name, List<String> values) {
    JsonNode property = schema.path("properties").path(name);
    assertThat(property.isMissingNode()).as("property %s is in the specification", name).isFalse();
    boolean array = property.path("type").asText().equals("array");
    assertThat(array || values.size() == 1).as("%s comes once", name).isTrue();
    values.forEach(value -> validate(name, array ? property.path("items") : property, value));
  }

  private static void validate(String name, JsonNode rule, String value) {
    if (rule.path("type").asText().equals("integer")) {
      assertThat(value).as(name).matches("[0-9]+");
      assertThat(Long.parseLong(value))
          .as(name)
          .isGreaterThanOrEqualTo(rule.path("minimum").asLong(0))
          .isLessThanOrEqualTo(rule.path("maximum").asLong(Long.MAX_VALUE));
    }
    assertThat(value.length())
        .as(name)
        .isGreaterThanOrEqualTo(rule.path("minLength").asInt(0))
        .isLessThanOrEqualTo(rule.path("maxLength").asInt(Integer.MAX_VALUE));
    if (rule.has("pattern")) {
      assertThat(value).as(name).containsPattern(rule.path("pattern").asText());
    }
    if (rule.has("enum")) {
      assertThat(rule.path("enum")).as(name).anyMatch(one -> one.asText().equals(value));
    }
    if (rule.path("format").asText().equals("uri")) {
      assertThat(value).as(name).startsWith("https://");
    }
  }
}
