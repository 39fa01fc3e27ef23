package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The schema of a request in a provider's own description of its API, as far as these tests need
 * it: an OpenAPI document, or Amazon's model.
 */
final class JsonSchema {
  private final JsonNode document;

  private JsonSchema(JsonNode document) {
    this.document = document;
  }

  /** Checks a body of SendGrid's "mail send" against its OpenAPI document. */
  static void ofSendGrid(JsonNode body) {
    JsonSchema schema = new JsonSchema(SharedFile.json("sendgrid/tsg_mail_v3.json"));
    schema.openApi(
        "body",
        schema.document.at(
            "/components/requestBodies/PostMailSend/content/application~1json/schema"),
        body);
  }

  private void openApi(String name, JsonNode rule, JsonNode value) {
    if (rule.has("$ref")) {
      openApi(name, document.at(rule.path("$ref").asText().substring(1)), value);
      return;
    }
    switch (rule.path("type").asText()) {
      case "object" -> openApiObject(name, rule, value);
      case "array" -> {
        assertThat(value.isArray()).as(name).isTrue();
        assertThat(value.size()).as(name).isLessThanOrEqualTo(rule.path("maxItems").asInt(99));
        value.forEach(item -> openApi(name + "[]", rule.path("items"), item));
      }
      case "string" -> {
        assertThat(value.isTextual()).as(name).isTrue();
        assertThat(value.asText().length())
            .as(name)
            .isGreaterThanOrEqualTo(rule.path("minLength").asInt(0));
        if (rule.has("enum")) {
          assertThat(rule.path("enum")).as(name).contains(value);
        }
      }
      default -> throw new AssertionError("no rule for " + name + ": " + rule);
    }
  }

  private void openApiObject(String name, JsonNode rule, JsonNode value) {
    assertThat(value.isObject()).as(name).isTrue();
    rule.path("required").forEach(key -> assertThat(value.has(key.asText())).as(name).isTrue());
    if (rule.has("properties")) { // else it is open, as headers are
      value
          .properties()
          .forEach(
              property -> {
                JsonNode known = rule.path("properties").path(property.getKey());
                assertThat(known.isMissingNode())
                    .as("%s.%s is in the specification", name, property.getKey())
                    .isFalse();
                openApi(name + "." + property.getKey(), known, property.getValue());
              });
    }
  }

  /** Checks a body of SES' "SendEmail" against the model of Amazon's own SDKs. */
  static void ofSes(JsonNode body) {
    JsonSchema schema = new JsonSchema(SharedFile.json("aws/ses/sesv2-2019-09-27.trimmed.json"));
    schema.shape("body", "SendEmailRequest", body);
  }

  private void shape(String name, String shape, JsonNode value) {
    JsonNode rule = document.path("shapes").path(shape);
    switch (rule.path("type").asText()) {
      case "structure" -> {
        assertThat(value.isObject()).as(name).isTrue();
        rule.path("required").forEach(key -> assertThat(value.has(key.asText())).as(name).isTrue());
        value
            .properties()
            .forEach(
                member -> {
                  JsonNode known = rule.path("members").path(member.getKey());
                  assertThat(known.isMissingNode())
                      .as("%s.%s is in the model", name, member.getKey())
                      .isFalse();
                  shape(
                      name + "." + member.getKey(),
                      known.path("shape").asText(),
                      member.getValue());
                });
      }
      case "list" ->
          value.forEach(
              item -> shape(name + "[]", rule.path("member").path("shape").asText(), item));
      case "string", "blob" -> assertThat(value.isTextual()).as(name).isTrue();
      default -> throw new AssertionError("no rule for " + name + ": " + rule);
    }
  }
}
