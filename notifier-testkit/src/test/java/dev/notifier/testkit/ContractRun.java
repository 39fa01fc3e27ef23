package dev.notifier.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs a test class inside a test, to see what fails. */
final class ContractRun {
  private final EngineExecutionResults results;

  private ContractRun(EngineExecutionResults results) {
    this.results = results;
  }

  static ContractRun of(Class<?> testClass) {
    return new ContractRun(
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute());
  }

  Events tests() {
    return results.testEvents();
  }

  /** Returns the names of the test methods that failed. */
  Set<String> failed() {
    return names(results.testEvents().failed());
  }

  /** Returns the names of the test methods that were skipped while they ran. */
  Set<String> skipped() {
    return names(results.testEvents().aborted());
  }

  /** Returns why classes, or the whole run, failed. */
  List<String> containerFailures() {
    return results.containerEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .toList();
  }

  private static Set<String> names(Events events) {
    Set<String> names = new TreeSet<>();
    for (Event event : events.list()) {
      String method = event.getTestDescriptor().getUniqueId().getLastSegment().getValue();
      names.add(method.substring(0, method.indexOf('(')));
    }
    return names;
  }
}
