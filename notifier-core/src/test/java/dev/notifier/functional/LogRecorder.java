package dev.notifier.functional;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Keeps what the library logs, down to DEBUG, and keeps it out of the output. */
final class LogRecorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.notifier");
  private final Level outerLevel = logger.getLevel();
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  private LogRecorder() {}

  static LogRecorder open() {
    LogRecorder recorder = new LogRecorder();
    recorder.setContext(recorder.logger.getLoggerContext());
    recorder.start();
    recorder.logger.setLevel(Level.DEBUG);
    recorder.logger.setAdditive(false);
    recorder.logger.addAppender(recorder);
    return recorder;
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing(); // takes the MDC as it is now
    events.add(event);
  }

  List<ILoggingEvent> events() {
    return events;
  }

  List<String> messages(Level level) {
    return events.stream()
        .filter(event -> event.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(outerLevel);
    logger.setAdditive(true);
  }
}
