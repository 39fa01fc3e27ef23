package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks requests against the published description of the Bot API, where that is at hand. */
final class ApiDescription {
  private static final Optional<JsonNode> DESCRIPTION =
      SharedData.json("telegram/bot-api-10.1.json");

  private ApiDescription() {}

  /** Fails if the request has a parameter too many, too few, or of the wrong type. */
  static void check(BotServer.Call call) {
    DESCRIPTION.ifPresent(
        api -> {
          JsonNode method = api.path("methods").path(call.method());
          assertThat(method.isObject()).as("method " + call.method()).isTrue();
          JsonNode parameters = call.parameters().deepCopy();
          call.files()
              .forEach(
                  file -> {
                    if (has(method.path("fields"), file.part())) {
                      ((com.fasterxml.jackson.databind.node.ObjectNode) parameters)
                          .put(file.part(), "attach://" + file.part());
                    }
                  });
          assertThat(faults(api, call.method(), method.path("fields"), parameters)).isEmpty();
        });
  }

  private static boolean has(JsonNode fields, String name) {
    return fields.findValuesAsText("name").contains(name);
  }

  private static List<String> faults(JsonNode api, String path, JsonNode fields, JsonNode value) {
    List<String> faults = new ArrayList<>();
    value
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!has(fields, name)) {
                faults.add(path + " knows no " + name);
              }
            });
    for (JsonNode field : fields) {
      String name = field.path("name").asText();
      if (value.has(name)) {
        faults.addAll(typeFaults(api, path + "." + name, field.path("types"), value.path(name)));
      } else if (field.path("required").asBoolean()) {
        faults.add(path + " lacks " + name);
      }
    }
    return faults;
  }

  private static List<String> typeFaults(
      JsonNode api, String path, JsonNode types, JsonNode value) {
    List<String> fewest = List.of(path + " fits none of " + types);
    for (JsonNode type : types) {
      List<String> faults = faultsAs(api, path, type.asText(), value);
      if (faults.isEmpty()) {
        return faults;
      }
      fewest = faults;
    }
    return fewest;
  }

  private static List<String> faultsAs(JsonNode api, String path, String type, JsonNode value) {
    if (type.startsWith("Array of ")) {
      return arrayFaults(api, path, type.substring("Array of ".length()), value);
    }
    boolean fits =
        switch (type) {
          case "Integer" -> value.isIntegralNumber();
          case "String", "InputFile" -> value.isTextual();
          case "Boolean" -> value.isBoolean();
          case "Float" -> value.isNumber();
          default -> value.isObject();
        };
    if (!fits) {
      return List.of(path + " must be " + type + ", but is " + value.getNodeType());
    }
    return value.isObject()
        ? faults(api, path, api.path("types").path(type).path("fields"), value)
        : List.of();
  }

  private static List<String> arrayFaults(JsonNode api, String path, String type, JsonNode value) {
    if (!value.isArray()) {
      return List.of(path + " must be an array");
    }
    List<String> faults = new ArrayList<>();
    value.forEach(entry -> faults.addAll(faultsAs(api, path, type, entry)));
    return faults;
  }
}
