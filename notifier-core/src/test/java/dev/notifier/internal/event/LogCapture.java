package dev.notifier.internal.event;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Reads what one class logs, and keeps it off the console. */
final class LogCapture {
  private LogCapture() {}

  static void during(Class<?> type, Runnable action, Consumer<List<String>> check) {
    Logger logger = (Logger) LoggerFactory.getLogger(type);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    try {
      action.run();
    } finally {
      logger.setAdditive(true);
      logger.detachAppender(lines);
    }
    check.accept(lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
  }
}
