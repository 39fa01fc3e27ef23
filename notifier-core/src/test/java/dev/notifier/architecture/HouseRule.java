package dev.notifier.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * One rule each, written for any root package, so that it can be tried on a house that breaks it.
 */
record HouseRule(
    String name, boolean forTests, Function<String, ArchRule> rule, List<String> breaches) {

  static final List<HouseRule> ALL =
      List.of(
          rule(
              "the model knows neither SPI nor internal",
              root ->
                  noClasses()
                      .that()
                      .resideInAPackage(root)
                      .and(not("NotifierBuilder"))
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(root + ".spi..", root + ".internal.."),
              "ModelThatKnowsSpi",
              "ModelThatKnowsInternal"),
          rule(
              "the SPI knows no internal",
              root ->
                  noClasses()
                      .that()
                      .resideInAPackage(root + ".spi..")
                      .should()
                      .dependOnClassesThat()
                      .resideInAPackage(root + ".internal.."),
              "SpiThatKnowsInternal"),
          rule(
              "the engine sees all but the configuration",
              root ->
                  internal(
                      root,
                      "engine",
                      "delivery",
                      "resilience",
                      "event",
                      "schedule",
                      "store",
                      "template"),
              "EngineThatKnowsConfig"),
          rule(
              "the delivery sees resilience and events only",
              root -> internal(root, "delivery", "resilience", "event"),
              "DeliveryThatKnowsEngine"),
          rule(
              "resilience sees no other room",
              root -> internal(root, "resilience"),
              "ResilienceThatKnowsDelivery"),
          rule("events see no other room", root -> internal(root, "event"), "EventThatKnowsStore"),
          rule(
              "the store sees no other room",
              root -> internal(root, "store"),
              "StoreThatKnowsEvent"),
          rule(
              "schedules see no other room",
              root -> internal(root, "schedule"),
              "ScheduleThatKnowsEvent"),
          rule(
              "templates see the renderer only",
              root -> internal(root, "template", "render"),
              "TemplateThatKnowsStore"),
          rule(
              "the renderer sees no other room",
              root -> internal(root, "render"),
              "RenderThatKnowsTemplate"),
          rule(
              "the configuration sees no other room",
              root -> internal(root, "config"),
              "ConfigThatKnowsEvent"),

          // The builder is the one documented way back, from the model to what it puts together.
          rule(
              "there are no cycles",
              root ->
                  slices()
                      .assignedFrom(packages())
                      .should()
                      .beFreeOfCycles()
                      .ignoreDependency(named(root + ".NotifierBuilder"), any()),
              "Cycle detected"),
          rule(
              "every package is null marked",
              root -> classes().should(liveInANullMarkedPackage()),
              "breach.unmarked"),
          rule(
              "internal classes are final",
              root ->
                  classes()
                      .that()
                      .resideInAPackage(root + ".internal..")
                      .and()
                      .areTopLevelClasses()
                      .and()
                      .areNotInterfaces()
                      .and(describe("are no package-info", HouseRule::isNoPackageInfo))
                      .should()
                      .haveModifier(JavaModifier.FINAL),
              "OpenClass"),
          rule(
              "only the builder reads the wall clock",
              root ->
                  noClasses()
                      .should(
                          access(
                              "read the wall clock",
                              call ->
                                  isAnyOf(call, "java.time.Instant", "now")
                                      || isAnyOf(call, "java.time.LocalDateTime", "now")
                                      || isAnyOf(call, "java.time.ZonedDateTime", "now")
                                      || isAnyOf(call, "java.time.OffsetDateTime", "now")
                                      || isAnyOf(call, "java.lang.System", "currentTimeMillis")
                                      || call.getTargetOwner().isEquivalentTo(Date.class)
                                      || (isAnyOf(call, "java.time.InstantSource", "system")
                                          && !isIn(call, root + ".NotifierBuilder"))
                                      || (call.getTargetOwner().isEquivalentTo(Clock.class)
                                          && call.getTarget().getName().startsWith("system")))),
              "ClockReader.now",
              "ClockReader.millis",
              "ClockReader.source",
              "ClockReader.clock"),
          rule(
              "only the threads of the engine measure nanoseconds",
              root ->
                  noClasses()
                      .that(not("EngineThreads"))
                      .should(
                          access(
                              "call System.nanoTime",
                              call -> isAnyOf(call, "java.lang.System", "nanoTime"))),
              "ClockReader.nanos"),
          rule(
              "nobody sleeps",
              root ->
                  noClasses()
                      .should(
                          access(
                              "sleep",
                              call ->
                                  isAnyOf(call, "java.lang.Thread", "sleep")
                                      || isAnyOf(call, "java.util.concurrent.TimeUnit", "sleep"))),
              "Sleeper.threads",
              "Sleeper.units"),
          rule(
              "only engine threads makes threads",
              root ->
                  noClasses()
                      .that(not("EngineThreads"))
                      .should(
                          access(
                              "make threads",
                              call ->
                                  isAnyOf(call, "java.lang.Thread", "<init>", "startVirtualThread")
                                      || call.getTargetOwner().isAssignableTo(Timer.class)
                                      || call.getTargetOwner().isEquivalentTo(Executors.class)
                                      || isAnyOf(
                                          call, "java.util.concurrent.ForkJoinPool", "commonPool")
                                      || call.getTarget().getName().equals("parallelStream")
                                      || runsOnTheCommonPool(call))),
              "ThreadMaker.thread",
              "ThreadMaker.timer",
              "ThreadMaker.executor",
              "ThreadMaker.async",
              "ThreadMaker.stage"),
          rule(
              "nobody prints",
              root ->
                  noClasses()
                      .should(
                          access(
                              "print",
                              call ->
                                  isAnyOf(call, "java.lang.System", "out", "err")
                                      || call.getTarget().getName().equals("printStackTrace"))),
              "Printer.out",
              "Printer.err",
              "Printer.trace"),
          rule(
              "nobody throws a generic exception",
              root -> GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS,
              "GenericThrower.runtime",
              "GenericThrower.checked"),
          rule(
              "nobody uses java util logging",
              root -> GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING,
              "JulUser"),
          rule(
              "public accessors have no get",
              root ->
                  methods()
                      .that()
                      .arePublic()
                      .and()
                      .areDeclaredInClassesThat()
                      .resideInAnyPackage(root, root + ".spi")
                      .and()
                      .areDeclaredInClassesThat()
                      .arePublic()
                      .should()
                      .haveNameNotMatching("get([A-Z].*)?"),
              "GetAccessor.getName"),
          testRule(
              "test classes end with Test or Contract",
              root ->
                  methods()
                      .that()
                      .areAnnotatedWith(Test.class)
                      .or()
                      .areAnnotatedWith(ParameterizedTest.class)
                      .should()
                      .beDeclaredInClassesThat(
                          describe(
                              "are, or lie in, a class that ends with Test or Contract",
                              HouseRule::isNamedAsATest)),
              "Misnamed"));

  private static HouseRule rule(String name, Function<String, ArchRule> rule, String... breaches) {
    return new HouseRule(name, false, rule, List.of(breaches));
  }

  private static HouseRule testRule(
      String name, Function<String, ArchRule> rule, String... breaches) {
    return new HouseRule(name, true, rule, List.of(breaches));
  }

  /** Returns the rule for the house at this package. */
  ArchRule in(String root) {
    return rule.apply(root);
  }

  @Override
  public String toString() {
    return name;
  }

  // --- Parts of rules ---------------------------------------------------------------------------

  /** Every package is a slice of its own, the root too. */
  private static SliceAssignment packages() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return SliceIdentifier.of(type.getPackageName());
      }

      @Override
      public String getDescription() {
        return "packages";
      }
    };
  }

  private static ArchRule internal(String root, String room, String... seen) {
    Set<String> allowed = Set.of(seen);
    return noClasses()
        .that()
        .resideInAPackage(root + ".internal." + room + "..")
        .should()
        .dependOnClassesThat(
            describe(
                "live in another room of internal than " + List.of(seen),
                target -> {
                  String internal = root + ".internal.";
                  String name = target.getPackageName();
                  return name.startsWith(internal)
                      && !name.equals(internal + room)
                      && !allowed.contains(name.substring(internal.length()));
                }));
  }

  private static DescribedPredicate<JavaClass> not(String owner) {
    return describe("are not " + owner, type -> !outermost(type).getSimpleName().equals(owner));
  }

  private static DescribedPredicate<JavaClass> named(String owner) {
    return describe(owner, type -> outermost(type).getName().equals(owner));
  }

  private static DescribedPredicate<JavaClass> any() {
    return DescribedPredicate.alwaysTrue();
  }

  private static boolean isNoPackageInfo(JavaClass type) {
    return !type.getSimpleName().equals("package-info");
  }

  private static boolean isNamedAsATest(JavaClass type) {
    String name = outermost(type).getSimpleName();
    return name.endsWith("Test") || name.endsWith("Contract");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(HouseRule::outermost).orElse(type);
  }

  private static boolean isIn(JavaAccess<?> access, String owner) {
    return outermost(access.getOriginOwner()).getName().equals(owner);
  }

  private static boolean isAnyOf(JavaAccess<?> access, String owner, String... members) {
    return access.getTargetOwner().getName().equals(owner)
        && List.of(members).contains(access.getTarget().getName());
  }

  /** What is called {@code …Async} runs on the JVM's common pool unless it gets an executor. */
  private static boolean runsOnTheCommonPool(JavaAccess<?> access) {
    return Set.of("java.util.concurrent.CompletableFuture", "java.util.concurrent.CompletionStage")
            .contains(access.getTargetOwner().getName())
        && access.getTarget().getName().endsWith("Async")
        && access instanceof JavaMethodCall call
        && call.getTarget().getRawParameterTypes().stream()
            .noneMatch(type -> type.isAssignableTo(Executor.class));
  }

  private static ArchCondition<JavaClass> access(String what, Predicate<JavaAccess<?>> condition) {
    return new ArchCondition<>(what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getAccessesFromSelf().stream()
            .filter(condition)
            .forEach(
                access ->
                    events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
      }
    };
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package with @NullMarked in its package-info") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
        events.add(
            new SimpleConditionEvent(
                type, marked, "package " + type.getPackageName() + " is not @NullMarked"));
      }
    };
  }
}
