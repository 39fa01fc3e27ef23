package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The token is in every URL. Everything that anybody logs, at the finest level, is without it. */
class SecretsTest {
  private static final String SECRET_PART =
      BotServer.TOKEN.substring(BotServer.TOKEN.indexOf(':') + 1);

  private final Logger slf4j = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final java.util.logging.Logger jul = java.util.logging.Logger.getLogger("");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final Handler julHandler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          StringWriter text = new StringWriter();
          text.append(line.getMessage()).append(' ').append(line.getLoggerName());
          if (line.getThrown() != null) {
            line.getThrown().printStackTrace(new PrintWriter(text, true));
          }
          told.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final BotServer server = new BotServer();

  @BeforeEach
  void listen() {
    julHandler.setLevel(java.util.logging.Level.ALL);
    jul.setLevel(java.util.logging.Level.ALL);
    jul.addHandler(julHandler);
    slf4j.setLevel(Level.TRACE);
    slf4j.getAppender("CONSOLE").stop(); // all of this is for the test, not for its reader
    events.start();
    slf4j.addAppender(events);
  }

  @AfterEach
  void stopListening() {
    slf4j.detachAppender(events);
    slf4j.getAppender("CONSOLE").start();
    slf4j.setLevel(Level.WARN);
    jul.removeHandler(julHandler);
    jul.setLevel(java.util.logging.Level.INFO);
    server.close();
  }

  @Test
  void theTokenIsInNoLogNoReasonNoExceptionAndNoTextForm() throws Exception {
    TelegramChannel.Builder bot = server.bot().readTimeout(Duration.ofMillis(300));
    TelegramChannel channel = bot.create();
    told.add(bot.toString());
    told.add(channel.toString());

    for (ResponseDefinitionBuilder reply : replies()) {
      server.always(reply);
      DeliveryResult result = channel.send(Attempts.text("x"));
      told.add(result.toString());
      told.add(channel.verify().toString());
    }
    try (Notifier notifier = Notifier.builder().channel(bot).build()) {
      Notification hopeless =
          Notification.to("telegram:1").text("x").priority(Priority.LOW).build();
      server.always(WireMock.aResponse().withFault(Fault.EMPTY_RESPONSE));
      told.add(notifier.send(hopeless).await(Duration.ofSeconds(20)).toString());
      told.add(notifier.health() + " " + notifier.stats() + " " + notifier.deadLetters().newest(5));
    }
    channel.close();
    told.add(channel.send(Attempts.text("x")).toString());

    List.copyOf(events.list).stream()
        .filter(event -> !isServersOwn(event))
        .forEach(event -> told.add(text(event)));
    assertThat(told).hasSizeGreaterThan(20).noneMatch(line -> line.contains(SECRET_PART));
  }

  private static List<ResponseDefinitionBuilder> replies() {
    String quotesTheUrl = "no route to /bot" + BotServer.TOKEN + "/sendMessage";
    return List.of(
        BotServer.granted(1),
        BotServer.refused(400, quotesTheUrl),
        BotServer.refused(401, quotesTheUrl),
        BotServer.refused(403, quotesTheUrl),
        BotServer.refused(500, quotesTheUrl),
        BotServer.json(404, quotesTheUrl),
        BotServer.json(302, "").withHeader("Location", quotesTheUrl),
        BotServer.tooMany(0),
        WireMock.aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        WireMock.aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
        WireMock.aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        BotServer.granted(1).withFixedDelay(1000));
  }

  /** The fake provider runs in the same process, and may know its own URLs. */
  private static boolean isServersOwn(ILoggingEvent event) {
    String logger = event.getLoggerName();
    return logger.startsWith("org.eclipse.jetty")
        || logger.contains("wiremock")
        || logger.startsWith("WireMock")
        || logger.startsWith("org.apache");
  }

  private static String text(ILoggingEvent event) {
    String thrown =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    return event.getLoggerName()
        + " "
        + event.getFormattedMessage()
        + " "
        + event.getMDCPropertyMap()
        + thrown;
  }
}
