package dev.notifier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The walls of the house. The fixtures in {@code breach}, a small house with the same rooms, break
 * every rule, which proves that each can fail.
 */
class ArchitectureTest {
  static final List<HouseRule> RULES = HouseRule.ALL;

  private static final String HOUSE = "dev.notifier";
  private static final String BREACH = "dev.notifier.architecture.breach";

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE);

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/architecture/breach/"))
          .importPackages(HOUSE);

  private static final JavaClasses BREACHES = new ClassFileImporter().importPackages(BREACH);

  @ParameterizedTest
  @FieldSource("RULES")
  void theHouseObeys(HouseRule rule) {
    rule.in(HOUSE).check(rule.forTests() ? TESTS : PRODUCTION);
  }

  @ParameterizedTest
  @FieldSource("RULES")
  void aBreachIsFound(HouseRule rule) {
    List<String> details =
        rule.in(BREACH).allowEmptyShould(true).evaluate(BREACHES).getFailureReport().getDetails();
    assertThat(rule.breaches())
        .isNotEmpty()
        .allSatisfy(
            breach ->
                assertThat(details)
                    .as("%s must find %s", rule, breach)
                    .anyMatch(detail -> detail.contains(breach)));
  }

  @Test
  void theRulesSeeTheHouse() {
    assertThat(PRODUCTION).hasSizeGreaterThan(100);
    assertThat(PRODUCTION.contain("dev.notifier.internal.engine.Lane")).isTrue();
    assertThat(TESTS.contain(ArchitectureTest.class)).isTrue();
  }
}
