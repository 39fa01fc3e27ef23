package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.notifier.DeliveryResult;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The correlation id stands in the MDC of every log line of a delivery. */
@ExtendWith(QuietLog.class)
class LogContextTest {
  private static final String KEY = "notifier.correlationId";

  @AfterEach
  void clear() {
    MDC.clear();
  }

  /** Asserts that every line that speaks of a delivery, or was written by it, has its id. */
  private static void assertEveryLineHas(LogRecorder log, String correlationId) {
    List<ILoggingEvent> lines =
        log.events().stream()
            .filter(event -> !event.getFormattedMessage().contains("circuit breaker of channel"))
            .toList();
    assertThat(lines).isNotEmpty();
    assertThat(lines)
        .allSatisfy(
            event ->
                assertThat(event.getMDCPropertyMap())
                    .as(event.getFormattedMessage())
                    .containsEntry(KEY, correlationId));
  }

  @Test
  void everyLineOfALifeHasIt() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage stage =
          Stage.open(
              builder ->
                  builder.interceptor(
                      (attempt, chain) -> {
                        chain.proceed(attempt);
                        return DeliveryResult.accepted(); // provokes a warning
                      }));
      stage.email.then(BUSY, REFUSED);
      stage.sms.thenDo(
          attempt -> {
            LoggerFactory.getLogger("dev.notifier.channel").info("a line of the channel");
            throw new IllegalStateException("a bug");
          });
      stage.send(byEmailOrSms("hello").correlationId("order-17"));
      stage.runToTheEnd();

      assertEveryLineHas(log, "order-17");
      assertThat(log.events())
          .extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(line -> line.contains("falls back"))
          .anyMatch(line -> line.contains("broke its contract"))
          .anyMatch(line -> line.contains("the answer stands"))
          .anyMatch(line -> line.contains("a line of the channel"))
          .anyMatch(line -> line.contains("is SENT"));
    }
  }

  @Test
  void withoutOneItIsTheNotificationsId() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage stage = Stage.open();
      Receipt receipt = stage.send(byEmail("hello"));
      stage.run();

      assertEveryLineHas(log, receipt.id().toString());
      assertThat(log.events().get(0).getMDCPropertyMap())
          .containsEntry("notifier.deliveryId", receipt.id() + "-0");
    }
  }

  @Test
  void cancellingHasIt() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage stage = Stage.open();
      Receipt receipt = stage.send(byEmail("hello").correlationId("order-17"));
      stage.notifier.cancel(receipt.id());

      assertEveryLineHas(log, "order-17");
    }
    assertThat(MDC.get(KEY)).isNull();
  }

  @Test
  void droppingHasTheDroppedOnes() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage stage =
          Stage.withEmail(
              policy -> policy.capacity(1).overflow(OverflowPolicy.dropLeastImportant()));
      stage.send(byEmail("low").priority(Priority.LOW).correlationId("dropped"));
      stage.send(byEmail("high").priority(Priority.HIGH).correlationId("important"));

      assertEveryLineHas(log, "dropped");
    }
  }

  @Test
  void expiryHasIt() {
    try (LogRecorder log = LogRecorder.open()) {
      Stage stage = Stage.open();
      stage.send(byEmail("hello").expiresAfter(Duration.ofSeconds(1)).correlationId("order-17"));
      stage.advance(Duration.ofSeconds(2));

      assertEveryLineHas(log, "order-17");
    }
  }

  @Test
  void theCallersContextStaysAsItWas() {
    Map<String, String> outer = new HashMap<>();
    outer.put(KEY, "the caller's own");
    outer.put("user", "ada");
    MDC.setContextMap(outer);
    Stage stage = Stage.open();
    stage.email.then(BUSY);

    Receipt receipt = stage.send(byEmail("hello").correlationId("order-17"));
    stage.run();
    stage.notifier.cancel(receipt.id());

    assertThat(MDC.getCopyOfContextMap()).isEqualTo(outer);
  }

  @Test
  void anEmptyContextStaysEmpty() {
    Stage stage = Stage.open();
    stage.email.thenDo(
        attempt -> {
          assertThat(MDC.get(KEY)).isEqualTo("order-17");
          return DeliveryResult.accepted();
        });
    Receipt receipt = stage.send(byEmail("hello").correlationId("order-17"));
    stage.run();

    assertThat(MDC.get(KEY)).isNull();
    assertThat(MDC.get("notifier.deliveryId")).isNull();
    assertThat(stage.delivery(receipt).attempts()).hasSize(1);
    assertThat(stage.delivery(receipt).reason()).isEqualTo("accepted by the provider");
  }
}
