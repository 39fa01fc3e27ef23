package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.cause;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;

class UncaughtExceptionsFailTheTestTest {
  private final List<Throwable> passedOn = new CopyOnWriteArrayList<>();
  private UncaughtExceptionHandler before;

  /** Instead of the console. */
  @BeforeEach
  void catchWhatIsPassedOn() {
    before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> passedOn.add(cause));
  }

  @AfterEach
  void restoreHandler() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void testWhoseThreadDiesFails() {
    ContractRun run = ContractRun.of(LosesThreads.class);

    assertThat(run.failed()).containsExactly("losesTwoThreads");
    run.tests()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test("losesTwoThreads"),
                finishedWithFailure(
                    message("thread \"doomed\" died"),
                    cause(message("first")),
                    suppressed(0, message("second")))));
  }

  @Test
  void exceptionIsPassedOnToTheHandlerBefore() {
    UncaughtExceptionHandler mine = Thread.getDefaultUncaughtExceptionHandler();

    ContractRun.of(LosesThreads.class);

    assertThat(passedOn).extracting(Throwable::getMessage).containsExactly("first", "second");
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(mine);
  }

  @Test
  void classFailsWhoseThreadDiesAfterItsLastTest() {
    ContractRun run = ContractRun.of(LosesThreadAtTheEnd.class);

    assertThat(run.failed()).isEmpty();
    assertThat(run.containerFailures()).containsExactly("thread \"doomed\" died");
  }

  @Test
  void isProvidedToBothPaths() throws Exception {
    String name = UncaughtExceptionsFailTheTest.class.getName();

    assertThat(ServiceLoader.load(Extension.class).stream().map(ServiceLoader.Provider::type))
        .contains(UncaughtExceptionsFailTheTest.class);
    assertThat(module().provides())
        .singleElement()
        .satisfies(
            provides -> {
              assertThat(provides.service()).isEqualTo(Extension.class.getName());
              assertThat(provides.providers()).containsExactly(name);
            });
  }

  private static ModuleDescriptor module() throws URISyntaxException {
    Path classes =
        Path.of(
            UncaughtExceptionsFailTheTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    return ModuleFinder.of(classes).find("dev.notifier.testkit").orElseThrow().descriptor();
  }

  private static void loseThread(String message) throws InterruptedException {
    Thread doomed =
        new Thread(
            () -> {
              throw new IllegalStateException(message);
            },
            "doomed");
    doomed.start();
    doomed.join();
  }

  @ExtendWith(UncaughtExceptionsFailTheTest.class)
  static class LosesThreads {
    @Test
    void losesNone() {
      assertThat(new ArrayList<>()).isEmpty();
    }

    @Test
    void losesTwoThreads() throws Exception {
      loseThread("first");
      loseThread("second");
    }
  }

  @ExtendWith(UncaughtExceptionsFailTheTest.class)
  static class LosesThreadAtTheEnd {
    @Test
    void losesNone() {
      assertThat(new ArrayList<>()).isEmpty();
    }

    @AfterAll
    static void loseThread() throws Exception {
      UncaughtExceptionsFailTheTestTest.loseThread("at the end");
    }
  }
}
