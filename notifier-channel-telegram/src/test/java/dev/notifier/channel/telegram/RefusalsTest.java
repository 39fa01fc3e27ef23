package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each answer means: the official server's list, and what proxies say. */
class RefusalsTest {
  private static final Optional<JsonNode> CONTRACT =
      SharedData.json("telegram/server-error-contract.json");

  private final BotServer server = new BotServer();
  private final TelegramChannel channel = server.bot().create();

  @AfterEach
  void close() {
    channel.close();
    server.close();
  }

  private DeliveryResult answer(ResponseDefinitionBuilder reply) {
    server.then(reply);
    return channel.send(Attempts.text("x"));
  }

  static Stream<Arguments> contract() {
    return Stream.of(
            group("403_exact", 403, "suppress"),
            group("400_recipient", 400, "permanent"),
            group("400_content", 400, "permanent"),
            group("401", 401, "configuration"),
            group("404", 404, "configuration"),
            group("409", 409, "permanent"))
        .flatMap(group -> group);
  }

  private static Stream<Arguments> group(String name, int status, String meaning) {
    if (CONTRACT.isEmpty()) {
      return Stream.of(arguments(status, "", meaning));
    }
    return Stream.iterate(0, i -> i < CONTRACT.get().path(name).size(), i -> i + 1)
        .map(i -> CONTRACT.get().path(name).path(i).asText())
        .map(description -> arguments(status, description, meaning));
  }

  @ParameterizedTest
  @MethodSource("contract")
  void everyLineOfTheServersContractIsUnderstood(int status, String description, String meaning) {
    assumeTrue(!description.isEmpty(), "there is no contract beside the project");
    for (String written : new String[] {description, description.toUpperCase(Locale.ROOT)}) {
      if (written.toLowerCase(Locale.ROOT).contains("can't parse entities")) {
        server.then(BotServer.refused(status, written)); // sent again as plain text
      }
      DeliveryResult result = answer(BotServer.refused(status, written));

      assertThat(result).as(written).isInstanceOf(Permanent.class);
      Permanent permanent = (Permanent) result;
      boolean suppress =
          meaning.equals("suppress") || description.equals("Bad Request: group is deactivated");
      assertThat(permanent.suppressRecipient()).as(written).isEqualTo(suppress);
      assertThat(permanent.configurationFault())
          .as(written)
          .isEqualTo(meaning.equals("configuration"));
      assertThat(permanent.reason()).startsWith(Integer.toString(status));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          300 | <html>moved</html>                    | configuration
          302 |                                       | configuration
          400 | <html>400 Bad Request</html>          | configuration
          403 | <html>blocked by policy</html>        | configuration
          404 | <html>not found</html>                | configuration
          407 |                                       | configuration
          413 | <html>413 Too Large</html>            | permanent
          418 | {"ok":false,"error_code":418}         | permanent
          408 |                                       | transient
          503 | <html>503</html>                      | transient
          500 | {"ok":false,"error_code":500,"description":"Internal Server Error: restart"} | ambiguous
          502 | <html>502 Bad Gateway</html>          | ambiguous
          504 |                                       | ambiguous
          599 | "text"                                | ambiguous
          200 | <html>log in to the wifi</html>       | ambiguous
          200 | {"error":"x"}                         | ambiguous
          200 | {"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"} | suppress
          200 | {"ok":true,"result":{"message_id":5}} | accepted
          200 | {"ok":true,"result":{"mess            | accepted
          200 | {"ok":true}                           | accepted
          429 | <html>slow down</html>                | deferred
          """)
  void answersOfProxiesAndOddServersAreUnderstood(int status, String body, String meaning) {
    DeliveryResult result = answer(BotServer.json(status, body == null ? "" : body));

    assertThat(result).as(result.toString()).isInstanceOf(type(meaning));
    if (result instanceof Permanent permanent) {
      assertThat(permanent.configurationFault()).isEqualTo(meaning.equals("configuration"));
      assertThat(permanent.suppressRecipient()).isEqualTo(meaning.equals("suppress"));
    }
    assertThat(server.calls()).hasSize(1);
  }

  private static Class<? extends DeliveryResult> type(String meaning) {
    return switch (meaning) {
      case "accepted" -> Accepted.class;
      case "transient" -> Transient.class;
      case "ambiguous" -> Ambiguous.class;
      case "deferred" -> Deferred.class;
      default -> Permanent.class;
    };
  }

  @Test
  void aServerThatIsBusySaysForHowLong() {
    DeliveryResult result = answer(BotServer.json(503, "").withHeader("Retry-After", "0"));
    assertThat(((Transient) result).retryAfter()).isEmpty();

    result = answer(BotServer.json(503, "").withHeader("Retry-After", "7"));
    assertThat(((Transient) result).retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(server.calls()).as("OkHttp repeats a 503 by itself if it may").hasSize(2);
  }

  @Test
  void aLostAnswerIsAmbiguous() {
    assertThat(answer(WireMock.aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)))
        .isInstanceOf(Ambiguous.class);
    server.then(BotServer.granted(1).withFixedDelay(5000));
    try (TelegramChannel hasty = server.bot().readTimeout(Duration.ofMillis(300)).create()) {
      assertThat(hasty.send(Attempts.text("x"))).isInstanceOf(Ambiguous.class);
    }
  }

  @Test
  void aServerThatCannotBeReachedIsATransientFailure() {
    try (TelegramChannel nowhere =
        TelegramChannel.bot(BotServer.TOKEN).baseUrl("http://localhost:1").create()) {
      assertThat(nowhere.send(Attempts.text("x")))
          .isInstanceOfSatisfying(
              Transient.class,
              result -> assertThat(result.reason()).startsWith("no connection to"));
    }
  }
}
